"""Finding a household by what is said at the desk: a name, a child, a number, an address; accents and case do not matter."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from .models import Enfant, Famille, Responsable


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
    enfants = {cle for cle, *champs in Enfant.objects.values_list("pk", "prenom", "nom") if _contient(champs, mots)}
    return Trouvailles(frozenset(familles), frozenset(enfants))


def _contient(champs: list[str], mots: list[str]) -> bool:
    botte = sans_accents(" ".join(champs))
    return all(mot in botte for mot in mots)
