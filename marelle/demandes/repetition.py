"""Which dates does a repetition mean? Every Tuesday, even or odd weeks, a model of n weeks unrolled until a date. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum

SEMAINE = timedelta(days=7)
SEMAINES_AU_PLUS = 53  # nothing is repeated further than a year


class Parite(StrEnum):
    """Which weeks of the calendar, by their ISO number: the one that French calendars print."""

    TOUTES = "toutes"
    PAIRES = "paires"
    IMPAIRES = "impaires"


def lundi(jour: date) -> date:
    """The Monday of the week of that day."""
    return jour - timedelta(days=jour.weekday())


def repeter(debut: date, fin: date, jours: Collection[int], parite: Parite = Parite.TOUTES) -> list[date]:
    """The days between two dates, both included, that fall on these weekdays (0: Monday) in weeks of this parity.

    A year of 53 weeks ends on two odd weeks in a row: the calendar says so, and so does this.
    """
    dates = (debut + timedelta(days=n) for n in range((fin - debut).days + 1))
    return [jour for jour in dates if jour.weekday() in jours and _est_de_parite(jour, parite)]


def _est_de_parite(jour: date, parite: Parite) -> bool:
    if parite is Parite.TOUTES:
        return True
    return (jour.isocalendar().week % 2 == 0) == (parite is Parite.PAIRES)


def derouler(modele: Iterable[date], longueur: int, fin: date) -> Iterator[date]:
    """The days of a model of `longueur` weeks (1 or more), again and again after it, until `fin` included.

    The days of the model itself are not given back: they are there already. Raises `ValueError` for less than a week.
    """
    if longueur < 1:
        raise ValueError("un modèle dure une semaine ou plus")
    pas = longueur * SEMAINE
    for jour in sorted(set(modele)):
        suivant = jour + pas
        while suivant <= fin:
            yield suivant
            suivant += pas


def fin_apres(debut: date, longueur: int, semaines: int) -> date:
    """The Sunday that ends the `semaines` weeks after a model of `longueur` weeks that begins in the week of `debut`."""
    return lundi(debut) + (longueur + semaines) * SEMAINE - timedelta(days=1)
