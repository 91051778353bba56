"""Finding a household by what is said at the desk: a name, a child, a number, an address, the telephone that rings.

Accents and case do not matter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from .models import Enfant, Famille, Responsable

RESSEMBLANCE = 0.75  # of difflib: one letter of four wrong or missing, « hilere » for « Hilaire »
VOISINS = 20
CHIFFRES_AU_MOINS = 5  # « 06 12 34 »: fewer would find too many, and the numbers of files


@dataclass(frozen=True, slots=True)
class Trouvailles:
    """Households found by themselves or by an adult, and children found by their own name."""

    familles: frozenset[int]
    enfants: frozenset[int]


def sans_accents(texte: str) -> str:
    """Small letters without accents; apostrophes and hyphens are spaces: « Saint-Hilaire » is found by « saint hil »."""
    plat = unicodedata.normalize("NFKD", texte.casefold())
    lettres = "".join(c for c in plat if not unicodedata.combining(c))
    return " ".join(lettres.replace("-", " ").replace("’", " ").replace("'", " ").split())


def chercher(texte: str) -> Trouvailles:
    """Every word must be found in the same name. Compared here and not by the database: SQLite does not know accents."""
    mots = sans_accents(texte).split()
    if not mots:
        return Trouvailles(frozenset(), frozenset())
    familles = {cle for cle, *champs in Famille.objects.values_list("pk", "nom", "numero") if _contient(champs, mots)}
    adultes = Responsable.objects.values_list("famille_id", "prenom", "nom", "courriel")
    familles |= {cle for cle, *champs in adultes if _contient(champs, mots)}
    familles |= _par_telephone(texte)
    enfants = {cle for cle, *champs in Enfant.objects.values_list("pk", "prenom", "nom") if _contient(champs, mots)}
    return Trouvailles(frozenset(familles), frozenset(enfants))


def chercher_de_pres(texte: str) -> Trouvailles:
    """Those whose names look like these words, as they were heard on the telephone: « benhadou » for « Benhaddou »."""
    familles = [(cle, nom) for cle, nom in Famille.objects.values_list("pk", "nom")]
    adultes = [(cle, " ".join(n)) for cle, *n in Responsable.objects.values_list("famille_id", "prenom", "nom")]
    enfants = [(cle, " ".join(noms)) for cle, *noms in Enfant.objects.values_list("pk", "prenom", "nom")]
    botte = {nom: sans_accents(nom).split() for _, nom in [*familles, *adultes, *enfants]}
    connus = sorted({mot for mots in botte.values() for mot in mots})
    voulus = [get_close_matches(mot, connus, VOISINS, RESSEMBLANCE) for mot in sans_accents(texte).split()[:6]]

    def de_pres(lignes: Iterable[tuple[int, str]]) -> frozenset[int]:
        return frozenset(cle for cle, nom in lignes if voulus and all(set(botte[nom]) & set(un) for un in voulus))

    return Trouvailles(de_pres([*familles, *adultes]), de_pres(enfants))


def _par_telephone(texte: str) -> set[int]:
    """« 06 12 34 56 78 », « +33612345678 », « 0612345 » without its end: however it was written, here and there."""
    cherche = _chiffres(texte)
    if len(cherche) < CHIFFRES_AU_MOINS or any(lettre.isalpha() for lettre in texte):
        return set()
    lignes = Responsable.objects.values_list("famille_id", "mobile", "telephone")
    return {cle for cle, *numeros in lignes if any(_chiffres(un).startswith(cherche) for un in numeros)}


def _chiffres(numero: str) -> str:
    """The digits of a number, without the 0 or the 33 that French ones begin with."""
    chiffres = "".join(c for c in numero if c.isdecimal())
    est_international = numero.strip().startswith(("+33", "0033"))
    return chiffres.lstrip("0").removeprefix("33") if est_international else chiffres.lstrip("0")


def _contient(champs: list[str], mots: list[str]) -> bool:
    botte = sans_accents(" ".join(champs))
    return all(mot in botte for mot in mots)
