"""Files that families send, and those that they should not."""

import io
import struct
import zlib

from PIL import Image


def image(format_: str = "JPEG", cote: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    sortie = io.BytesIO()
    Image.new(mode, cote, "teal").save(sortie, format_, **options)
    return sortie.getvalue()


def photo_avec_lieu() -> bytes:
    """A photograph that says where and with what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "AppareilDeCamille"
    exif.get_ifd(0x8825)[1] = "N"
    return image(exif=exif)


def pdf(corps: bytes = b"", fin: bytes = b"%%EOF\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + corps + b"\ntrailer\n<< /Root 1 0 R >>\n" + fin


def flux(dictionnaire: bytes, contenu: bytes) -> bytes:
    serre = zlib.compress(contenu)
    return (
        b"2 0 obj\n<< "
        + dictionnaire
        + b" /Length %d /Filter /FlateDecode >>\nstream\n" % len(serre)
        + serre
        + b"\nendstream\nendobj\n"
    )


def bombe_png(cote: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that announces a billion pixels."""

    def bloc(genre: bytes, donnees: bytes) -> bytes:
        return struct.pack(">I", len(donnees)) + genre + donnees + struct.pack(">I", zlib.crc32(genre + donnees))

    entete = bloc(b"IHDR", struct.pack(">IIBBBBB", cote, cote, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + entete + bloc(b"IDAT", zlib.compress(b"\0" * 1000)) + bloc(b"IEND", b"")
