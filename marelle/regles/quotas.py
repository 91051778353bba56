"""How many days or weeks a child may ask for in a cycle, counting what already stands and the days of the request (R9, R10)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marelle.regles.calendrier import UN_JOUR, annee_scolaire, lundi_de
from marelle.regles.lecture import Table
from marelle.regles.situation import Jour


class Cycle(StrEnum):
    """What a maximum starts again with. `ANNEE` is the school year, from 1 September."""

    SEMAINE = "semaine"
    MOIS = "mois"
    PERIODE = "periode"
    ANNEE = "annee"
    ANNEE_CIVILE = "annee_civile"


AU_DELA = ("refuser", "liste_attente")
UNITES = ("jours", "semaines")


@dataclass(frozen=True, slots=True)
class Maximum:
    """At most `nombre` days (or weeks) `par` cycle; beyond, a refusal or the waiting list."""

    nombre: int
    par: Cycle
    unite: str = "jours"
    au_dela: str = "refuser"

    def compte(self, dates: Iterable[date], jour: Jour) -> int:
        """Days (or weeks) of `dates` that are in the cycle of `jour`; without a period, everything is one cycle."""
        debut, fin = bornes_du_cycle(self.par, jour)
        siennes = [d for d in dates if debut <= d <= fin]
        return len({lundi_de(d) for d in siennes}) if self.unite == "semaines" else len(siennes)

    def est_depasse(self, deja: frozenset[date], jour: Jour) -> bool:
        """Would adding this day go over the maximum?"""
        return self.compte(deja | {jour.date}, jour) > self.nombre

    def reste(self, deja: frozenset[date], jour: Jour) -> int:
        return max(0, self.nombre - self.compte(deja, jour))


def bornes_du_cycle(par: Cycle, jour: Jour) -> tuple[date, date]:
    """The first and the last day of the cycle that contains the day."""
    le = jour.date
    match par:
        case Cycle.PERIODE:
            return (jour.periode.debut, jour.periode.fin) if jour.periode else (date.min, date.max)
        case Cycle.MOIS:
            return le.replace(day=1), le.replace(day=monthrange(le.year, le.month)[1])
        case Cycle.SEMAINE:
            return lundi_de(le), lundi_de(le) + 6 * UN_JOUR
        case Cycle.ANNEE:
            rentree = annee_scolaire(le)
            return date(rentree, 9, 1), date(rentree + 1, 8, 31)
        case Cycle.ANNEE_CIVILE:
            return date(le.year, 1, 1), date(le.year, 12, 31)


def lire_maximum(table: Table) -> Maximum:
    table.verifier({"nombre", "par", "unite", "au_dela"}, exigees=("nombre", "par"))
    return Maximum(
        nombre=table.entier("nombre", maxi=366),
        par=Cycle(table.choix("par", list(Cycle))),
        unite=table.choix("unite", UNITES, "jours"),
        au_dela=table.choix("au_dela", AU_DELA, "refuser"),
    )
