"""From a jour de demande to what it needs of places, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from marelle.activites.models import Jauge
from marelle.reservations.models import Reservation
from marelle.reservations.places import Besoin, Registre, ouvrir
from marelle.tarification.retenus import retenir_les_quotients
from marelle.transport.models import Trajet

from .models import Demande, JourDemande
from .passages import Acteur


def ordre_d_arrivee(instant: datetime | None) -> int:
    """Microseconds since 1970: what orders a line. A cart has not arrived yet."""
    return 0 if instant is None else int(instant.timestamp() * 1_000_000)


def jours_complets(jours: QuerySet[JourDemande]) -> list[JourDemande]:
    """These jours with all an action looks at: demande, ouverture, unité, group, booking, jauges, bus. Two queries."""
    return list(
        jours.select_related(
            *("demande__enfant", "demande__activite", "ouverture__unite", "ouverture__groupe"),
            *("reservation__trajet", "trajet"),
        )
        .prefetch_related("ouverture__jauges")
        .order_by("demande_id", "date", "pk")
    )


def besoin(jour: JourDemande, demande: Demande) -> Besoin:
    assert demande.enfant_id is not None
    cles = {jauge.pk for jauge in jour.ouverture.jauges.all()}
    if (trajet := trajet_de(jour, demande)) is not None:
        cles.update(trajet.courses)
    return Besoin(jour.pk, demande.enfant_id, tuple(sorted(cles)), ordre_d_arrivee(demande.depose_le))


def trajet_de(jour: JourDemande, demande: Demande) -> Trajet | None:
    """The bus asked with this day; for an absence, the one of the booking that it is about."""
    trajet: Trajet | None = getattr(jour, "trajet", None)
    if trajet is None and demande.nature == "absence":
        trajet = getattr(jour.reservation, "trajet", None)
    return trajet


def verrouiller(jours: QuerySet[JourDemande]) -> tuple[Registre, list[JourDemande]]:
    """Lock what these jours need, then read them: what was true before the lock (a day open, a booking) may be so no more."""
    jauges = Jauge.objects.filter(ouvertures__jours_demandes__in=jours.order_by().values("pk"))
    registre = ouvrir(jauges, jours.order_by().values("demande__enfant_id"))
    return registre, jours_complets(jours)


def par_demande(jours: Iterable[JourDemande]) -> dict[int, list[JourDemande]]:
    groupes: dict[int, list[JourDemande]] = {}
    for jour in jours:
        groupes.setdefault(jour.demande_id, []).append(jour)
    return groupes


def reserver(jours: Sequence[tuple[Demande, JourDemande]], registre: Registre) -> list[int]:
    """Make the bookings of these jours, in bulk, and take their places. The jours that could not have theirs are returned,
    untouched: they have neither booking nor place."""
    possibles, manquants = [], []
    for demande, jour in jours:
        un = besoin(jour, demande)
        libre = registre.detient(un) or (not registre.est_pris_ailleurs(un) and registre.a_de_la_place(un))
        # Taken at once in the registre (booking key set below), so that two jours of this very list cannot share a place.
        if libre and registre.retenir(un):
            possibles.append((demande, jour))
        else:
            manquants.append(jour.pk)
    reservations = Reservation.objects.bulk_create(
        [_reservation(demande, jour) for demande, jour in possibles], batch_size=500
    )
    retenir_les_quotients(
        [(reservation, demande.depose_le) for (demande, _), reservation in zip(possibles, reservations, strict=True)]
    )
    for (demande, jour), reservation in zip(possibles, reservations, strict=True):
        registre.prendre(besoin(jour, demande), reservation.pk)
        jour.reservation = reservation
    _relier([(reservation.pk, jour.pk) for (_, jour), reservation in zip(possibles, reservations, strict=True)])
    _donner_le_bus([jour for _, jour in possibles])
    return manquants


def _donner_le_bus(jours: Iterable[JourDemande]) -> None:
    """The ride goes with the booking from now on."""
    trajets = [trajet for jour in jours if (trajet := getattr(jour, "trajet", None)) is not None]
    for trajet in trajets:
        trajet.reservation_id = trajet.jour.reservation_id
    if trajets:
        Trajet.objects.bulk_update(trajets, ["reservation"], batch_size=500)


def _relier(paires: list[tuple[int, int]]) -> None:
    """Write on each jour de demande the booking it made: a prepared statement, ten times quicker than one of a thousand cases."""
    if paires:
        with connection.cursor() as curseur:
            curseur.executemany("UPDATE demandes_jourdemande SET reservation_id = %s WHERE id = %s", paires)


def _reservation(demande: Demande, jour: JourDemande) -> Reservation:
    assert demande.enfant_id is not None
    assert demande.activite_id is not None
    return Reservation(
        enfant_id=demande.enfant_id,
        famille_id=demande.famille_id,
        ouverture_id=jour.ouverture_id,
        activite_id=demande.activite_id,
        date=jour.date,
        est_directe=demande.origine == Acteur.AGENT,
    )


def annuler(jours: Sequence[JourDemande], registre: Registre, *, par_le_centre: bool = False, motif: str = "") -> None:
    """Cancel the bookings of these jours and give their places back."""
    cles = [jour.reservation_id for jour in jours if jour.reservation_id]
    etat = Reservation.Etat.ANNULEE_CENTRE if par_le_centre else Reservation.Etat.ANNULEE
    Reservation.objects.filter(pk__in=cles).update(etat=etat, motif=motif)
    registre.rendre(cles)
