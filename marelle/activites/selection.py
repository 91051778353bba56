"""Which activities are offered to whom, and when they open."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch
from django.db.models.functions import TruncMonth

from marelle.socle.horloge import annee_scolaire, aujourdhui
from marelle.socle.memoire import retenir

from .models import Activite, Centre, Ouverture, Unite


def activites_ouvertes() -> list[Centre]:
    """Active centres with the activities offered to families, in their order (`centre.offres`). Two queries."""
    offres = Prefetch("activites", Activite.objects.filter(est_active=True).order_by("ordre", "nom"), to_attr="offres")
    centres = Centre.objects.filter(est_actif=True).prefetch_related(offres).order_by("ordre", "nom")
    return [centre for centre in centres if centre.offres]


def activites_pour(age: int) -> list[Centre]:
    """The same for a child of that age, its next birthday included (a child grows within the year)."""
    centres = activites_ouvertes()
    for centre in centres:
        centre.offres = [a for a in centre.offres if a.age_min - 1 <= age <= a.age_max]  # type: ignore[attr-defined]
    return [centre for centre in centres if centre.offres]  # type: ignore[attr-defined]


def activite_offerte(activite_id: int) -> Activite | None:
    """An activity offered to families, with its centre, its unités and its groups, read again every few seconds."""

    def lire() -> list[Activite]:
        return list(
            Activite.objects.filter(pk=activite_id, est_active=True, centre__est_actif=True)
            .select_related("centre")
            .prefetch_related("unites", "groupes")
        )

    return next(iter(retenir(f"activite-{activite_id}", lire)), None)


def unite_choisie(activite: Activite, code: str) -> Unite | None:
    """The unité of that code, the activity's first one when the code says nothing."""
    unites = sorted(activite.unites.all(), key=lambda une: (une.ordre, une.pk))
    return next((une for une in unites if une.code == code), unites[0] if unites else None)


def mois_ouverts(activite_id: int) -> list[date]:
    """First days of the months in which the activity opens, from the beginning of this school year."""

    def lire() -> list[date]:
        debut = annee_scolaire(aujourdhui())[0]
        mois = Ouverture.objects.filter(activite_id=activite_id, date__gte=debut).annotate(mois=TruncMonth("date"))
        return list(mois.order_by("mois").values_list("mois", flat=True).distinct())

    return retenir(f"mois-ouverts-{activite_id}", lire)


def activites_du_temps(temps: str, sauf: int) -> list[Activite]:
    """The other activities offered at the same time of care, with their unités."""
    return list(
        Activite.objects.filter(temps=temps, est_active=True, centre__est_actif=True)
        .exclude(pk=sauf)
        .prefetch_related("unites")
        .order_by("ordre", "pk")
    )
