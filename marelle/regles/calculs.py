"""The kinds of price that a quotient familial gives: by band, by effort rate, on a line between two points, or one for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from marelle.regles.argent import INSECABLE, euros
from marelle.regles.montants import arrondir, dire_part

NON_JUSTIFIE = "quotient non justifié : tarif maximum"


def dire_le_quotient(quotient: int) -> str:
    """« QF 712 », « QF 1 020 »."""
    return f"QF {quotient:,}".replace(",", INSECABLE)


@dataclass(frozen=True, slots=True)
class Tranche:
    """A band of quotients, whole euros, both ends included; without `a` it has no end."""

    code: str
    de: int
    a: int | None

    def contient(self, quotient: int) -> bool:
        return self.de <= quotient and (self.a is None or quotient <= self.a)

    def dire(self) -> str:
        """« jusqu’à 359 », « de 360 à 564 », « plus de 1 200 »."""
        if self.a is None:
            return f"{self.de} et plus" if self.de else "tous les quotients"
        return f"de {self.de} à {self.a}" if self.de else f"jusqu’à {self.a}"


@dataclass(frozen=True, slots=True)
class Calcule:
    """An amount and how it was found, in a few words."""

    centimes: int
    detail: str


@dataclass(frozen=True, slots=True)
class ParTranche:
    """An amount for each band of the version."""

    tranches: Sequence[Tranche]
    prix: Mapping[str, int]

    def pour(self, quotient: int | None) -> Calcule:
        """Bands cover every quotient from 0 on (the reader sees to it)."""
        if quotient is None:
            return Calcule(max(self.prix.values()), NON_JUSTIFIE)
        la = next(une for une in self.tranches if une.contient(quotient))
        return Calcule(self.prix[la.code], f"tranche {la.code}, {dire_le_quotient(quotient)}")


@dataclass(frozen=True, slots=True)
class TauxEffort:
    """A share of the quotient, never under `plancher` nor over `plafond` (centimes)."""

    taux: Fraction
    plancher: int
    plafond: int

    def pour(self, quotient: int | None) -> Calcule:
        if quotient is None:
            return Calcule(self.plafond, NON_JUSTIFIE)
        brut = arrondir(self.taux * quotient * 100)
        dit = f"{dire_part(self.taux)} du {dire_le_quotient(quotient)}"
        if brut < self.plancher:
            return Calcule(self.plancher, f"{dit}, minimum {euros(self.plancher)}")
        if brut > self.plafond:
            return Calcule(self.plafond, f"{dit}, maximum {euros(self.plafond)}")
        return Calcule(brut, dit)


@dataclass(frozen=True, slots=True)
class Lineaire:
    """A straight line from one quotient to another, level before and after; amounts in centimes."""

    quotient_bas: int
    prix_bas: int
    quotient_haut: int
    prix_haut: int

    def pour(self, quotient: int | None) -> Calcule:
        if quotient is None:
            return Calcule(max(self.prix_bas, self.prix_haut), NON_JUSTIFIE)
        place = min(max(quotient, self.quotient_bas), self.quotient_haut)
        pente = Fraction(self.prix_haut - self.prix_bas, self.quotient_haut - self.quotient_bas)
        return Calcule(arrondir(self.prix_bas + pente * (place - self.quotient_bas)), dire_le_quotient(quotient))


@dataclass(frozen=True, slots=True)
class Unique:
    """One amount for every family."""

    centimes: int

    def pour(self, quotient: int | None) -> Calcule:
        return Calcule(self.centimes, "tarif unique")


Calcul = ParTranche | TauxEffort | Lineaire | Unique


def depend_du_quotient(calcul: Calcul) -> bool:
    return not isinstance(calcul, Unique)
