"""Which days does a bus run? Those on which its activities open: its seats are jauges, tied to theirs by one bloc."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from marelle.activites.models import Jauge, Ouverture

from .models import Course, LigneDeBus, Sens


@transaction.atomic
def ouvrir_les_courses() -> int:
    """Make the runs that miss, and tie each to what its activities open that day; the number of runs made.

    What exists stays as it is (an agent may have changed its seats). To be called after days have been opened.
    """
    lignes = list(LigneDeBus.objects.prefetch_related("activites", "arrets").order_by("pk"))
    if not lignes:
        return 0
    dates = {ligne.pk: _jours_d_accueil(ligne) for ligne in lignes}
    deja = set(Course.objects.order_by().values_list("ligne_id", "date", "sens"))
    nouvelles = [
        Course(
            ligne=ligne,
            date=jour,
            sens=sens,
            jauge=Jauge(activite=None, date=jour, partie=sens.value, places=ligne.places),
        )
        for ligne in lignes
        for sens in _sens_de(ligne)
        for jour in sorted(dates[ligne.pk])
        if (ligne.pk, jour, sens.value) not in deja
    ]
    Jauge.objects.bulk_create([une.jauge for une in nouvelles], batch_size=500)
    for une in nouvelles:
        une.jauge_id = une.jauge.pk
    Course.objects.bulk_create(nouvelles, batch_size=500)
    _lier(lignes, set().union(*dates.values()))
    return len(nouvelles)


def _jours_d_accueil(ligne: LigneDeBus) -> set[date]:
    ouvertures = Ouverture.objects.filter(activite__in=list(ligne.activites.all())).order_by()
    return set(ouvertures.values_list("date", flat=True).distinct())


def _sens_de(ligne: LigneDeBus) -> list[Sens]:
    """The directions in which the line stops somewhere."""
    arrets = list(ligne.arrets.all())
    sens = [Sens.ALLER] if any(un.heure_aller for un in arrets) else []
    return sens + ([Sens.RETOUR] if any(un.heure_retour for un in arrets) else [])


def _lier(lignes: Iterable[LigneDeBus], dates: set[date]) -> None:
    """Who books a day with a stop takes places of the centre and seats of the bus at once: they are locked at once too."""
    desservies = {ligne.pk: {une.pk for une in ligne.activites.all()} for ligne in lignes}
    course_de = dict(Course.objects.filter(date__in=dates).order_by().values_list("jauge_id", "ligne_id"))
    par_jour: dict[date, list[Jauge]] = {}
    for jauge in Jauge.objects.filter(date__in=dates).order_by("pk"):
        par_jour.setdefault(jauge.date, []).append(jauge)
    a_lier = []
    for jauges in par_jour.values():
        blocs = {jauge.pk: jauge.bloc or jauge.pk for jauge in jauges}
        for ligne, activites in desservies.items():
            siennes = [j.pk for j in jauges if j.activite_id in activites or course_de.get(j.pk) == ligne]
            anciens = {blocs[cle] for cle in siennes}
            if len(anciens) > 1:
                blocs = {cle: min(anciens) if bloc in anciens else bloc for cle, bloc in blocs.items()}
        for jauge in jauges:
            if jauge.bloc != blocs[jauge.pk]:
                jauge.bloc = blocs[jauge.pk]
                a_lier.append(jauge)
    Jauge.objects.bulk_update(a_lier, ["bloc"], batch_size=500)
