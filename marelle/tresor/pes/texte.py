"""Texts for a file in ISO-8859-1: what it cannot say is written otherwise, what is too long is cut between words."""

from __future__ import annotations

import unicodedata

from marelle.regles.sepa import en_signes_sepa

# What ISO-8859-1 lacks and French uses. Anything else loses its accent, or becomes « ? ».
ECRITS_AUTREMENT = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "Ÿ": "Y", "€": "EUR", "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"',
        "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "\u202f": " ", "\u2009": " ", "\u00a0": " ",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ħ": "h", "•": "-", "→": "->", "×": "x",
    }
)  # fmt: skip
INCONNU = "?"


def en_latin1(texte: str) -> str:
    """That text in the characters of ISO-8859-1, on one line: never an exception, never a character dropped in silence (one
    that has no other writing is « ? »: `est_altere` says so)."""
    ecrit = unicodedata.normalize("NFC", texte).translate(ECRITS_AUTREMENT)
    return " ".join("".join(_signe(un) for un in ecrit).split())


def est_altere(texte: str) -> bool:
    """Whether a character of that text has no writing at all in ISO-8859-1."""
    return en_latin1(texte).count(INCONNU) > texte.count(INCONNU)


def _signe(signe: str) -> str:
    if ord(signe) < 256:
        return signe if signe.isprintable() else " "
    if unicodedata.category(signe) in ("Cf", "Mn"):  # marks that are not letters: joiners, loose accents
        return ""
    nu = "".join(un for un in unicodedata.normalize("NFKD", signe) if not unicodedata.combining(un))
    return nu if nu and all(ord(un) < 256 and un.isprintable() for un in nu) else INCONNU


def lignes(texte: str, longueur: int, nombre: int) -> tuple[list[str], str]:
    """Up to `nombre` lines of `longueur` characters, cut between words (inside one that is longer), and what is left over."""
    mots = texte.split()
    faites: list[str] = []
    while mots and len(faites) < nombre:
        ligne = ""
        while mots and len(f"{ligne} {mots[0]}".strip()) <= longueur:
            ligne = f"{ligne} {mots.pop(0)}".strip()
        if not ligne:
            ligne, mots[0] = mots[0][:longueur], mots[0][longueur:]
        faites.append(ligne)
    return faites, " ".join(mots)


def en_sepa(texte: str) -> str:
    """That text in the characters of SEPA messages: letters lose their accents, the rest becomes a space."""
    nu = unicodedata.normalize("NFKD", en_latin1(texte))
    return en_signes_sepa("".join(un for un in nu if not unicodedata.combining(un)))
