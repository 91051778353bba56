"""Prices by the slots of arrival and departure: each slot in which the child is there, be it a minute, is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time

from marelle.regles.calculs import Calcul
from marelle.regles.lecture import Table


@dataclass(frozen=True, slots=True)
class Creneau:
    """A slot of the day, its end excluded, and what being there in it costs."""

    nom: str
    de: time
    a: time
    prix: Calcul

    def est_touche(self, arrivee: time | None, depart: time | None) -> bool:
        """Whether a child there from `arrivee` to `depart` is there in it. None: from the start, to the end of the day."""
        if arrivee is not None and depart is not None and depart <= arrivee:
            return False
        return (arrivee is None or arrivee < self.a) and (depart is None or self.de < depart)


def lire_creneaux(table: Table, lire_calcul: Callable[[Table, str], Calcul]) -> tuple[Creneau, ...]:
    """In order, each beginning where the one before ends: a hole or an overlap is refused with its hours."""
    lus: list[Creneau] = []
    for rang, un in enumerate(table.tables("creneaux")):
        un.verifier(("nom", "de", "a", "prix"), ("nom", "de", "a", "prix"))
        creneau = Creneau(un.texte("nom"), un.heure("de", time()), un.heure("a", time()), lire_calcul(un, "prix"))
        if faute := _faute(lus, creneau):
            raise table.refuser(f"creneaux[{rang}]", faute)
        lus.append(creneau)
    return tuple(lus)


def _faute(avant: Sequence[Creneau], creneau: Creneau) -> str:
    if creneau.a <= creneau.de:
        return f"le créneau finit à {creneau.a:%H:%M}, il doit finir après {creneau.de:%H:%M}."
    if not avant:
        return ""
    fin = avant[-1].a
    if creneau.de > fin:
        return f'de {fin:%H:%M} à {creneau.de:%H:%M}, aucun prix : ajoutez un créneau, à "0,00" si rien n’est dû.'
    if creneau.de < fin:
        return f"de {creneau.de:%H:%M} à {fin:%H:%M}, deux prix : commencez à {fin:%H:%M}."
    return ""
