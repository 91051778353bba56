"""A freed place offered to a family: held while it answers, told by an e-mail whose link accepts in one tap, then the next."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from marelle.collectivite.identite import calendrier, reglement
from marelle.familles.models import Famille
from marelle.regles.examen import limite as limite_des_regles
from marelle.regles.offres import Delai, ReglesDesOffres
from marelle.regles.situation import Action
from marelle.socle.erreurs import Introuvable, Refus

from .classement import attente_de
from .contexte import contexte_des_regles, jour_des_regles, jour_ouvert
from .courrier_attente import annoncer_offres
from .models import Demande, JourDemande, OffreDePlace
from .passages import Verbe
from .passer import Auteur, Cahier

Servies = Sequence[tuple[Demande, list[JourDemande]]]


class OffreFinie(Refus):
    """The offer does not stand any more: answered, over, or closed by the service."""

    statut = 410


# Making offers


def regles_de(demande: Demande, jours: Sequence[JourDemande]) -> ReglesDesOffres | None:
    """How these days are offered; None where a freed place is given without asking."""
    return attente_de(demande.activite, jours[0].date, demande.depose_le).offres


def delai_de(demande: Demande, jours: Sequence[JourDemande], maintenant: datetime) -> Delai | None:
    """From when to when an offer of these days would run now; None without offers, or too late for one to be of use."""
    regles = regles_de(demande, jours)
    if regles is None:
        return None
    return regles.delai(maintenant, min(_limite(regles, demande, jour, maintenant) for jour in jours))


def _limite(regles: ReglesDesOffres, demande: Demande, jour: JourDemande, maintenant: datetime) -> datetime:
    activite = demande.activite
    assert activite is not None
    jauges = {jauge.pk: jauge for jauge in jour.ouverture.jauges.all()}
    vu = jour_des_regles(jour_ouvert(jour.ouverture, jauges, retient=activite.retient_places), activite)
    contexte = contexte_des_regles(Action.RESERVER, activite, maintenant)
    return regles.limite(calendrier(), vu, limite_des_regles(reglement(), calendrier(), contexte, vu))


def proposer(servies: Servies, cahier: Cahier, auteur: Auteur) -> set[int]:
    """Offer what these demandes now hold, where the règlement says so and while it is of use; the demandes offered."""
    offertes = []
    for demande, jours in servies:
        delai = delai_de(demande, jours, cahier.maintenant)
        if delai is not None:
            cahier.passer(demande, Verbe.PROPOSER, auteur)
            offertes.append((demande, jours, delai))
    if not offertes:
        return set()
    secrets_ = [secrets.token_urlsafe(24) for _ in offertes]
    lignes = OffreDePlace.objects.bulk_create(
        OffreDePlace(
            demande=demande,
            empreinte=empreinte(secret),
            faite_le=cahier.maintenant,
            debut_le=delai.debut,
            fin_le=delai.fin,
        )
        for (demande, _, delai), secret in zip(offertes, secrets_, strict=True)
    )
    jours_de = {demande.pk: jours for demande, jours, _ in offertes}
    annoncer_offres(list(zip(lignes, secrets_, strict=True)), jours_de)
    return set(jours_de)


def empreinte(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# Reading


def offre_du_lien(secret: str) -> OffreDePlace:
    """The offer that this link names, whatever became of it. `Introuvable` when no such link was ever sent."""
    offre = _avec_sa_demande().filter(empreinte=empreinte(secret)).first()
    if offre is None:
        raise Introuvable("Ce lien n’existe pas : copiez-le en entier depuis l’e-mail.")
    return offre


def offre_en_cours(famille: Famille, demande_id: int) -> OffreDePlace | None:
    """The offer that stands for this demande of this household."""
    siennes = _avec_sa_demande().filter(demande=demande_id, demande__famille=famille)
    return siennes.filter(etat=OffreDePlace.Etat.EN_COURS).first()


def _avec_sa_demande() -> QuerySet[OffreDePlace]:
    return OffreDePlace.objects.select_related("demande__famille", "demande__enfant", "demande__activite__centre")
