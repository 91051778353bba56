"""How one price is shared between those who pay it, so that equal prices add up again to the centime; and custody weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from marelle.regles.montants import arrondir

# From so many percent to so many, out of a total: « 0 to 50 of 100 » is the first half, « 50 to 100 » the second.
Part = tuple[int, int, int]


def parts_de(pourcents: Sequence[int]) -> list[Part]:
    """The shares of several payers, one after the other; they make a whole even when they do not make 100."""
    total, debut, parts = sum(pourcents), 0, []
    for pourcent in pourcents:
        parts.append((debut, debut + pourcent, total))
        debut += pourcent
    return parts


def part_du(montant: int, part: Part) -> int:
    """What that share is of an amount (≥ 0, centimes or minutes): the shares of one amount add up to it exactly."""
    debut, fin, total = part
    if total <= 0:
        return 0
    return arrondir(Fraction(montant * fin, total)) - arrondir(Fraction(montant * debut, total))


def parts_du(montant: int, parts: Sequence[Part]) -> int:
    """A share of a share: the household's, then the adult's."""
    for part in parts:
        montant = part_du(montant, part)
    return montant


def dire_les_parts(parts: Sequence[Part]) -> str:
    """« part de garde 50 % », « part de garde 50 %, part de l’adulte 60 % »."""
    noms = ("part de garde", "part de l’adulte")
    dites = [
        f"{nom} {arrondir(Fraction(100 * (fin - debut), total))} %"
        for nom, (debut, fin, total) in zip(noms, parts, strict=False)
        if total and fin - debut != total
    ]
    return ", ".join(dites)


def semaine_est_paire(jour: date, jour_bascule: int) -> bool:
    """Whether the custody week of that day is an even one: it has the ISO number of the day on which it began."""
    debut = jour - timedelta(days=(jour.weekday() - jour_bascule) % 7)
    return debut.isocalendar().week % 2 == 0
