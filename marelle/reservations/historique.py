"""What a household's children went to: the accepted bookings of the past, by child, activity, school year or dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from marelle.activites.models import Activite
from marelle.familles.models import Enfant, Famille
from marelle.socle.horloge import annee_scolaire, aujourdhui

from .models import Reservation


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is looked for; None: everything. `annee`: the September of a school year. Dates are both included."""

    enfant: int | None = None
    activite: int | None = None
    annee: int | None = None
    du: date | None = None
    au: date | None = None


def passees(famille: Famille, filtre: Filtre) -> QuerySet[Reservation]:
    """The bookings that stood on days gone by, the latest first, with the absence declared on them."""
    siennes = _acceptees(famille).select_related("enfant", "activite", "ouverture__unite", "absence")
    if filtre.enfant is not None:
        siennes = siennes.filter(enfant=filtre.enfant)
    if filtre.activite is not None:
        siennes = siennes.filter(activite=filtre.activite)
    if filtre.annee is not None:
        siennes = siennes.filter(date__range=annee_scolaire(date(filtre.annee, 9, 1)))
    if filtre.du is not None:
        siennes = siennes.filter(date__gte=filtre.du)
    if filtre.au is not None:
        siennes = siennes.filter(date__lte=filtre.au)
    return siennes.order_by("-date", "enfant__prenom", "pk")


@dataclass(frozen=True, slots=True)
class Choix:
    """What the past of a household can be filtered by: only what it holds."""

    enfants: list[tuple[int, str]]
    activites: list[tuple[int, str]]
    annees: list[int]


def choix(famille: Famille) -> Choix:
    """Children, activities and school years of the bookings gone by. Three queries."""
    siennes = _acceptees(famille).order_by()
    enfants = Enfant.objects.filter(pk__in=siennes.values("enfant")).order_by("date_naissance", "pk")
    activites = Activite.objects.filter(pk__in=siennes.values("activite")).order_by("nom", "pk")
    jours = siennes.values_list("date", flat=True).distinct()
    return Choix(
        list(enfants.values_list("pk", "prenom")),
        list(activites.values_list("pk", "nom")),
        sorted({annee_scolaire(jour)[0].year for jour in jours}, reverse=True),
    )


def _acceptees(famille: Famille) -> QuerySet[Reservation]:
    return Reservation.objects.filter(famille=famille, date__lt=aujourdhui(), etat=Reservation.Etat.RESERVEE)
