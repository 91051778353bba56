"""The letters that SEPA messages take, in a file for the bank as in one for the Treasury: nothing else gets through."""

from __future__ import annotations

SIGNES = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/?:().,-+' ")


def en_signes_sepa(texte: str) -> str:
    """That text, whose letters have no accents any more, in these signs: « & » is said, the rest becomes a space."""
    return " ".join("".join(un if un in SIGNES else " " for un in texte.replace("&", " et ")).split())
