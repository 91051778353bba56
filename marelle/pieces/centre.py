"""The documents that the centre gives families to download: put, corrected, taken away, read while they are published."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse

from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable

from . import rangement
from .formats import FichierRefuse
from .models import DocumentDuCentre
from .service import montrer, nom_montrable
from .televersement import Recu

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

PDF = "application/pdf"
PAS_UN_PDF = "Envoyez un PDF : c’est la seule sorte de fichier que toutes les familles ouvrent."
INCONNU = "Ce document n’existe pas, ou n’est plus publié."


def tous() -> QuerySet[DocumentDuCentre]:
    """Every document, as the desk sees them."""
    return DocumentDuCentre.objects.order_by("rang", "titre", "pk")


def publies(jour: date) -> QuerySet[DocumentDuCentre]:
    """What families may download on this day."""
    return tous().filter(Q(publie_au__isnull=True) | Q(publie_au__gte=jour), publie_du__lte=jour)


def un_document(cle: int) -> DocumentDuCentre:
    document = DocumentDuCentre.objects.filter(pk=cle).first()
    if document is None:
        raise Introuvable("Ce document n’existe pas.")
    return document


def ouvrir_publie(cle: uuid.UUID, jour: date) -> HttpResponse:
    """The file of a document published on this day; `Introuvable` for any other."""
    document = publies(jour).filter(cle=cle).first()
    if document is None:
        raise Introuvable(INCONNU)
    return ouvrir(document)


def ouvrir(document: DocumentDuCentre) -> HttpResponse:
    return montrer(document.cle, PDF, document.nom)


def verifier(recu: Recu) -> None:
    """Raises `FichierRefuse` for what is not a PDF, whatever its name says."""
    if recu.document.format != PDF:
        raise FichierRefuse(PAS_UN_PDF)


def garder(document: DocumentDuCentre, recu: Recu | None, par: Compte) -> DocumentDuCentre:
    """Save a document; a new file takes a new key, and the old one goes once this stands. Raises `FichierRefuse`."""
    if recu is None:
        with transaction.atomic():
            document.save()
            noter(par, "centre.document", document)
        return document
    verifier(recu)
    ancienne = document.cle if document.pk else None
    document.cle = uuid.uuid4()
    document.nom, document.taille = nom_montrable(recu.nom, PDF), len(recu.document.octets)
    rangement.ranger(document.cle, recu.document.octets)
    try:
        with transaction.atomic():
            document.save()
            noter(par, "centre.document", document, fichier="nouveau")
            if ancienne is not None:
                transaction.on_commit(lambda: rangement.jeter(ancienne))
    except BaseException:
        rangement.jeter(document.cle)
        raise
    return document


def supprimer(document: DocumentDuCentre, par: Compte) -> None:
    """Take a document away for good, with its file."""
    cle = document.cle
    with transaction.atomic():
        noter(par, "centre.document.suppression", document)
        document.delete()
        transaction.on_commit(lambda: rangement.jeter(cle))


def cles() -> list[uuid.UUID]:
    """The files in use, for the clean-up and the change of keys."""
    return list(DocumentDuCentre.objects.order_by("pk").values_list("cle", flat=True))
