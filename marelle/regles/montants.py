"""How amounts are read, shared and rounded: integer centimes in, integer centimes out, no float anywhere.

Rounding: to the nearest centime, exactly half-way goes up (règlement (CE) nº 1103/97, article 5, about amounts in euros).
It is done once per line of a price, on the magnitude: 10 % of 8,05 € is a discount of 0,81 €. Then lines add up exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from marelle.regles.argent import euros
from marelle.regles.lecture import Table

# Thin or no-break spaces that somebody may have pasted.
_ESPACES = re.compile(r"[\s\u00a0\u202f]+")
_EUROS = re.compile(r"(\d{1,7}),(\d{2})")
_PART = re.compile(r"(\d{1,4})(?:,(\d{1,6}))?%")
MONTANT_ATTENDU = "un montant en euros entre guillemets, par exemple « 8,50 »"
PART_ATTENDUE = "un pourcentage entre guillemets, par exemple « 10 % »"


def arrondir(exact: Fraction) -> int:
    """The nearest integer of a positive number; half-way goes up."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def tranches_entamees(minutes: int, pas: int) -> int:
    """How many steps of `pas` minutes are begun: 31 minutes are two half-hours, none is none."""
    return -(-max(minutes, 0) // pas)


def dire_part(part: Fraction) -> str:
    """« 10 % », « 12,5 % », « 0,8125 % » of a fraction read from such a text."""
    cent = part * 100
    entier, reste = divmod(cent.numerator * 10**6 // cent.denominator, 10**6)
    decimales = f",{reste:06}".rstrip("0") if reste else ""
    return f"{entier}{decimales} %"


@dataclass(frozen=True, slots=True)
class Ajustement:
    """What is added to or taken from a base: a share of it, or an amount. One of the two is there."""

    part: Fraction | None = None
    centimes: int = 0

    def sur(self, base_centimes: int) -> int:
        """In centimes, positive."""
        return self.centimes if self.part is None else arrondir(self.part * base_centimes)

    def dire(self, signe: str) -> str:
        """« −10 % », « +2,00 € »."""
        return signe + (euros(self.centimes) if self.part is None else dire_part(self.part))


def lire_montant(table: Table, cle: str, defaut: int = 0) -> int:
    """« 8,50 » as 850 centimes; anything else is refused with the path of its key."""
    if cle not in table:
        return defaut
    brut = table.donnees[cle]
    trouve = _EUROS.fullmatch(_ESPACES.sub("", brut).removesuffix("€")) if isinstance(brut, str) else None
    if trouve is None:
        raise table.refuser(cle, f"« {brut} » n’est pas permis, il faut {MONTANT_ATTENDU}.")
    return int(trouve[1]) * 100 + int(trouve[2])


def lire_part(table: Table, cle: str, maxi: int = 1000) -> Fraction:
    """« 12,5 % » as 1/8."""
    brut = table.donnees[cle]
    part = _part(brut)
    if part is None or part * 100 > maxi:
        raise table.refuser(cle, f"« {brut} » n’est pas permis, il faut {PART_ATTENDUE}, {maxi} % au plus.")
    return part


def lire_ajustement(table: Table, cle: str, maxi: int = 1000) -> Ajustement:
    """A percentage or an amount."""
    if _part(table.donnees[cle]) is not None:
        return Ajustement(part=lire_part(table, cle, maxi))
    if isinstance(table.donnees[cle], str) and "%" in table.donnees[cle]:
        raise table.refuser(cle, f"« {table.donnees[cle]} » n’est pas permis, il faut {PART_ATTENDUE}.")
    return Ajustement(centimes=lire_montant(table, cle))


def _part(brut: object) -> Fraction | None:
    trouve = _PART.fullmatch(_ESPACES.sub("", brut)) if isinstance(brut, str) else None
    if trouve is None:
        return None
    decimales = trouve[2] or ""
    return Fraction(int(trouve[1] + decimales), 10 ** len(decimales) * 100)
