"""What is not paid by the day: packages by week, month or period, the yearly fee, the smallest invoice that is sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from marelle.regles.calculs import Calcul
from marelle.regles.montants import arrondir
from marelle.regles.prix import LigneDePrix, Prix


@dataclass(frozen=True, slots=True)
class Forfait:
    """One price for all the days of a week, a month or a period (`par`); `au_prorata`: for the days that the child has."""

    code: str
    nom: str
    activites: tuple[str, ...]
    par: str
    prix: Calcul
    au_prorata: bool = False


def prix_du_forfait(
    forfait: Forfait, deliberation: str, en_vigueur_le: date, quotient: int | None, jours: int, jours_ouverts: int
) -> Prix:
    """The package for `jours` days out of the `jours_ouverts` of its stretch (one at least). Centimes."""
    calcule = forfait.prix.pour(quotient)
    lignes = [LigneDePrix("forfait", forfait.nom, calcule.centimes, calcule.detail)]
    if forfait.au_prorata and jours < jours_ouverts:
        du = arrondir(Fraction(calcule.centimes * jours, jours_ouverts))
        dit = f"{jours} jours sur {jours_ouverts}"
        lignes.append(LigneDePrix("prorata", "Prorata", du - calcule.centimes, dit))
    return Prix(forfait.nom, tuple(lignes), deliberation, en_vigueur_le, quotient, est_maximum=quotient is None)


@dataclass(frozen=True, slots=True)
class Cotisation:
    """A yearly fee (*adhésion*), once for the `famille` or for each `enfant`, per school or civil year."""

    code: str
    nom: str
    par: str
    annee: str
    prix: Calcul


def cotisations_dues(
    cotisations: Collection[Cotisation], quotient: int | None, enfants: int, payees: Collection[str] = ()
) -> list[LigneDePrix]:
    """The fees of a year that this family has not paid yet, for so many children enrolled."""
    lignes = []
    for une in cotisations:
        fois = enfants if une.par == "enfant" else min(enfants, 1)
        if fois and une.code not in payees:
            calcule = une.prix.pour(quotient)
            dit = f"{calcule.detail}, {fois} enfants" if fois > 1 else calcule.detail
            lignes.append(LigneDePrix("cotisation", une.nom, calcule.centimes * fois, dit))
    return lignes


def est_facturable(total_centimes: int, minimum_centimes: int) -> bool:
    """Whether an invoice of that total is sent now; under the minimum it waits for the next one. A credit never waits."""
    return (
        total_centimes < 0 or total_centimes >= minimum_centimes > 0 or (minimum_centimes == 0 and total_centimes > 0)
    )
