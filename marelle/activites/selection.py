"""Which activities are offered to whom, and when they open."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, Prefetch
from django.db.models.functions import ExtractIsoWeekDay, TruncMonth

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


def activites_offertes() -> list[Activite]:
    """Every activity offered to families, with its centre and its unités, in the order of the portal. Two queries."""
    return list(
        Activite.objects.filter(est_active=True, centre__est_actif=True)
        .select_related("centre")
        .prefetch_related("unites")
        .order_by("centre__ordre", "centre__nom", "ordre", "nom")
    )


def unite_choisie(activite: Activite, code: str) -> Unite | None:
    """The unité of that code, the activity's first one when the code says nothing."""
    unites = sorted(activite.unites.all(), key=lambda une: (une.ordre, une.pk))
    return next((une for une in unites if une.code == code), unites[0] if unites else None)


def unites_offertes() -> list[Unite]:
    """Every unité of the activities offered to families, in the order of the portal, with what describes it."""

    def lire() -> list[Unite]:
        return list(
            Unite.objects.filter(activite__est_active=True, activite__centre__est_actif=True)
            .select_related("activite__centre")
            .prefetch_related("activite__groupes", "activite__unites")
            .order_by("activite__centre__ordre", "activite__ordre", "activite__nom", "ordre", "pk")
        )

    return retenir("unites-offertes", lire)


def mois_ouverts(activite_id: int) -> list[date]:
    """First days of the months in which the activity opens, from the beginning of this school year."""

    def lire() -> list[date]:
        debut = annee_scolaire(aujourdhui())[0]
        mois = Ouverture.objects.filter(activite_id=activite_id, date__gte=debut).annotate(mois=TruncMonth("date"))
        return list(mois.order_by("mois").values_list("mois", flat=True).distinct())

    return retenir(f"mois-ouverts-{activite_id}", lire)


def bornes_d_ouverture(activite_id: int) -> tuple[date, date] | None:
    """The first and the last day on which the activity opens, from the beginning of this school year; None without any."""

    def lire() -> list[tuple[date, date]]:
        debut = annee_scolaire(aujourdhui())[0]
        jours = Ouverture.objects.filter(activite_id=activite_id, date__gte=debut)
        bornes = jours.aggregate(premier=Min("date"), dernier=Max("date"))
        return [(bornes["premier"], bornes["dernier"])] if bornes["premier"] else []

    return next(iter(retenir(f"bornes-{activite_id}", lire)), None)


def activites_du_temps(temps: str, sauf: int) -> list[Activite]:
    """The other activities offered at the same time of care, with their unités."""
    return list(
        Activite.objects.filter(temps=temps, est_active=True, centre__est_actif=True)
        .exclude(pk=sauf)
        .prefetch_related("unites")
        .order_by("ordre", "pk")
    )


def offres_detaillees() -> list[Activite]:
    """The activities offered to families with their centre, unités and age groups, in the order of the centres."""
    actives = Activite.objects.filter(est_active=True, centre__est_actif=True)
    return list(
        actives.select_related("centre")
        .prefetch_related("unites", "groupes")
        .order_by("centre__ordre", "centre__nom", "ordre", "nom")
    )


def jours_d_ouverture() -> dict[int, list[int]]:
    """For each activity, the weekdays on which it opens this school year (0: Monday)."""

    def lire() -> dict[int, list[int]]:
        cette_annee = Ouverture.objects.filter(fermeture="", date__range=annee_scolaire(aujourdhui()))
        couples = cette_annee.annotate(numero=ExtractIsoWeekDay("date")).order_by().values_list("activite_id", "numero")
        jours: dict[int, list[int]] = {}
        for activite_id, numero in sorted(couples.distinct()):
            jours.setdefault(activite_id, []).append(numero - 1)
        return jours

    return retenir("jours-d-ouverture", lire)


def unite_offerte(unite_id: int) -> Unite | None:
    """An unité that families may ask for, with its activity."""
    offertes = Unite.objects.filter(pk=unite_id, activite__est_active=True, activite__centre__est_actif=True)
    return offertes.select_related("activite").first()
