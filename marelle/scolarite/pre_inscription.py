"""The sheet of a family without access: written, confirmed by the link of an e-mail, then accepted or refused by the service.

Actions are the only doors: each is one transaction, reads the row again under its lock, and writes the e-mail and the journal.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.collectivite.options_inscription import FichePreInscription
from marelle.comptes.models import Agent
from marelle.courriels.service import ecrire
from marelle.familles import gestion
from marelle.familles.models import Enfant, Famille, Responsable
from marelle.journal.service import noter
from marelle.socle.erreurs import ErreurMarelle, Introuvable, Refus
from marelle.socle.horloge import maintenant
from marelle.socle.pays import FRANCE

from .doublons import Doublon, doublons_de
from .etats import LIBELLES, TABLE, Etat, Verbe
from .models import PreInscription

LIEN_INCONNU = "Ce lien n’existe pas. Vérifiez que vous l’avez recopié en entier, ou remplissez de nouveau la fiche."
LIEN_SERVI = "Ce lien a déjà servi : votre fiche est arrivée au service, qui vous répond par e-mail."
LIEN_EXPIRE = "Ce lien a expiré, et ce que vous aviez écrit est effacé. Remplissez de nouveau la fiche."
A_VERIFIER = "Une famille du portail ressemble à celle-ci : vérifiez, puis cochez la case pour créer quand même."
ADULTE = ("civilite", "prenom", "nom", "courriel", "adresse", "code_postal", "commune", "telephone", "mobile")
ENFANT = ("prenom", "nom", "sexe", "ecole", "classe")


class LienInutilisable(ErreurMarelle):
    """404 when the link never existed, 410 when it did."""

    def __init__(self, phrase: str, statut: int = 410) -> None:
        super().__init__(phrase)
        self.statut = statut


def ecrire_une_fiche(contenu: dict[str, Any], jeton: uuid.UUID) -> PreInscription:
    """Keep what was written, and send the link that confirms it to the first adult's address. The same `jeton`, once.

    The e-mail says nothing of what was written: whoever gives somebody else's address has nothing of theirs sent there.
    """
    secret = secrets.token_urlsafe(32)
    instant = maintenant()
    options = identite().pre_inscription or FichePreInscription()
    fiche = PreInscription(
        jeton=jeton,
        empreinte=_empreinte(secret),
        cree_le=instant,
        expire_le=instant + timedelta(days=options.jours_pour_confirmer),
    )
    fiche.contenu = contenu
    try:
        with transaction.atomic():
            fiche.save(force_insert=True)
            lien = settings.BASE_URL + reverse("espace_famille:fiche_confirmation", args=[secret])
            contexte = {"lien": lien, "expire_le": fiche.expire_le}
            ecrire("pre_inscription_confirmer", [courriel_de(contenu)], contexte, confidentiel=True)
    except IntegrityError:
        deja = PreInscription.objects.filter(jeton=jeton).first()
        if deja is None:
            raise
        return deja
    return fiche


def _empreinte(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def courriel_de(contenu: dict[str, Any]) -> str:
    """The address of the first adult: where the answer goes."""
    adultes = contenu.get("adultes") or [{}]
    return str(adultes[0].get("courriel", ""))


def fiche_du_lien(secret: str) -> PreInscription:
    """What this link confirms; raises `LienInutilisable` with the sentence to show."""
    fiche = PreInscription.objects.filter(empreinte=_empreinte(secret)).first() if secret else None
    if fiche is None:
        raise LienInutilisable(LIEN_INCONNU, 404)
    if fiche.etat != Etat.A_CONFIRMER:
        raise LienInutilisable(LIEN_SERVI)
    if maintenant() >= fiche.expire_le:
        raise LienInutilisable(LIEN_EXPIRE)
    return fiche


def confirmer(secret: str) -> PreInscription:
    """The address is theirs: what they wrote reaches the service. Once; raises `LienInutilisable` the second time."""
    return deposer(fiche_du_lien(secret).pk)


@transaction.atomic
def deposer(cle: int) -> PreInscription:
    """What `confirmer` does once the link has been read; the demonstration has no mailbox."""
    fiche = _verrouiller(cle)
    if fiche.etat != Etat.A_CONFIRMER:
        raise LienInutilisable(LIEN_SERVI)
    instant = maintenant()
    fiche.confirmee_le = instant
    _passer(fiche, Verbe.CONFIRMER)
    fiche.save()
    noter(None, "pre_inscription.depot", fiche)
    ecrire("pre_inscription_recue", [courriel_de(fiche.contenu)], {"fiche": fiche}, dossier=dossier_de(fiche))
    return fiche


def dossier_de(fiche: PreInscription) -> str:
    """Under which its e-mails are filed."""
    return f"pre_inscription:{fiche.pk}"


def _verrouiller(cle: int) -> PreInscription:
    fiche = PreInscription.objects.select_for_update().filter(pk=cle).first()
    if fiche is None:
        raise Introuvable("Cette pré-inscription n’existe pas.")
    return fiche


def _passer(fiche: PreInscription, verbe: Verbe) -> None:
    depuis, vers = TABLE[verbe]
    if fiche.etat != depuis:
        raise Refus(
            f"Cette pré-inscription a déjà sa réponse : {LIBELLES[Etat(fiche.etat)].lower()}. Rechargez la page."
        )
    fiche.etat = vers.value


# What the service does.


def recues(*etats: Etat) -> QuerySet[PreInscription]:
    """Those that were confirmed, first come first."""
    return PreInscription.objects.filter(etat__in=etats or (Etat.DEPOSEE,)).order_by("confirmee_le", "pk")


def repondues() -> QuerySet[PreInscription]:
    """Those that were answered, the latest first."""
    choisies = PreInscription.objects.filter(etat__in=(Etat.ACCEPTEE, Etat.REFUSEE))
    return choisies.select_related("par", "famille").order_by("-decidee_le", "-pk")


def une_pre_inscription(cle: int) -> PreInscription:
    """One that was confirmed: what is not is nobody's to read."""
    confirmees = PreInscription.objects.exclude(etat=Etat.A_CONFIRMER).select_related("par", "famille")
    fiche = confirmees.filter(pk=cle).first()
    if fiche is None:
        raise Introuvable("Cette pré-inscription n’existe pas.")
    return fiche


