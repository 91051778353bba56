"""What is this file, by its content and not by its name? PDF as it is once searched, images redrawn, the rest refused."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from marelle.socle.erreurs import ErreurMarelle

OCTETS_MAX = 10 * 1024 * 1024
COTE_MAX = 2600  # an A4 page photographed stays legible
PIXELS_MAX = {"JPEG": 64_000_000, "PNG": 20_000_000}  # a JPEG is opened reduced; a PNG is opened whole
COTE_PHOTO = 400
QUALITE = 85
OUVERT_MAX = 32 * 1024 * 1024  # what the object streams of a PDF may weigh once inflated

TROP_LOURD = "Le fichier dépasse 10 Mo : envoyez une photo moins grande, ou un PDF plus léger."
VIDE = "Ce fichier est vide : choisissez-en un autre."
INCONNU = "Envoyez un PDF ou une photo (JPEG ou PNG) : ce fichier est d’une autre sorte."
HEIC = (
    "Cette photo est au format HEIC, que beaucoup d’ordinateurs ne lisent pas : envoyez-la en JPEG "
    "(sur un iPhone : Réglages, Appareil photo, Formats, « Le plus compatible »), ou une copie d’écran."
)
ABIME = "Ce fichier est abîmé : ouvrez-le chez vous pour vérifier, puis envoyez-le de nouveau."
TROP_GRANDE = "Cette image a trop de pixels : envoyez une photo moins grande."
PDF_ACTIF = "Ce PDF contient un programme ou un fichier caché : imprimez-le en PDF, ou envoyez-en une photo."
PDF_ABIME = "Ce PDF est incomplet : ouvrez-le chez vous pour vérifier, puis envoyez-le de nouveau."


class FichierRefuse(ErreurMarelle):
    """The file cannot be taken; the sentence says what to send instead."""

    statut = 422


@dataclass(frozen=True, slots=True)
class Document:
    """A file that may be kept: its type and its bytes."""

    format: str
    octets: bytes


def examiner(octets: bytes) -> Document:
    """The document that these bytes make, images redrawn. Raises `FichierRefuse` with the sentence to show."""
    if not octets:
        raise FichierRefuse(VIDE)
    if len(octets) > OCTETS_MAX:
        raise FichierRefuse(TROP_LOURD)
    if octets.startswith(b"%PDF-"):
        _fouiller_pdf(octets)
        return Document("application/pdf", octets)
    from . import images  # Pillow is large: only the processes that are sent a picture carry it

    if octets.startswith(b"\xff\xd8\xff"):
        return Document("image/jpeg", images.redessiner(octets, "JPEG"))
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return Document("image/jpeg", images.redessiner(octets, "PNG"))
    if octets[4:8] == b"ftyp" and octets[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heif", b"avif"}:
        raise FichierRefuse(HEIC)
    raise FichierRefuse(INCONNU)


# What makes a PDF act: scripts, programs to launch, files inside, forms of another kind.
_ACTIF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])")
_ECHAPPE = re.compile(rb"#([0-9A-Fa-f]{2})")
DICTIONNAIRE_MAX = 400  # bytes before « stream » among which its dictionary is looked for


def _fouiller_pdf(octets: bytes) -> None:
    """Refuse what acts, and what is cut. Compressed object streams are opened: the actions may lie there."""
    if b"%%EOF" not in octets[-2048:]:
        raise FichierRefuse(PDF_ABIME)
    dehors, flux = _separer(octets)
    for morceau in (dehors, *_ouvrir_les_flux(flux)):
        if _ACTIF.search(_sans_detour(morceau)):
            raise FichierRefuse(PDF_ACTIF)


def _sans_detour(octets: bytes) -> bytes:
    """Names as they are read: « /#4AS » is a way to write « /JS »."""
    return _ECHAPPE.sub(lambda trouve: bytes([int(trouve[1], 16)]), octets) if b"#" in octets else octets


def _separer(octets: bytes) -> tuple[bytes, list[bytes]]:
    """What lies outside the streams, and the bytes of the object streams. One pass, whatever the file says."""
    dehors, flux, ici = [], [], 0
    while (debut := octets.find(b"stream", ici)) >= 0:
        fin = octets.find(b"endstream", debut + 6)
        if fin < 0:
            break
        dehors.append(octets[ici:debut])
        if b"ObjStm" in _sans_detour(octets[max(ici, debut - DICTIONNAIRE_MAX) : debut]):
            flux.append(octets[debut + 6 : fin].lstrip(b"\r\n"))
        ici = fin + 9
    dehors.append(octets[ici:])
    return b"\n".join(dehors), flux


def _ouvrir_les_flux(flux: list[bytes]) -> Iterator[bytes]:
    reste = OUVERT_MAX
    for serre in flux:
        try:
            ouvert = zlib.decompressobj().decompress(serre, reste)
        except zlib.error:  # encrypted, or packed otherwise: what cannot be opened here is served for download only
            continue
        reste -= len(ouvert)
        if reste <= 0:
            raise FichierRefuse(PDF_ACTIF)
        yield ouvert
