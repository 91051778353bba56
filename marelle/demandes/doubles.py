"""A child asked for in two activities at one moment: said in the cart, never refused. A place may be asked before the other one
is given back, and the two may be wanted; but nobody should find it out from the invoice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from marelle.activites.models import Unite
from marelle.familles.models import Famille
from marelle.reservations.models import Reservation

from .models import Envoi, JourDemande
from .panier import ANNULER, RESERVER
from .passages import EN_COURS, Etat

DEJA, DEMANDE, AUSSI = "a déjà", "a déjà demandé", "demande aussi"


@dataclass(frozen=True, slots=True)
class _Autre:
    """What the child has, or asks, on a day."""

    enfant_id: int
    date: date
    unite: Unite
    activite: str
    verbe: str

    def croise(self, jour: JourDemande) -> bool:
        unite = jour.ouverture.unite
        return (
            (self.enfant_id, self.date) == _de_qui(jour)
            and self.unite.activite_id != unite.activite_id
            and self.unite.heure_debut < unite.heure_fin
            and unite.heure_debut < self.unite.heure_fin
        )


def au_meme_moment(famille: Famille, panier: Sequence[JourDemande]) -> dict[int, str]:
    """By day of the cart that books, the sentence that says what the child has then in another activity. Two queries."""
    reserves = [jour for jour in panier if jour.demande.nature == RESERVER and jour.demande.enfant_id]
    if not reserves:
        return {}
    demandes = _demandes(famille, reserves)
    rendues = {jour.reservation_id for jour in (*panier, *demandes) if jour.demande.nature == ANNULER}
    autres = [
        _Autre(une.enfant_id, une.date, une.ouverture.unite, une.activite.nom, DEJA)
        for une in _reserves(famille, reserves, rendues)
    ]
    for jours, verbe in ((demandes, DEMANDE), (reserves, AUSSI)):
        # Who waits for a place somewhere may well take another one meanwhile.
        siens = [un for un in jours if un.demande.nature == RESERVER and un.demande.etat != Etat.LISTE_ATTENTE]
        autres += [_Autre(*_de_qui(un), un.ouverture.unite, _nom(un), verbe) for un in siens]
    dits = {}
    for jour in reserves:
        autre = next((un for un in autres if un.croise(jour)), None)
        if autre is not None:
            dits[jour.pk] = _dire(jour, autre)
    return dits


def doubles_de(envoi: Envoi) -> dict[tuple[int, date], str]:
    """The same of what was sent without a cart, by unité and date; what waits for a place is not said."""
    jours = JourDemande.objects.filter(demande__envoi=envoi).exclude(demande__etat=Etat.LISTE_ATTENTE)
    siens = list(jours.select_related("demande__enfant", "demande__activite", "ouverture__unite"))
    dits = au_meme_moment(envoi.famille, siens)
    return {(jour.ouverture.unite_id, jour.date): dits[jour.pk] for jour in siens if jour.pk in dits}


def _de_qui(jour: JourDemande) -> tuple[int, date]:
    return jour.demande.enfant_id or 0, jour.date


def _nom(jour: JourDemande) -> str:
    return jour.demande.activite.nom if jour.demande.activite else ""


def _dire(jour: JourDemande, autre: _Autre) -> str:
    enfant = jour.demande.enfant
    sujet = "ce panier" if autre.verbe == AUSSI or enfant is None else enfant.prenom
    quoi = f"{autre.activite}, {autre.unite.nom.lower()}"
    return f"Au même moment, {sujet} {autre.verbe} {quoi} : ne gardez que l’un des deux."


def _reserves(famille: Famille, jours: Sequence[JourDemande], rendues: Collection[int | None]) -> list[Reservation]:
    """What is booked for this household and stays: neither in the cart to be cancelled, nor already asked to be."""
    siennes = Reservation.objects.filter(
        famille=famille,
        enfant_id__in={jour.demande.enfant_id for jour in jours},
        date__in={jour.date for jour in jours},
        etat=Reservation.Etat.RESERVEE,
    )
    toutes = siennes.select_related("ouverture__unite", "activite").order_by("pk")
    return [une for une in toutes if une.pk not in rendues]


def _demandes(famille: Famille, jours: Sequence[JourDemande]) -> list[JourDemande]:
    """What this household asked for these children on these days, to book or to cancel, and nobody decided yet."""
    demandes = JourDemande.objects.filter(
        demande__famille=famille,
        demande__nature__in=(RESERVER, ANNULER),
        demande__etat__in=EN_COURS,
        demande__enfant_id__in={jour.demande.enfant_id for jour in jours},
        date__in={jour.date for jour in jours},
    )
    return list(demandes.select_related("demande__activite", "ouverture__unite").order_by("pk"))