def doublons(fiche: PreInscription) -> list[Doublon]:
    """The households that may be this one, and why; nothing once it has its answer."""
    return doublons_de(fiche.contenu) if fiche.etat == Etat.DEPOSEE else []


@transaction.atomic
def accepter(cle: int, agent: Agent, *, malgre_les_doublons: bool = False) -> Famille:
    """Create the household, its children and its access, and send the invitation. Raises `Refus` when a household that
    may be the same was not looked at, or when a colleague was first."""
    fiche = _verrouiller(cle)
    _passer(fiche, Verbe.ACCEPTER)
    contenu = fiche.contenu
    if not malgre_les_doublons and doublons_de(contenu):
        raise Refus(A_VERIFIER)
    famille = gestion.creer_famille(
        nom_de_la_famille(contenu),
        [_adulte(un) for un in contenu["adultes"]],
        [_enfant(un) for un in contenu["enfants"]],
        agent,
        acces_partage=identite().acces_partage,
    )
    _repondre(fiche, agent, famille=famille)
    ecrire("pre_inscription_acceptee", [courriel_de(contenu)], {"fiche": fiche}, dossier=f"famille:{famille.pk}")
    for acces in famille.acces.select_related("compte").order_by("pk"):
        gestion.inviter(acces, agent, par_courriel=True)
    return famille


@transaction.atomic
def refuser(cle: int, agent: Agent, motif: str) -> PreInscription:
    """Refuse, with the reason that the family will read."""
    fiche = _verrouiller(cle)
    _passer(fiche, Verbe.REFUSER)
    if not motif.strip():
        raise Refus("Écrivez le motif : la famille le lira.")
    fiche.motif = motif.strip()
    _repondre(fiche, agent)
    ecrire("pre_inscription_refusee", [courriel_de(fiche.contenu)], {"fiche": fiche}, dossier=dossier_de(fiche))
    return fiche


def _repondre(fiche: PreInscription, agent: Agent, famille: Famille | None = None) -> None:
    fiche.par, fiche.decidee_le, fiche.famille = agent, maintenant(), famille
    fiche.save()
    dossier = f"famille:{famille.pk}" if famille else ""
    noter(agent.compte, f"pre_inscription.{fiche.etat}", fiche, dossier=dossier)


def _adulte(saisi: dict[str, Any]) -> Responsable:
    """A sheet that says no country was written before they were asked: it is in France."""
    return Responsable(pays=saisi.get("pays") or FRANCE, **{nom: saisi.get(nom, "") for nom in ADULTE})


def _enfant(saisi: dict[str, Any]) -> Enfant:
    return Enfant(
        date_naissance=date.fromisoformat(saisi["date_naissance"]), **{nom: saisi.get(nom, "") for nom in ENFANT}
    )


def nom_de_la_famille(contenu: dict[str, Any]) -> str:
    """« Roussel », « Roussel-Lemoine et Da Costa » when the adults have two names."""
    noms: Sequence[str] = list(dict.fromkeys(str(un.get("nom", "")) for un in contenu.get("adultes", [])))
    return " et ".join(filter(None, noms))[:120]


def ancienne(fiches: QuerySet[PreInscription]) -> datetime | None:
    """Since when the oldest has waited."""
    premiere = fiches.first()
    return premiere.confirmee_le if premiere else None
