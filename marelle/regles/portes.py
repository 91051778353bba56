"""Which missing things of the file close an action, and on which days (R18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase

from marelle.regles.lecture import Table, liste, proposer
from marelle.regles.situation import Manque

CODES = (
    "dossier",
    "fiche_responsable",
    "fiche_enfant",
    "personnes_autorisees",
    "fiche_sanitaire",
    "autorisations",
    "modification_en_attente",
    "quotient_familial",
    "inscription",
    "adhesion",
    "dette",
)
PREFIXE_PIECE = "piece."


def manques_bloquants(portes: Sequence[str], manques: Sequence[Manque], jour: date) -> list[Manque]:
    """The missing things that close the action on this day, in the order of the gates.

    A document valid from one date to another blocks only the days that it does not cover."""
    en_cause = [m for m in manques if m.concerne(jour)]
    return [m for porte in portes for m in en_cause if fnmatchcase(m.code, porte)]


def lire_portes(table: Table, cle: str) -> tuple[str, ...]:
    """The codes a règlement names: one of CODES, « piece.<code> », or « piece.* »."""
    portes = table.textes(cle)
    for porte in portes:
        if porte not in CODES and not (porte.startswith(PREFIXE_PIECE) and len(porte) > len(PREFIXE_PIECE)):
            raise table.refuser(
                cle,
                f"« {porte} » n’est pas une porte connue.{proposer(porte, CODES)} "
                f"Valeurs permises : {liste(CODES)}, piece.<code>, piece.*.",
            )
    return portes
