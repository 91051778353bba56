"""The files that went to the accountant: kept encrypted, served as they were, with the digest of what they say."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import IO

from django.http.response import HttpResponseBase

from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.pieces import rangement
from marelle.pieces.service import montrer, montrer_par_morceaux
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import maintenant

from .models import Export, FichierExport


def cles_tenues() -> Iterable[uuid.UUID]:
    return FichierExport.objects.order_by("pk").values_list("cle", flat=True)


def garder(export: Export, nom: str, format_: str, octets: bytes) -> FichierExport:
    """Write the file, then its row. A transaction undone leaves a file without row: the daily clean-up removes it."""
    cle = uuid.uuid4()
    rangement.ranger(cle, octets)
    return _inscrire(export, cle, nom, format_, hashlib.sha256(octets).hexdigest(), len(octets))


def garder_par_morceaux(export: Export, nom: str, format_: str, source: IO[bytes]) -> FichierExport:
    """The same for a large file, read twice from its beginning and never whole in memory."""
    cle = uuid.uuid4()
    source.seek(0)
    empreinte = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    taille = source.tell()
    source.seek(0)
    rangement.ranger_par_morceaux(cle, source)
    return _inscrire(export, cle, nom, format_, empreinte, taille)


def _inscrire(export: Export, cle: uuid.UUID, nom: str, format_: str, empreinte: str, octets: int) -> FichierExport:
    return FichierExport.objects.create(
        export=export, cle=cle, nom=nom, format=format_, empreinte=empreinte, octets=octets, ecrit_le=maintenant()
    )


def telecharger(export: Export, agent: Agent) -> HttpResponseBase:
    """The answer that gives the file; the journal says who took it. `Introuvable` while it is being made, or when it is gone."""
    fichier = FichierExport.objects.filter(export=export).first()
    if fichier is None:
        raise Introuvable("Ce fichier n’est pas encore prêt.")
    reponse: HttpResponseBase
    if fichier.octets > rangement.MORCEAU:
        reponse = montrer_par_morceaux(fichier.cle, fichier.format, fichier.nom, fichier.octets)
    else:
        reponse = montrer(fichier.cle, fichier.format, fichier.nom)
    noter(agent.compte, "export.telecharge", export, fichier=fichier.nom, empreinte=fichier.empreinte)
    return reponse
