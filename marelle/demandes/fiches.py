"""Depositing what is not days: a sheet of the dossier, a document, a new child. Draft, deposit, correction."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction

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
        .first()
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


def deposer(sujet: Sujet, contenus: dict[str, dict[str, Any]], auteur: Auteur, jeton: uuid.UUID | None = None) -> Envoi:
    """Deposit one or several sheets about the same child or adult, with one receipt.

    A demande pending of the same nature is replaced (the family has changed its mind before the service read it); one sent
    back is deposited again. The same `jeton` twice gives the same receipt. Raises `Refus` when a nature is unknown.
    """
    jeton = jeton or uuid.uuid4()
    deja = Envoi.objects.filter(famille=sujet.famille, jeton=jeton).first()
    if deja is not None:
        return deja
    try:
        with transaction.atomic():
            return _deposer(sujet, contenus, auteur, jeton)
    except IntegrityError:
        deja = Envoi.objects.filter(famille=sujet.famille, jeton=jeton).first()
        if deja is None:
            raise
        return deja


def _deposer(sujet: Sujet, contenus: dict[str, dict[str, Any]], auteur: Auteur, jeton: uuid.UUID) -> Envoi:
    Famille.objects.select_for_update().get(
        pk=sujet.famille.pk
    )  # two devices of one household come one after the other
    cahier = Cahier(maintenant_())
    envoi = Envoi.objects.create(famille=sujet.famille, par=auteur.compte, depose_le=cahier.maintenant, jeton=jeton)
    demandes = [_une(sujet, nature, contenu, auteur, envoi, cahier) for nature, contenu in contenus.items()]
    cahier.ecrire()
    annoncer_depot(envoi, demandes)
    annoncer_decisions([demande for demande in demandes if demande.etat == Etat.ACCEPTEE])
    return envoi


def _une(sujet: Sujet, nature: str, contenu: dict[str, Any], auteur: Auteur, envoi: Envoi, cahier: Cahier) -> Demande:
    if nature not in NATURES or NATURES[nature].PORTE_SUR_DES_JOURS:
        raise Refus("Cette demande n’existe pas : revenez à la page d’accueil et recommencez.")
    demande = _a_deposer(sujet, nature, auteur, cahier)
    demande.contenu = contenu
    demande.envoi, demande.depose_le = envoi, cahier.maintenant
    demande.origine = auteur.acteur.value
    demande.save()
    cahier.passer(demande, Verbe.DEPOSER, auteur)
    verdict = next(iter(NATURES[nature].examiner(demande, cahier.maintenant)))
    demande.verdict = {"issue": verdict.issue.value, "clause": verdict.clause, "phrase": verdict.phrase}
    if verdict.issue is Issue.ACCEPTER:
        NATURES[nature].appliquer(demande, auteur.compte, cahier.maintenant)
        cahier.passer(demande, Verbe.ACCEPTER, REGLE)
    return demande


def _a_deposer(sujet: Sujet, nature: str, auteur: Auteur, cahier: Cahier) -> Demande:
    """The draft or the demande sent back when there is one; a pending one of the same nature is withdrawn first."""
    deja = None if nature in PLUSIEURS_A_LA_FOIS else en_cours(sujet, nature)
    if deja is not None and deja.etat in (Etat.PANIER, Etat.A_CORRIGER):
        return deja
    if deja is not None:
        cahier.passer(deja, Verbe.RETIRER, auteur, motif="Remplacée par une nouvelle demande.")
    return Demande(
        famille=sujet.famille,
        enfant=sujet.enfant,
        responsable=sujet.responsable,
        nature=nature,
        etat=Etat.PANIER,
        origine=auteur.acteur.value,
    )


# Several may wait at once: two documents, two new children.
PLUSIEURS_A_LA_FOIS = ("piece", "nouvel_enfant")
