"""What SEPA asks of a file for the bank as of one for the Treasury: the letters it takes, how long a mandate lives unused."""

from __future__ import annotations

from datetime import date

from marelle.regles.calendrier import plus_des_mois

MOIS_SANS_PRELEVEMENT = 36
SIGNES = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/?:().,-+' ")


def en_signes_sepa(texte: str) -> str:
    """That text, whose letters have no accents any more, in these signs: « & » is said, the rest becomes a space."""
    return " ".join("".join(un if un in SIGNES else " " for un in texte.replace("&", " et ")).split())


def caduc_le(dernier: date) -> date:
    """The first day on which a mandate is void: 36 calendar months after its last collection, or after its signature when
    there was none (the last day of the month when that day does not exist)."""
    return plus_des_mois(dernier, MOIS_SANS_PRELEVEMENT)
