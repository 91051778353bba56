"""Which days must be asked together: whole weeks, even or odd weeks, a minimum per week, permitted unités (R8)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from marelle.regles.calendrier import UN_JOUR, Calendrier, lundi_de
from marelle.regles.lecture import Table
from marelle.regles.phrases import accorder
from marelle.regles.situation import Contexte, Jour

SEMAINES = ("paires", "impaires", "alternees")


@dataclass(frozen=True, slots=True)
class Motif:
    """A pattern that the days of a request must draw. Minimums are days per week and child."""

    semaine_complete: bool = False
    minimum: int = 0
    minimum_si_ferie: int = 0
    semaines: str = ""
    unites: tuple[str, ...] = ()

    def faute_du_jour(self, jour: Jour) -> str:
        """What is wrong with this day whatever the others are, as a sentence; empty when nothing is."""
        if self.unites and not any(fnmatchcase(jour.unite, unite) for unite in self.unites):
            return "Cette formule n’est pas proposée ce jour-là."
        if self.semaines in ("paires", "impaires"):
            parite = "paires" if jour.date.isocalendar().week % 2 == 0 else "impaires"
            if parite != self.semaines:
                return f"Seules les semaines {self.semaines} peuvent être demandées."
        return ""

    def faute_de_la_demande(self, calendrier: Calendrier, contexte: Contexte, jour: Jour, dates: Set[date]) -> str:
        """What is wrong with the day's week, given all the dates asked or already standing; empty when nothing is."""
        semaine = dates & set(calendrier.semaine(jour.date))
        ouverts = jours_d_accueil(calendrier, contexte, jour)
        if self.semaine_complete and not ouverts <= semaine:
            return "La semaine se réserve en entier."
        minimum = self.minimum_de_la_semaine(calendrier, jour.date)
        if len(semaine) < min(minimum, len(ouverts)):
            return f"Il faut au moins {accorder(minimum, 'jour')} dans la semaine."
        if self.semaines == "alternees" and len({numero_de_semaine(d) % 2 for d in dates}) > 1:
            return "Les semaines demandées doivent être toutes paires ou toutes impaires."
        return ""

    def minimum_de_la_semaine(self, calendrier: Calendrier, jour: date) -> int:
        """The minimum of the week, lower when one of its working weekdays is a public holiday."""
        a_ferie = any(
            calendrier.est_ferie(d) and d.weekday() not in calendrier.jours_non_ouvres for d in calendrier.semaine(jour)
        )
        return self.minimum_si_ferie if a_ferie else self.minimum


def numero_de_semaine(jour: date) -> int:
    """Weeks counted without a break, so that two weeks in a row never have the same parity (53-week years)."""
    return lundi_de(jour).toordinal() // 7


def jours_d_accueil(calendrier: Calendrier, contexte: Contexte, jour: Jour) -> set[date]:
    """Days of the day's week on which the activity opens: told by the caller, else the working days of the period."""
    lundi = lundi_de(jour.date)
    semaine = [lundi + UN_JOUR * n for n in range(7)]
    if contexte.ouverts is not None:
        return {d for d in semaine if d in contexte.ouverts}
    periode = jour.periode
    return {d for d in semaine if calendrier.est_ouvre(d) and (not periode or periode.debut <= d <= periode.fin)}


def lire_motif(table: Table) -> Motif:
    table.verifier({"semaine_complete", "minimum_par_semaine", "minimum_si_ferie", "semaines", "unites"})
    minimum = table.entier("minimum_par_semaine", maxi=7)
    return Motif(
        semaine_complete=table.booleen("semaine_complete"),
        minimum=minimum,
        minimum_si_ferie=table.entier("minimum_si_ferie", minimum, maxi=7),
        semaines=table.choix("semaines", SEMAINES),
        unites=table.textes("unites"),
    )
