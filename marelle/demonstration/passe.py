"""Bookings of the past in bulk: the very rows that the actions would have written, thousands at a time.

The actions remain the way for anything that a visitor looks at closely; this one is for the crowd around. Counters are still
written by `reservations.places` alone, and `marelle verifier` finds nothing to say.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marelle.activites.models import Ouverture
from marelle.demandes.besoins import ordre_d_arrivee
from marelle.demandes.models import Demande, Envoi, JourDemande, Passage
from marelle.demandes.passages import Acteur, Etat, Verbe
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.reservations.places import Besoin, Registre, ouvrir

REPONSE = timedelta(days=1, hours=14)  # from the evening of a deposit to the morning of the decision
VERDICT = {"issue": "instruire", "clause": "reserver.decision", "phrase": "", "limite": "", "regime": ""}


@dataclass(frozen=True, slots=True)
class JourVoulu:
    """An ouverture with the keys of its jauges."""

    ouverture_id: int
    date: date
    jauges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inscription:
    """Days asked for a child in an activity at `depose_le`; accepted the day after, or still waiting for the service."""

    famille_id: int
    enfant_id: int
    activite_id: int
    jours: tuple[JourVoulu, ...]
    depose_le: datetime
    est_acceptee: bool = True


def jours_voulus(ouvertures: Iterable[Ouverture]) -> list[JourVoulu]:
    """These ouvertures (jauges prefetched) in the shape that `inscrire` takes."""
    return [JourVoulu(une.pk, une.date, tuple(sorted(j.pk for j in une.jauges.all()))) for une in ouvertures]


def inscrire(inscriptions: Sequence[Inscription], par_nom: str) -> int:
    """Book what has room, in the order given; the number of days booked or held. A day that is full is left out."""
    with transaction_de_places():
        jauges = {cle for une in inscriptions for jour in une.jours for cle in jour.jauges}
        registre = ouvrir(jauges, {une.enfant_id for une in inscriptions})
        possibles = _avec_de_la_place(inscriptions, registre)
        demandes = _demandes(possibles)
        jours = _jours(possibles, demandes)
        _places(possibles, jours, registre)
        _passages(possibles, demandes, par_nom)
        registre.ecrire()
    return len(jours)


def _avec_de_la_place(inscriptions: Sequence[Inscription], registre: Registre) -> list[Inscription]:
    """The same, without the days that are full or that the child has already."""
    libres = {cle: jauge.restantes for cle, jauge in registre.jauges.items()}
    prises = set(registre.lignes)
    possibles = []
    for une in inscriptions:
        jours = []
        for jour in une.jours:
            cles = {(cle, une.enfant_id) for cle in jour.jauges}
            if all(libres[cle] > 0 for cle in jour.jauges) and not cles & prises:
                prises |= cles
                jours.append(jour)
                for cle in jour.jauges:
                    libres[cle] -= 1
        if jours:
            possibles.append(
                Inscription(
                    une.famille_id, une.enfant_id, une.activite_id, tuple(jours), une.depose_le, une.est_acceptee
                )
            )
    return possibles


def _demandes(inscriptions: Sequence[Inscription]) -> list[Demande]:
    envois = Envoi.objects.bulk_create(
        [Envoi(famille_id=une.famille_id, depose_le=une.depose_le, jeton=uuid.uuid4()) for une in inscriptions],
        batch_size=2000,
    )
    return Demande.objects.bulk_create(
        [
            Demande(
                famille_id=une.famille_id,
                envoi=envoi,
                nature="reservation",
                enfant_id=une.enfant_id,
                activite_id=une.activite_id,
                etat=Etat.ACCEPTEE if une.est_acceptee else Etat.DEPOSEE,
                origine=Acteur.FAMILLE.value,
                verdict=VERDICT,
                depose_le=une.depose_le,
                decide_le=une.depose_le + REPONSE if une.est_acceptee else None,
            )
            for une, envoi in zip(inscriptions, envois, strict=True)
        ],
        batch_size=2000,
    )


def _jours(inscriptions: Sequence[Inscription], demandes: Sequence[Demande]) -> list[JourDemande]:
    """A day of a demande for each day asked, with its booking when it is accepted."""
    voulus = [(une, demande, jour) for une, demande in zip(inscriptions, demandes, strict=True) for jour in une.jours]
    reservations = iter(
        Reservation.objects.bulk_create(
            [
                Reservation(
                    enfant_id=une.enfant_id,
                    famille_id=une.famille_id,
                    ouverture_id=jour.ouverture_id,
                    activite_id=une.activite_id,
                    date=jour.date,
                )
                for une, _, jour in voulus
                if une.est_acceptee
            ],
            batch_size=2000,
        )
    )
    return JourDemande.objects.bulk_create(
        [
            JourDemande(
                demande=demande,
                ouverture_id=jour.ouverture_id,
                date=jour.date,
                reservation=next(reservations) if une.est_acceptee else None,
            )
            for une, demande, jour in voulus
        ],
        batch_size=2000,
    )


def _places(inscriptions: Sequence[Inscription], jours: Sequence[JourDemande], registre: Registre) -> None:
    voulus = [(une, jour) for une in inscriptions for jour in une.jours]
    for (une, voulu), jour in zip(voulus, jours, strict=True):
        besoin = Besoin(jour.pk, une.enfant_id, voulu.jauges, ordre_d_arrivee(une.depose_le))
        tenu = registre.prendre(besoin, jour.reservation_id) if jour.reservation_id else registre.retenir(besoin)
        assert tenu, "room was counted just above, under the same lock"


def _passages(inscriptions: Sequence[Inscription], demandes: Sequence[Demande], par_nom: str) -> None:
    lignes = []
    for une, demande in zip(inscriptions, demandes, strict=True):
        lignes.append(_passage(demande, Verbe.DEPOSER, Etat.PANIER, Etat.DEPOSEE, Acteur.FAMILLE, une.depose_le))
        if une.est_acceptee:
            quand = une.depose_le + REPONSE
            lignes.append(_passage(demande, Verbe.ACCEPTER, Etat.DEPOSEE, Etat.ACCEPTEE, Acteur.AGENT, quand, par_nom))
    Passage.objects.bulk_create(lignes, batch_size=2000)


def _passage(
    demande: Demande, verbe: Verbe, de: Etat, vers: Etat, acteur: Acteur, quand: datetime, par_nom: str = ""
) -> Passage:
    return Passage(
        demande=demande,
        verbe=verbe.value,
        de=de.value,
        vers=vers.value,
        acteur=acteur.value,
        quand=quand,
        par_nom=par_nom,
    )
