"""Control figures: SIRET, and the two keys of an article of rôle, which nobody has verified yet.

The annotations of the schemas say on what each ORMC key is computed; the technical annex that says how was not read. What
follows is what a free software of the field does, with the « code nature » of the annotation. It serves only when the
collectivité asks for it (`cles_ormc = true`), once its trésorerie has accepted a file: see docs/decisions/0021-pes.md.
"""

from __future__ import annotations

LETTRES = "ABCDEFGHJKLMNPQRSTUVWXY"


def siret_valide(siret: str) -> bool:
    """Fourteen digits with their Luhn key; La Poste (356000000) adds its own to a multiple of five."""
    if len(siret) != 14 or not siret.isascii() or not siret.isdigit():
        return False
    if siret.startswith("356000000") and sum(map(int, siret)) % 5 == 0:
        return True
    doubles = (int(chiffre) * (1 + rang % 2) for rang, chiffre in enumerate(reversed(siret)))
    return sum(double // 10 + double % 10 for double in doubles) % 10 == 0


def cle_modulo_11(chiffres: str) -> str:
    """Weights 2 to 7 from the right; a key over 9 is 1."""
    somme = sum(int(chiffre) * (2 + rang % 6) for rang, chiffre in enumerate(reversed(chiffres)))
    cle = 11 - somme % 11
    return str(cle) if cle <= 9 else "1"


def cle_modulo_23(chiffres: str) -> str:
    return LETTRES[int(chiffres) % 23]


def cles_d_article(
    code_collectivite: str, code_nature: str, exercice: int, mois: int, dette: str
) -> tuple[str, str, str]:
    """Per, Cle1, Cle2. Per has one digit: the units of the month, in the keys as in the file."""
    annee, periode, numero = f"{exercice % 100:02}", str(mois % 10), dette.zfill(13)
    cle1 = cle_modulo_11(f"{code_collectivite}{code_nature}{annee}{periode}{numero}")
    cle2 = cle_modulo_23(f"{annee}{periode}00{numero}")
    return periode, cle1, cle2
