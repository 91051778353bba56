"""Reading a PES tree: the value of a leaf, an amount in centimes, a date; a piece with what its checks ask."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # nosec B405
from datetime import date


def v(noeud: ET.Element, chemin: str) -> str:
    """The value (attribute V) of the leaf at that path; empty when it is not there."""
    feuille = noeud.find(chemin)
    return "" if feuille is None else feuille.get("V", "")


def centimes(montant: str) -> int:
    """« 48.60 » → 4860; what is no amount counts for nothing."""
    lu = re.fullmatch(r"(-?)(\d+)(?:\.(\d{1,2}))?", montant)
    if lu is None:
        return 0
    valeur = int(lu[2]) * 100 + int((lu[3] or "0").ljust(2, "0"))
    return -valeur if lu[1] else valeur


def date_de(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


class Lu:
    """One piece as it is read: its invoice, its number, its lines, its debtors, its amount in centimes."""

    def __init__(self, noeud: ET.Element) -> None:
        bloc = noeud.find("BlocPiece")
        self.bloc = ET.Element("absent") if bloc is None else bloc
        self.facture = v(self.bloc, "NumeroFacture") or v(self.bloc, "NumDette")
        self.id_pce = v(self.bloc, "IdPce")
        self.lignes = noeud.findall("LigneDePiece")
        self.tiers = noeud.findall("LigneDePiece/Tiers")
        self.montant = sum(centimes(v(ligne, "BlocLignePiece/InfoLignePiece/MtHT")) for ligne in self.lignes)
