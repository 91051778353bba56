"""The events (outings) that each day to bill owes: those of its ouverture, less what was put there after it was asked for."""

from __future__ import annotations

from marelle.activites.evenements import codes_prevus
from marelle.activites.models import Ouverture
from marelle.reservations.models import Reservation
from marelle.tarification.evenements import lire_les_dus

from .journees import Journee
from .selection import Selection


def lire_les_evenements(lues: list[Journee], selection: Selection) -> None:
    """A child that comes without a booking owes all that the day has. One query, two when some day has events."""
    activites, jours = list(selection.activites.values()), (selection.premier_jour, selection.fin)
    avec = Ouverture.objects.filter(activite__in=activites, date__range=jours).exclude(evenements=[]).order_by("pk")
    prevus = {cle: codes_prevus(ecrits) for cle, ecrits in avec.values_list("pk", "evenements")}
    if not prevus:
        return
    reservees = Reservation.objects.filter(ouverture__in=list(prevus))
    if selection.familles is not None:  # not those of everybody for each lot of a run
        reservees = reservees.filter(enfant__in={une.enfant_id for une in lues})
    dus = lire_les_dus(reservees)
    for une in lues:
        sorte, *_, cle = une.cle.split(":")
        une.evenements = (dus if sorte == "resa" else prevus).get(int(cle), ())
