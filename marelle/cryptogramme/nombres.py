"""How is a number up to 999 written in words? « trois cent sept », « quatre-vingt-onze »."""

from __future__ import annotations

import re
import unicodedata

_PETITS = [
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
]
_DIZAINES = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def en_lettres(nombre: int) -> str:
    """The number in words, in the spelling that dictionaries print first; ValueError beyond 999."""
    if not 0 <= nombre <= 999:
        raise ValueError("only numbers from 0 to 999")
    centaines, reste = divmod(nombre, 100)
    if not centaines:
        return _jusqu_a_99(reste)
    tete = "cent" if centaines == 1 else f"{_PETITS[centaines]} cent"
    if not reste:
        return tete if centaines == 1 else f"{tete}s"
    return f"{tete} {_jusqu_a_99(reste)}"


def _jusqu_a_99(nombre: int) -> str:
    if nombre < 20:
        return _PETITS[nombre]
    if nombre == 80:
        return "quatre-vingts"
    # Sixty and eighty count up to nineteen: « soixante-douze », « quatre-vingt-douze ».
    base = nombre // 20 * 20 if nombre >= 60 else nombre // 10 * 10
    reste = nombre - base
    if not reste:
        return _DIZAINES[base]
    lien = " et " if reste in (1, 11) and base != 80 else "-"
    return f"{_DIZAINES[base]}{lien}{_PETITS[reste]}"


def se_lit(reponse: str, nombre: int) -> bool:
    """Whether an answer is this number: in digits, spaces forgiven, or in words, hyphens and accents forgiven."""
    nette = _simple(reponse)
    return nette.replace(" ", "") == str(nombre) or nette == _simple(en_lettres(nombre))


def _simple(texte: str) -> str:
    lettres = unicodedata.normalize("NFKD", texte[:80].lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(une for une in lettres if not unicodedata.combining(une))))
