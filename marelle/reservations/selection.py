"""Reading bookings: what a household has to come."""

from __future__ import annotations

from django.db.models import QuerySet

from marelle.familles.models import Famille
from marelle.socle.horloge import aujourdhui

from .models import Reservation

AFFICHEES = 30


def a_venir(famille: Famille) -> QuerySet[Reservation]:
    """The next bookings of a household, those that its centre cancelled included."""
    return (
        Reservation.objects.filter(famille=famille, date__gte=aujourdhui())
        .exclude(etat=Reservation.Etat.ANNULEE)
        .select_related("enfant", "activite", "ouverture__unite")
        .order_by("date", "enfant__prenom", "pk")[:AFFICHEES]
    )
