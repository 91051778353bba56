"""A price as it is shown, then billed: a frozen value made of lines that add up to it, with the words that explain each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marelle.regles.phrases import typo


@dataclass(frozen=True, slots=True)
class LigneDePrix:
    """One step of a price, in centimes (negative: taken off). `tiers`: the code of who pays it instead of the family."""

    sorte: str
    libelle: str
    montant_centimes: int
    detail: str = ""
    tiers: str = ""

    @property
    def dite(self) -> str:
        """« Accueil (tranche C, QF 712) », « 2e enfant −10 % »: what is read beside the amount."""
        if not self.detail or self.detail.casefold().startswith(self.libelle.casefold()):
            return self.detail[:1].upper() + self.detail[1:] or self.libelle
        return f"{self.libelle} ({self.detail})"


@dataclass(frozen=True, slots=True)
class Prix:
    """What a day (or an inscription, or a package) costs. The total is the sum of the lines: nothing is rounded after them."""

    nom: str
    lignes: tuple[LigneDePrix, ...]
    deliberation: str
    en_vigueur_le: date
    quotient: int | None = None
    est_maximum: bool = False
    suit_la_facture: bool = False  # the quotient of the day of the invoice will count: until then, an estimate

    @property
    def total_centimes(self) -> int:
        """What the family owes."""
        return sum(ligne.montant_centimes for ligne in self.lignes)

    @property
    def tiers_centimes(self) -> dict[str, int]:
        """What others owe, by the code of each."""
        dus: dict[str, int] = {}
        for ligne in self.lignes:
            if ligne.tiers:
                dus[ligne.tiers] = dus.get(ligne.tiers, 0) - ligne.montant_centimes
        return dus

    @property
    def explication(self) -> str:
        """« tranche C, QF 712, 2e enfant −10 %, hors CC +20 % »."""
        return typo(", ".join(dict.fromkeys(ligne.detail for ligne in self.lignes if ligne.detail)))

    def en_donnees(self) -> dict[str, Any]:
        """As JSON keeps it; the total is written too, to be checked when it is read again."""
        return {
            "nom": self.nom,
            "lignes": [[un.sorte, un.libelle, un.montant_centimes, un.detail, un.tiers] for un in self.lignes],
            "deliberation": self.deliberation,
            "en_vigueur_le": self.en_vigueur_le.isoformat(),
            "quotient": self.quotient,
            "est_maximum": self.est_maximum,
            "total_centimes": self.total_centimes,
        }

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> Prix:
        """The same price again; raises ValueError when its lines do not add up to the total that was written."""
        prix = cls(
            donnees["nom"],
            tuple(LigneDePrix(*ligne) for ligne in donnees["lignes"]),
            donnees["deliberation"],
            date.fromisoformat(donnees["en_vigueur_le"]),
            donnees["quotient"],
            donnees["est_maximum"],
        )
        if prix.total_centimes != donnees["total_centimes"]:
            raise ValueError("prix altéré : ses lignes ne font pas son total")
        return prix
