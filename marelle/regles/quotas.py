"""How many days or weeks a child may ask for in a cycle, counting what already stands and the days of the request (R9, R10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marelle.regles.calendrier import annee_scolaire, lundi_de
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
        siennes = [d for d in dates if self._meme_cycle(d, jour)]
        if self.unite == "semaines":
            return len({lundi_de(d) for d in siennes})
        return len(siennes)

    def est_depasse(self, deja: frozenset[date], jour: Jour) -> bool:
        """Would adding this day go over the maximum?"""
        return self.compte(deja | {jour.date}, jour) > self.nombre

    def reste(self, deja: frozenset[date], jour: Jour) -> int:
        return max(0, self.nombre - self.compte(deja, jour))

    def _meme_cycle(self, autre: date, jour: Jour) -> bool:
        le = jour.date
        match self.par:
            case Cycle.PERIODE:
                return jour.periode is None or jour.periode.debut <= autre <= jour.periode.fin
            case Cycle.MOIS:
                return (autre.year, autre.month) == (le.year, le.month)
            case Cycle.SEMAINE:
                return lundi_de(autre) == lundi_de(le)
            case Cycle.ANNEE:
                return annee_scolaire(autre) == annee_scolaire(le)
            case Cycle.ANNEE_CIVILE:
                return autre.year == le.year


def lire_maximum(table: Table) -> Maximum:
    table.verifier({"nombre", "par", "unite", "au_dela"}, exigees=("nombre", "par"))
    return Maximum(
        nombre=table.entier("nombre", maxi=366),
        par=Cycle(table.choix("par", list(Cycle))),
        unite=table.choix("unite", UNITES, "jours"),
        au_dela=table.choix("au_dela", AU_DELA, "refuser"),
    )
