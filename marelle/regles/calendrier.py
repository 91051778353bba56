"""Which days count: public holidays, school holidays, working days, weeks and school years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from marelle.regles.situation import Periode

UN_JOUR = timedelta(days=1)
LUNDI_A_DIMANCHE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class Calendrier:
    """What a règlement counts days with.

    `feries`: public holidays. `vacances`: school holidays, both ends included. `jours_non_ouvres`: weekdays that are
    never worked (0 is Monday). `jours_fermes`: other days that do not count (bridge, closure of the service).
    """

    feries: frozenset[date] = frozenset()
    vacances: tuple[Periode, ...] = ()
    jours_non_ouvres: frozenset[int] = frozenset({5, 6})
    jours_fermes: frozenset[date] = frozenset()

    @cached_property
    def _chomes(self) -> frozenset[date]:
        return self.feries | self.jours_fermes

    def est_ferie(self, jour: date) -> bool:
        return jour in self.feries

    def est_ouvre(self, jour: date) -> bool:
        """Neither a week-end, nor a public holiday, nor a day the service is closed."""
        return jour.weekday() not in self.jours_non_ouvres and jour not in self._chomes

    def est_vacances(self, jour: date) -> bool:
        return self.vacances_du(jour) is not None

    def vacances_du(self, jour: date) -> Periode | None:
        """The school holidays that contain the day."""
        for vacances in self.vacances:
            if vacances.debut <= jour <= vacances.fin:
                return vacances
        return None

    def ouvres_avant(self, jour: date, nombre: int) -> date:
        """The `nombre`-th working day before `jour`, which is not counted itself."""
        while nombre > 0:
            jour -= UN_JOUR
            if self.est_ouvre(jour):
                nombre -= 1
        return jour

    def semaine(self, jour: date) -> tuple[date, ...]:
        """The seven days of the day's week, from Monday."""
        lundi = lundi_de(jour)
        return tuple(lundi + UN_JOUR * n for n in range(7))


def lundi_de(jour: date) -> date:
    return jour - UN_JOUR * jour.weekday()


def annee_scolaire(jour: date) -> int:
    """The year in which the day's school year began (1 September)."""
    return jour.year if jour.month >= 9 else jour.year - 1


def jours_entre(debut: date, fin: date) -> Iterator[date]:
    """Every day from `debut` to `fin`, both included."""
    while debut <= fin:
        yield debut
        debut += UN_JOUR


def plus_des_mois(jour: date, mois: int) -> date:
    """The same day some months later, or the last day of that month."""
    rang = jour.month - 1 + mois
    annee, numero = jour.year + rang // 12, rang % 12 + 1
    return date(annee, numero, min(jour.day, monthrange(annee, numero)[1]))


def paques(annee: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    siecle, an = divmod(annee, 100)
    epacte = (19 * (annee % 19) + siecle - siecle // 4 - (siecle - (siecle + 8) // 25 + 1) // 3 + 15) % 30
    dimanche = (32 + 2 * (siecle % 4) + 2 * (an // 4) - epacte - an % 4) % 7
    correction = (annee % 19 + 11 * epacte + 22 * dimanche) // 451
    mois, jour = divmod(epacte + dimanche - 7 * correction + 114, 31)
    return date(annee, mois, jour + 1)


def feries(annee: int, alsace_moselle: bool = False) -> dict[date, str]:
    """The public holidays of a year with their French names (code du travail L3133-1; L3134-13 for Alsace-Moselle)."""
    dimanche = paques(annee)
    jours = {
        date(annee, 1, 1): "Jour de l’an",
        dimanche + UN_JOUR: "Lundi de Pâques",
        date(annee, 5, 1): "Fête du Travail",
        date(annee, 5, 8): "Victoire de 1945",
        dimanche + 39 * UN_JOUR: "Ascension",
        dimanche + 50 * UN_JOUR: "Lundi de Pentecôte",
        date(annee, 7, 14): "Fête nationale",
        date(annee, 8, 15): "Assomption",
        date(annee, 11, 1): "Toussaint",
        date(annee, 11, 11): "Armistice",
        date(annee, 12, 25): "Noël",
    }
    if alsace_moselle:
        jours[dimanche - 2 * UN_JOUR] = "Vendredi saint"
        jours[date(annee, 12, 26)] = "Saint-Étienne"
    return dict(sorted(jours.items()))
