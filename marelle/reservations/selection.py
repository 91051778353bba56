"""Reading bookings: what a household has to come."""

from __future__ import annotations

from django.db.models import Case, F, QuerySet, Value, When

from marelle.familles.models import Famille
from marelle.socle.horloge import aujourdhui

from .models import Absence, Reservation

AFFICHEES = 30

# The state of a booking as families read it, in the query that reads bookings: « absence » when one is declared on it.
ABSENTE = "absence"
TIENNENT = (Reservation.Etat.RESERVEE.value, ABSENTE)
_absente = When(etat=Reservation.Etat.RESERVEE, absence__etat=Absence.Etat.DECLAREE, then=Value(ABSENTE))
ETAT_DIT = Case(_absente, default=F("etat"))
MOTIF_DIT = Case(
    When(etat=Reservation.Etat.RESERVEE, absence__etat=Absence.Etat.DECLAREE, then=F("absence__motif")),
    default=F("motif"),
)


def a_venir(famille: Famille) -> QuerySet[Reservation]:
    """The next bookings of a household, those that its centre cancelled included."""
    return (
        Reservation.objects.filter(famille=famille, date__gte=aujourdhui())
        .exclude(etat=Reservation.Etat.ANNULEE)
        .select_related("enfant", "activite", "ouverture__unite")
        .order_by("date", "enfant__prenom", "pk")[:AFFICHEES]
    )
