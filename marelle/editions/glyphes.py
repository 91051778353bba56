"""Which characters the PDF's font can draw, and what to write instead of the others: a PDF/A refuses a missing glyph."""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

import font_source_sans_pro

DOSSIER = Path(font_source_sans_pro.font_directory)
REGULIER = DOSSIER / "SourceSansPro-Regular.ttf"
INCONNU = "?"


def dessinable(texte: str) -> str:
    """The text with each character that the font lacks replaced by its plain letter when it has one, else by « ? »."""
    texte = unicodedata.normalize("NFC", texte)
    if texte.isascii() or all(ord(c) in _couverture() for c in texte if c not in "\n\t"):
        return texte
    return "".join(_un(c) for c in texte)


def _un(caractere: str) -> str:
    if caractere in "\n\t" or ord(caractere) in _couverture():
        return caractere
    if unicodedata.category(caractere) in {"Mn", "Cf", "Cc", "Sk"}:  # marks and joiners draw nothing by themselves
        return ""
    simples = [c for c in unicodedata.normalize("NFKD", caractere) if ord(c) in _couverture()]
    return "".join(simples) or INCONNU


@lru_cache(maxsize=1)
def _couverture() -> frozenset[int]:
    """The code points of the font, read from its `cmap` table (formats 4 and 12 of the OpenType specification)."""
    donnees = REGULIER.read_bytes()
    nombre = struct.unpack_from(">H", donnees, 4)[0]
    tables = {
        donnees[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">I", donnees, 20 + 16 * n)[0] for n in range(nombre)
    }
    cmap = tables[b"cmap"]
    points: set[int] = set()
    for n in range(struct.unpack_from(">H", donnees, cmap + 2)[0]):
        debut = cmap + struct.unpack_from(">I", donnees, cmap + 8 + 8 * n)[0]
        lire = {4: _format_4, 12: _format_12}.get(struct.unpack_from(">H", donnees, debut)[0])
        points |= lire(donnees, debut) if lire else set()
    return frozenset(points)


def _format_4(donnees: bytes, debut: int) -> set[int]:
    segments = struct.unpack_from(">H", donnees, debut + 6)[0] // 2
    fins = struct.unpack_from(f">{segments}H", donnees, debut + 14)
    debuts = struct.unpack_from(f">{segments}H", donnees, debut + 16 + 2 * segments)
    return {point for de, a in zip(debuts, fins, strict=True) for point in range(de, a + 1) if point != 0xFFFF}


def _format_12(donnees: bytes, debut: int) -> set[int]:
    groupes = struct.unpack_from(">I", donnees, debut + 12)[0]
    bornes = (struct.unpack_from(">II", donnees, debut + 16 + 12 * n) for n in range(groupes))
    return {point for de, a in bornes for point in range(de, a + 1)}
