"""Numbers without gaps, and the digests that chain what is written: under the lock of their counter's row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .models import Compteur, Regie


class Suite:
    """Gives the next numbers of one series. Make it inside the transaction that inserts the rows, and `finir` it there."""

    def __init__(self, regie: Regie, exercice: int, serie: str) -> None:
        Compteur.objects.get_or_create(regie=regie, exercice=exercice, serie=serie)
        self.compteur = Compteur.objects.select_for_update().get(regie=regie, exercice=exercice, serie=serie)

    def suivant(self) -> int:
        self.compteur.dernier += 1
        return self.compteur.dernier

    def enchainer(self, contenu: Mapping[str, Any]) -> str:
        """The digest of a row and of all those before it."""
        self.compteur.empreinte = chainer(self.compteur.empreinte, contenu)
        return self.compteur.empreinte

    def finir(self) -> None:
        self.compteur.save(update_fields=["dernier", "empreinte"])


def chainer(precedente: str, contenu: Mapping[str, Any]) -> str:
    ecrit = json.dumps(contenu, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(f"{precedente}\n{ecrit}".encode()).hexdigest()


def numero_de_facture(regie: Regie, exercice: int, rang: int) -> str:
    """« 202601000123 »: year, régie, rank: twelve digits, that the Treasury takes as NumDette (15 at most)."""
    return f"{exercice:04d}{regie.code:02d}{rang:06d}"


def numero_de_quittance(regie: Regie, exercice: int, rang: int) -> str:
    """« Q-2026-01-000123 »: the number of a payment and of its receipt."""
    return f"Q-{exercice:04d}-{regie.code:02d}-{rang:06d}"
