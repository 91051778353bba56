"""Depositing what is not days: a sheet of the dossier, a document, a new child. Draft, deposit, correction."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from marelle.familles.models import Famille
from marelle.regles.verdict import Issue
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant as maintenant_

from .courrier import annoncer_decisions, annoncer_depot
from .models import Demande, Envoi
from .natures import NATURES, Sujet
from .passages import Acteur, Etat, Verbe
from .passer import REGLE, Auteur, Cahier


def en_cours(sujet: Sujet, nature: str) -> Demande | None:
    """The demande of this nature that this household has pending, sent back or in draft for this child or adult."""
    return _ouvertes(sujet, nature).first()


def _ouvertes(sujet: Sujet, nature: str) -> QuerySet[Demande]:
    """What this household has in draft, pending or to correct, the newest first."""
    return (
        Demande.objects.filter(
            famille=sujet.famille,
            enfant=sujet.enfant,
            responsable=sujet.responsable,
            nature=nature,
            etat__in=[Etat.PANIER, Etat.DEPOSEE, Etat.A_CORRIGER],
        )
        .select_related("famille", "enfant", "responsable")
        .order_by("-pk")
    )


@transaction.atomic
def garder_brouillon(sujet: Sujet, nature: str, contenu: dict[str, Any]) -> Demande:
    """Keep what is typed without sending it: one draft per sheet, found again on any device."""
    famille = Famille.objects.select_for_update().get(pk=sujet.famille.pk)
    demande = Demande.objects.filter(
        famille=famille, enfant=sujet.enfant, responsable=sujet.responsable, nature=nature, etat=Etat.PANIER
    ).first()
    if demande is None:
        demande = Demande(
            famille=famille,
            enfant=sujet.enfant,
            responsable=sujet.responsable,
            nature=nature,
            etat=Etat.PANIER,
            origine=Acteur.FAMILLE.value,
        )
    demande.contenu = contenu
    demande.save()
    return demande


def deposer(
    sujet: Sujet,
    contenus: dict[str, dict[str, Any]],
    auteur: Auteur,
    jeton: uuid.UUID | None = None,
    *,
    reprise_id: int | None = None,
) -> Envoi:
    """Deposit one or several sheets about the same child or adult, with one receipt.

    A demande pending of the same nature is replaced (the family has changed its mind before the service read it); one sent
    back is deposited again. Of the natures that may wait several at once, `reprise_id` says which one sent back this
    corrects. The same `jeton` twice gives the same receipt. Raises `Refus` when a nature is unknown.
    """
    jeton = jeton or uuid.uuid4()
    deja = Envoi.objects.filter(famille=sujet.famille, jeton=jeton).first()
    if deja is not None:
        return deja
    try:
        with transaction.atomic():
            return _deposer(sujet, contenus, auteur, jeton, reprise_id)
    except IntegrityError:
        deja = Envoi.objects.filter(famille=sujet.famille, jeton=jeton).first()
        if deja is None and Envoi.objects.filter(jeton=jeton).exists():  # another household's: not for it to know
            raise Refus("Cette page a déjà servi : ouvrez-la de nouveau, puis validez.") from None
        if deja is None:
            raise
        return deja


def _deposer(
    sujet: Sujet, contenus: dict[str, dict[str, Any]], auteur: Auteur, jeton: uuid.UUID, reprise_id: int | None
) -> Envoi:
    Famille.objects.select_for_update().get(
        pk=sujet.famille.pk
    )  # two devices of one household come one after the other
    cahier = Cahier(maintenant_())
    envoi = Envoi.objects.create(famille=sujet.famille, par=auteur.compte, depose_le=cahier.maintenant, jeton=jeton)
    demandes = [
        _une(_a_deposer(sujet, nature, auteur, cahier, reprise_id), contenu, auteur, envoi, cahier)
        for nature, contenu in contenus.items()
    ]
    cahier.ecrire()
    annoncer_depot(envoi, demandes)
    annoncer_decisions([demande for demande in demandes if demande.etat == Etat.ACCEPTEE])
    return envoi


def _une(demande: Demande, contenu: dict[str, Any], auteur: Auteur, envoi: Envoi, cahier: Cahier) -> Demande:
    nature = demande.type_nature
    demande.contenu = contenu
    demande.envoi, demande.depose_le = envoi, cahier.maintenant
    demande.origine = auteur.acteur.value
    demande.save()
    cahier.passer(demande, Verbe.DEPOSER, auteur)
    verdict = next(iter(nature.examiner(demande, cahier.maintenant)))
    demande.verdict = {"issue": verdict.issue.value, "clause": verdict.clause, "phrase": verdict.phrase}
    if verdict.issue is Issue.ACCEPTER:
        nature.appliquer(demande, auteur.compte, cahier.maintenant)
        cahier.passer(demande, Verbe.ACCEPTER, REGLE)
    return demande


def _a_deposer(sujet: Sujet, nature: str, auteur: Auteur, cahier: Cahier, reprise_id: int | None) -> Demande:
    """The demande sent back, or the draft, when there is one. Others of the same nature give way: pending ones are
    withdrawn, a draft beside what is corrected is forgotten. Locked: an agent may be deciding one of them."""
    if nature not in NATURES or NATURES[nature].PORTE_SUR_DES_JOURS:
        raise Refus("Cette demande n’existe pas : revenez à la page d’accueil et recommencez.")
    ouvertes = _ouvertes(sujet, nature).select_for_update(of=("self",))
    if nature in PLUSIEURS_A_LA_FOIS:
        ouvertes = ouvertes.filter(pk=reprise_id or 0, etat=Etat.A_CORRIGER)
    siennes = list(ouvertes)
    reprise = next((une for etat in (Etat.A_CORRIGER, Etat.PANIER) for une in siennes if une.etat == etat), None)
    for autre in siennes:
        if autre is reprise:
            continue
        if autre.etat == Etat.PANIER:
            autre.delete()
        else:
            cahier.passer(autre, Verbe.RETIRER, auteur, motif="Remplacée par une nouvelle demande.")
    return reprise or Demande(
        famille=sujet.famille,
        enfant=sujet.enfant,
        responsable=sujet.responsable,
        nature=nature,
        etat=Etat.PANIER,
        origine=auteur.acteur.value,
    )


# Several may wait at once: two documents, two new children.
PLUSIEURS_A_LA_FOIS = ("piece", "nouvel_enfant")
