"""Invented certificates, as a family photographs them: a page with a title, a name and the word « exemple »."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont

from marelle.pieces import rangement

FORMAT = (620, 440)
POLICE = Path(font_source_sans_pro.font_directory) / "SourceSansPro-Regular.ttf"


def attestation(titre: str, nom: str, annee: str) -> bytes:
    """A JPEG that says what it certifies, for whom and for which year."""
    image = Image.new("RGB", FORMAT, "#fbf8f1")
    dessin = ImageDraw.Draw(image)
    dessin.rectangle((16, 16, FORMAT[0] - 16, FORMAT[1] - 16), outline="#7c7468", width=2)
    for haut, taille, texte in (
        (50, 24, titre),
        (130, 32, nom),
        (185, 24, f"Année scolaire {annee}"),
        (330, 20, "Mutuelle Exemple – document inventé pour la démonstration"),
    ):
        dessin.text((50, haut), texte, fill="#26221c", font=_police(taille))
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", quality=70)
    return sortie.getvalue()


def ranger_copies(cles: Sequence[uuid.UUID], octets: bytes) -> None:
    """The same file under several keys: written once, then one more name for it (thousands of families in seconds)."""
    for cle in cles[:1]:
        rangement.ranger(cle, octets)
    for cle in cles[1:]:
        arrivee = rangement.chemin(cle)
        arrivee.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(rangement.chemin(cles[0]), arrivee)
        except OSError:  # a disk without links
            rangement.ranger(cle, octets)


@cache
def _police(taille: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(POLICE), taille)
