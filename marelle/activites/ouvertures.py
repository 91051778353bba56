"""Opening days: the jauges and ouvertures of a stretch of days, made in bulk, never twice, tied by blocs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from .models import Activite, Groupe, Jauge, Ouverture, Unite

Cle = tuple[date, int | None]


@transaction.atomic
def ouvrir_les_jours(
    activite: Activite, jours: Iterable[date], places: dict[int | None, int], fermetures: dict[date, str] | None = None
) -> int:
    """Open each unité of the activity on these days, with so many places for each group (key None: all ages).

    What exists stays as it is (an agent may have changed it). Returns the number of ouvertures made.
    """
    jours = sorted(set(jours))
    unites = list(Unite.objects.filter(activite=activite))
    jauges = _jauges(activite, jours, unites, places)
    return _ouvertures(activite, jours, unites, list(places), jauges, fermetures or {})


def _jauges(
    activite: Activite, jours: list[date], unites: list[Unite], places: dict[int | None, int]
) -> dict[Cle, dict[str, Jauge]]:
    """The jauges of each (day, group), by part of the day, made where they miss."""
    parties = list(dict.fromkeys(partie for unite in unites for partie in unite.parties))
    existantes = _indexer(Jauge.objects.filter(activite=activite, date__in=jours))
    nouvelles = [
        Jauge(activite=activite, date=jour, partie=partie, groupe_id=groupe, places=nombre)
        for jour in jours
        for groupe, nombre in places.items()
        for partie in parties
        if partie not in existantes.get((jour, groupe), {})
    ]
    Jauge.objects.bulk_create(nouvelles, batch_size=500)
    toutes = _indexer([*nouvelles, *(j for par in existantes.values() for j in par.values())])
    a_lier = []
    for par_partie in toutes.values():
        bloc = min(jauge.bloc or jauge.pk for jauge in par_partie.values())
        for jauge in par_partie.values():
            if jauge.bloc != bloc:
                jauge.bloc = bloc
                a_lier.append(jauge)
    Jauge.objects.bulk_update(a_lier, ["bloc"], batch_size=500)
    return toutes


def _indexer(jauges: Iterable[Jauge]) -> dict[Cle, dict[str, Jauge]]:
    index: dict[Cle, dict[str, Jauge]] = {}
    for jauge in jauges:
        index.setdefault((jauge.date, jauge.groupe_id), {})[jauge.partie] = jauge
    return index


def _ouvertures(
    activite: Activite,
    jours: list[date],
    unites: list[Unite],
    groupes: list[int | None],
    jauges: dict[Cle, dict[str, Jauge]],
    fermetures: dict[date, str],
) -> int:
    deja = set(Ouverture.objects.filter(activite=activite, date__in=jours).values_list("unite_id", "date", "groupe_id"))
    nouvelles = [
        Ouverture(unite=unite, activite=activite, groupe_id=groupe, date=jour, fermeture=fermetures.get(jour, ""))
        for unite in unites
        for jour in jours
        for groupe in groupes
        if (unite.pk, jour, groupe) not in deja
    ]
    Ouverture.objects.bulk_create(nouvelles, batch_size=500)
    liens = Ouverture.jauges.through
    liens.objects.bulk_create(
        [
            liens(ouverture_id=ouverture.pk, jauge_id=jauges[(ouverture.date, ouverture.groupe_id)][partie].pk)
            for ouverture in nouvelles
            for partie in ouverture.unite.parties
        ],
        batch_size=500,
    )
    return len(nouvelles)


def partager(jauge: Jauge, avec: Jauge) -> None:
    """Make the ouvertures of `jauge` also take a place in `avec` (several openings sharing one capacity)."""
    with transaction.atomic():
        bloc = min(jauge.bloc, avec.bloc)
        for ouverture in jauge.ouvertures.all():
            ouverture.jauges.add(avec)
        Jauge.objects.filter(bloc__in=[jauge.bloc, avec.bloc]).update(bloc=bloc)


def groupe_a_l_age(groupes: Iterable[Groupe], age: int) -> Groupe | None:
    """The age group that a child of that age joins."""
    return next((un for un in groupes if un.age_min <= age <= un.age_max), None)
