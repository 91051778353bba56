"""School holidays of a zone and the school periods between them, from the library, corrected where it is known to be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

from marelle.regles.calendrier import feries

UN_JOUR = timedelta(days=1)
DERNIERE_CONNUE = 2027  # school year beginning in September of that year
A_CONFIRMER = " (à confirmer)"


@dataclass(frozen=True, slots=True)
class Plage:
    """A stretch of days, both ends included."""

    nom: str
    debut: date
    fin: date


def vacances_de_l_annee(zone: str, rentree: int) -> list[Plage]:
    """Holidays from 1 September `rentree` to 31 August of the next year, in order; the summer is both ends of it.

    A year that the library does not know yet repeats the last one known, day of the week for day of the week, and says
    « à confirmer »: the calendar stays editable in the database.
    """
    if rentree > DERNIERE_CONNUE:
        return [_un_an_apres(plage) for plage in vacances_de_l_annee(zone, rentree - 1)]
    jours: dict[date, str] = {}
    for annee in (rentree, rentree + 1):
        jours.update(_jours_publies(zone, annee))
    debut, fin = date(rentree, 9, 1), date(rentree + 1, 8, 31)
    plages = _plages({jour: nom for jour, nom in jours.items() if debut <= jour <= fin})
    return sorted([*plages, *_pont_de_l_ascension(rentree + 1, jours)], key=lambda plage: plage.debut)


@lru_cache(maxsize=32)
def _jours_publies(zone: str, annee: int) -> Mapping[date, str]:
    """Each day of holidays of a calendar year, with their name. The library reads forty years again at each question."""
    try:
        connus = SchoolHolidayDates().holidays_for_year_and_zone(annee, zone)
    except UnsupportedYearException:
        return {}
    return {jour: str(fiche["nom_vacances"]).replace("'", "’") for jour, fiche in connus.items()}


def _un_an_apres(plage: Plage) -> Plage:
    decalage = timedelta(weeks=52)
    return Plage(plage.nom.removesuffix(A_CONFIRMER) + A_CONFIRMER, plage.debut + decalage, plage.fin + decalage)


def _plages(jours: dict[date, str]) -> list[Plage]:
    plages: list[Plage] = []
    for jour in sorted(jours):
        derniere = plages[-1] if plages else None
        if derniere and derniere.fin + UN_JOUR == jour and derniere.nom == jours[jour]:
            plages[-1] = Plage(derniere.nom, derniere.debut, jour)
        else:
            plages.append(Plage(jours[jour], jour, jour))
    return plages


def _pont_de_l_ascension(annee: int, connus: dict[date, str]) -> list[Plage]:
    """The Friday and Saturday after Ascension Day, without class in every zone, missing from the library before 2027."""
    ascension = next(jour for jour, nom in feries(annee).items() if "Ascension" in nom)
    vendredi = ascension + UN_JOUR
    if vendredi in connus or not any(jour.year == annee for jour in connus):
        return []
    return [Plage("Pont de l’Ascension", vendredi, vendredi + UN_JOUR)]


def periodes_d_ecole(vacances: list[Plage], rentree: int) -> list[Plage]:
    """The stretches of class between the holidays of one school year (bridges of less than four days do not cut)."""
    coupures = [plage for plage in vacances if (plage.fin - plage.debut).days >= 4]
    periodes, debut, fin_annee = [], date(rentree, 9, 1), date(rentree + 1, 8, 31)
    for coupure in coupures:
        if coupure.debut > debut:
            periodes.append(Plage("", debut, coupure.debut - UN_JOUR))
        debut = coupure.fin + UN_JOUR
    if debut <= fin_annee and not coupures:
        periodes.append(Plage("", debut, date(rentree + 1, 7, 5)))
    return [plage for plage in periodes if plage.debut <= plage.fin]
