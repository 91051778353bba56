"""Pictures that families send, drawn again: upright, reduced, without what hid beside the pixels."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from .formats import ABIME, COTE_MAX, COTE_PHOTO, PIXELS_MAX, QUALITE, TROP_GRANDE, FichierRefuse


def portrait(octets: bytes) -> bytes:
    """A photograph as a square JPEG of 400 px, cut around its middle. Raises `FichierRefuse`."""
    genre = "JPEG" if octets.startswith(b"\xff\xd8\xff") else "PNG"
    with _ouvrir(octets, genre, COTE_PHOTO) as image:
        carre = ImageOps.fit(_a_plat(image), (COTE_PHOTO, COTE_PHOTO))
    return _jpeg(carre)


def redessiner(octets: bytes, genre: str) -> bytes:
    """The same picture drawn again: what hid beside the pixels (place, date, another file) does not survive."""
    with _ouvrir(octets, genre, COTE_MAX) as image:
        plate = _a_plat(image)
    plate.thumbnail((COTE_MAX, COTE_MAX))
    return _jpeg(plate)


def _ouvrir(octets: bytes, genre: str, cote: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of big images: their size is judged here, on the header
            image = Image.open(io.BytesIO(octets), formats=[genre])
        if image.width * image.height > PIXELS_MAX[genre]:
            raise FichierRefuse(TROP_GRANDE)
        image.draft("RGB", (cote, cote))
        image.load()
    except FichierRefuse:
        raise
    except Image.DecompressionBombError:
        raise FichierRefuse(TROP_GRANDE) from None
    except Exception as erreur:  # whatever a decoder finds in a broken file
        raise FichierRefuse(ABIME) from erreur
    return image


def _a_plat(image: Image.Image) -> Image.Image:
    """Upright, in plain colours, on white where it was transparent."""
    droite = ImageOps.exif_transpose(image)
    if droite.mode in ("RGBA", "LA", "PA", "P"):
        avec_alpha = droite.convert("RGBA")
        fond = Image.new("RGB", avec_alpha.size, "white")
        fond.paste(avec_alpha, mask=avec_alpha.getchannel("A"))
        return fond
    return droite.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    sortie = io.BytesIO()
    Image.Image.save(Image.frombytes("RGB", image.size, image.tobytes()), sortie, "JPEG", quality=QUALITE)
    return sortie.getvalue()
