"""How attendance becomes hours, as the convention with the Caf says: read from `caf.toml`, or the usual table without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from marelle.regles.lecture import ErreurReglement, Table, lire_toml
from marelle.regles.pointage import minutes_entre

TEMPS = ("periscolaire", "restauration", "mercredi", "vacances")
COMPTES = ("plage", "forfait", "reel")
SANS_POINTAGE = ("reserve", "present")
_JOURNEE = {"matin", "apres_midi"}


class ErreurCaf(ErreurReglement):
    """`caf.toml` cannot be read: one French line with the file, the key and what is wrong."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How one time of care counts. `plage`: the whole slot as soon as the child was there for a part of it; `forfait`: so many
    minutes a day or half-day; `reel`: from arrival to departure (the slot when they are not known).

    Ceilings are for one child on one day, in minutes; 0: none. That of a day is for a day with its meal."""

    temps: str
    compte: str = "plage"
    journee: int = 480
    demi_journee: int = 240
    plafond_journee: int = 0
    plafond_demi_journee: int = 0


# What Caf publish, at second hand: the whole slot as soon as the child came, the midday break whole since 2023, Wednesday 9 h for
# a day with its meal and 4 h for half a day, holidays 8 h and 4 h. Each with its source in docs/exploitation/comptabilite.md.
DEFAUTS = (
    Conversion("periscolaire"),
    Conversion("restauration"),
    Conversion("mercredi", plafond_journee=540, plafond_demi_journee=240),
    Conversion("vacances", "forfait"),
)


@dataclass(frozen=True, slots=True)
class OptionsCaf:
    """The whole convention. Bands of age: both ends included; of quotient: their upper ends. `est_par_defaut`: nobody has
    written this collectivité's own yet."""

    conversions: tuple[Conversion, ...] = DEFAUTS
    ages: tuple[tuple[int, int], ...] = ((0, 5), (6, 11), (12, 17))
    quotients: tuple[int, ...] = (400, 700, 1000, 1400)
    sans_pointage: str = "reserve"
    est_par_defaut: bool = True

    def conversion(self, temps: str) -> Conversion:
        return next((une for une in self.conversions if une.temps == temps), Conversion(temps))

    def tranche_d_age(self, age: int) -> str:
        """« 3-5 ans », « moins de 6 ans » for a band from zero; an age of no band is said as it is."""
        for debut, fin in self.ages:
            if debut <= age <= fin:
                return f"{debut}-{fin} ans" if debut else f"moins de {fin + 1} ans"
        return f"{age} ans, hors tranche"

    def tranche_de_quotient(self, quotient: int | None) -> str:
        if quotient is None:
            return "inconnu"
        bas = 0
        for haut in self.quotients:
            if quotient <= haut:
                return f"{bas} à {haut}"
            bas = haut + 1
        return f"{bas} et plus"


def est_une_journee(parties: Sequence[str]) -> bool:
    """A morning and an afternoon make a day; anything else is half of one."""
    return set(parties) >= _JOURNEE


def minutes_realisees(
    conversion: Conversion, parties: Sequence[str], debut: time, fin: time,
    arrivee: time | None = None, depart: time | None = None,
) -> int:  # fmt: skip
    """The minutes of one attendance, before any ceiling."""
    if conversion.compte == "forfait":
        return conversion.journee if est_une_journee(parties) else conversion.demi_journee
    if conversion.compte == "reel" and arrivee is not None and depart is not None:
        return max(0, minutes_entre(arrivee, depart))
    return max(0, minutes_entre(debut, fin))


def plafonner(conversion: Conversion, minutes: Sequence[int], parties: Sequence[Sequence[str]]) -> list[int]:
    """What counts of each attendance of one child on one day, in order: the ceiling takes from the last ones. The ceiling of a
    day is that of a day with its meal; without it, a day is two half-days, each under its own ceiling."""
    ensemble = {une for siennes in parties for une in siennes}
    demi, jour = conversion.plafond_demi_journee, conversion.plafond_journee
    est_entier = est_une_journee(list(ensemble))
    if est_entier and demi and "repas" not in ensemble:
        jour = min(2 * demi, jour) if jour else 2 * demi
        minutes = [
            min(une, demi * (1 + est_une_journee(siennes))) for une, siennes in zip(minutes, parties, strict=True)
        ]
    plafond = jour if est_entier else demi
    if not plafond:
        return list(minutes)
    comptees, reste = [], plafond
    for une in minutes:
        comptees.append(min(une, reste))
        reste -= comptees[-1]
    return comptees


def lire_caf(texte: str, source: str) -> OptionsCaf:
    """The convention written in a `caf.toml`; raises `ErreurCaf`. A time of care it does not name keeps its default."""
    racine = lire_toml(texte, source, ErreurCaf)
    racine.verifier(("tranches_age", "tranches_quotient", "sans_pointage", "conversions"))
    ecrites = [_conversion(table) for table in racine.tables("conversions")]
    for rang, une in enumerate(ecrites):
        if une.temps in [autre.temps for autre in ecrites[:rang]]:
            raise racine.refuser(f"conversions[{rang}].temps", f"« {une.temps} » a déjà sa conversion.")
    nommes = {une.temps for une in ecrites}
    defaut = OptionsCaf()
    return OptionsCaf(
        conversions=(*ecrites, *(une for une in DEFAUTS if une.temps not in nommes)),
        ages=tuple(_tranche(racine, une) for une in racine.textes("tranches_age")) or defaut.ages,
        quotients=_quotients(racine) or defaut.quotients,
        sans_pointage=racine.choix("sans_pointage", SANS_POINTAGE, "reserve"),
        est_par_defaut=False,
    )


def _conversion(table: Table) -> Conversion:
    table.verifier(Conversion.__slots__, ("temps",))
    defaut = Conversion("")
    return Conversion(
        temps=table.choix("temps", TEMPS),
        compte=table.choix("compte", COMPTES, defaut.compte),
        journee=_minutes(table, "journee", defaut.journee),
        demi_journee=_minutes(table, "demi_journee", defaut.demi_journee),
        plafond_journee=_minutes(table, "plafond_journee", 0),
        plafond_demi_journee=_minutes(table, "plafond_demi_journee", 0),
    )


def _minutes(table: Table, cle: str, defaut: int) -> int:
    """« 9:00 » → 540."""
    if cle not in table:
        return defaut
    heures, _, reste = table.texte(cle).partition(":")
    if not (heures.isdigit() and reste.isdigit() and len(reste) == 2 and int(heures) < 24 and int(reste) < 60):
        raise table.refuser(cle, 'il faut des heures et des minutes, par exemple "8:30".')
    return int(heures) * 60 + int(reste)


def _tranche(racine: Table, texte: str) -> tuple[int, int]:
    debut, _, fin = texte.partition("-")
    if not (debut.isdigit() and fin.isdigit() and int(debut) <= int(fin)):
        raise racine.refuser("tranches_age", f'« {texte} » n’est pas une tranche d’âge, comme "6-11".')
    return int(debut), int(fin)


def _quotients(racine: Table) -> tuple[int, ...]:
    lus = racine.textes("tranches_quotient")
    if not all(un.isdigit() for un in lus) or list(map(int, lus)) != sorted({*map(int, lus)}):
        raise racine.refuser("tranches_quotient", "il faut les hauts de tranche, du plus petit au plus grand.")
    return tuple(map(int, lus))
