"""How does a PDF become a form to fill on screen? Its boxes are links that name their field; each becomes a field in place.

Typst draws no form. It does draw links, with their rectangle, their tag and their place in the reading order: changing a link
into a field keeps all three, so that a screen reader meets the fields where the eye does. What is typed is set in our own
font, embedded whole: the document stays readable by everyone and fit for the archives.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from .glyphes import REGULIER

PREFIXE = "champ"
POLICE, CORPS = "/Marelle", 10
RADIO = 1 << 15  # among boxes of one name, one at most
LONGUEUR = 120
IMPRIMABLE = NumberObject(4)
COCHE = b"q 1.1 w 0.125 0.141 0.169 RG 2.4 5.4 m 4.8 2.8 l 9 8.6 l S Q"


def remplissable(pdf: bytes) -> bytes:
    """The same document, each link « champ:<sorte>:<nom>:<valeur>:<ce que dit le lecteur d'écran> » made a field."""
    lecteur = PdfReader(io.BytesIO(pdf))
    ecrivain = PdfWriter(clone_from=lecteur)
    ecrivain.pdf_header = lecteur.pdf_header
    balises = _balises(ecrivain)
    police = ecrivain._add_object(_police(ecrivain))
    ressources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject(POLICE): police})})
    champs, groupes = ArrayObject(), _groupes(ecrivain)
    faits: dict[str, Any] = {}
    for annotation, (sorte, nom, valeur, dit) in _liens(ecrivain):
        balises[annotation["/StructParent"]][NameObject("/S")] = NameObject("/Form")
        _devenir_un_champ(annotation, dit)
        if sorte == "texte":
            _texte(ecrivain, annotation, nom, ressources)
            champs.append(annotation.indirect_reference)
            continue
        _case(ecrivain, annotation, valeur)
        if groupes[nom] == 1:
            annotation.update({NameObject("/FT"): NameObject("/Btn"), NameObject("/T"): TextStringObject(nom)})
            champs.append(annotation.indirect_reference)
        else:
            _ranger(ecrivain, annotation, nom, faits, champs)
    ecrivain.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): champs,
            NameObject("/DR"): ressources,
            NameObject("/DA"): TextStringObject(f"{POLICE} {CORPS} Tf 0 g"),
        }
    )
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def _liens(ecrivain: PdfWriter) -> Iterator[tuple[Any, list[str]]]:
    for page in ecrivain.pages:
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            mots = str(annotation.get("/Contents", "")).split(":", 4)
            if annotation["/Subtype"] == "/Link" and mots[0] == PREFIXE and len(mots) == 5:
                yield annotation, mots[1:]


def _groupes(ecrivain: PdfWriter) -> Mapping[str, int]:
    """How many boxes carry each name."""
    noms: dict[str, int] = {}
    for _, (_, nom, _, _) in _liens(ecrivain):
        noms[nom] = noms.get(nom, 0) + 1
    return noms


def _balises(ecrivain: PdfWriter) -> dict[int, Any]:
    """The tag of each annotation, by the number that both carry."""
    trouvees: dict[int, Any] = {}
    a_lire: list[Any] = [ecrivain.root_object["/StructTreeRoot"]["/ParentTree"]]  # type: ignore[index]
    while a_lire:
        noeud = a_lire.pop().get_object()
        paires = noeud.get("/Nums", ())
        trouvees.update((numero, balise.get_object()) for numero, balise in zip(paires[::2], paires[1::2], strict=True))
        a_lire.extend(noeud.get("/Kids", ()))
    return trouvees


def _devenir_un_champ(annotation: Any, dit: str) -> None:
    for cle in ("/A", "/Border", "/Contents"):
        annotation.pop(cle, None)
    annotation.update(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/F"): IMPRIMABLE,
            NameObject("/TU"): TextStringObject(dit),
        }
    )


def _texte(ecrivain: PdfWriter, annotation: Any, nom: str, ressources: DictionaryObject) -> None:
    annotation.update(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject(nom),
            NameObject("/MaxLen"): NumberObject(LONGUEUR),
            NameObject("/DA"): TextStringObject(f"{POLICE} {CORPS} Tf 0 g"),
            NameObject("/AP"): DictionaryObject(
                {NameObject("/N"): _apparence(ecrivain, annotation, b"/Tx BMC EMC", ressources)}
            ),
        }
    )


def _case(ecrivain: PdfWriter, annotation: Any, valeur: str) -> None:
    cochee, vide = _apparence(ecrivain, annotation, COCHE), _apparence(ecrivain, annotation, b"")
    etats = DictionaryObject({NameObject(f"/{valeur}"): cochee, NameObject("/Off"): vide})
    annotation.update(
        {NameObject("/AS"): NameObject("/Off"), NameObject("/AP"): DictionaryObject({NameObject("/N"): etats})}
    )


def _ranger(
    ecrivain: PdfWriter,
    annotation: Any,
    nom: str,
    faits: dict[str, Any],
    champs: ArrayObject,
) -> None:
    """Put a box with the others of its name: one field, of which one box is ticked at most."""
    if nom not in faits:
        groupe = DictionaryObject(
            {
                NameObject("/FT"): NameObject("/Btn"),
                NameObject("/Ff"): NumberObject(RADIO),
                NameObject("/T"): TextStringObject(nom),
                NameObject("/TU"): TextStringObject(str(annotation["/TU"]).rpartition(",")[0] or nom),
                NameObject("/Kids"): ArrayObject(),
            }
        )
        faits[nom] = ecrivain._add_object(groupe)
        champs.append(faits[nom])
    annotation[NameObject("/Parent")] = faits[nom]
    faits[nom].get_object()["/Kids"].append(annotation.indirect_reference)


def _apparence(
    ecrivain: PdfWriter, annotation: Any, dessin: bytes, ressources: DictionaryObject | None = None
) -> IndirectObject:
    gauche, bas, droite, haut = (float(un) for un in annotation["/Rect"])
    flux = StreamObject()
    flux.set_data(dessin)
    flux.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(un) for un in (0, 0, droite - gauche, haut - bas)),
            NameObject("/Resources"): ressources or DictionaryObject(),
        }
    )
    return ecrivain._add_object(flux)


def _police(ecrivain: PdfWriter) -> DictionaryObject:
    """Our font for what is typed: the Latin letters of Windows, which every reader of PDF knows how to write."""
    octets, largeurs, (ascendante, descendante), boite = _mesures()
    fichier = StreamObject()
    fichier.set_data(octets)
    fichier[NameObject("/Length1")] = NumberObject(len(octets))
    descripteur = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/FontDescriptor"),
            NameObject("/FontName"): NameObject("/SourceSansPro-Regular"),
            NameObject("/Flags"): NumberObject(32),
            NameObject("/FontBBox"): ArrayObject(NumberObject(un) for un in boite),
            NameObject("/ItalicAngle"): NumberObject(0),
            NameObject("/Ascent"): NumberObject(ascendante),
            NameObject("/Descent"): NumberObject(-descendante),
            NameObject("/CapHeight"): NumberObject(656),
            NameObject("/StemV"): NumberObject(84),
            NameObject("/FontFile2"): ecrivain._add_object(fichier.flate_encode()),
        }
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/TrueType"),
            NameObject("/BaseFont"): NameObject("/SourceSansPro-Regular"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            NameObject("/FirstChar"): NumberObject(32),
            NameObject("/LastChar"): NumberObject(255),
            NameObject("/Widths"): ArrayObject(NumberObject(une) for une in largeurs),
            NameObject("/FontDescriptor"): ecrivain._add_object(descripteur),
        }
    )


@lru_cache(maxsize=1)
def _mesures() -> tuple[bytes, list[int], tuple[int, int], tuple[int, ...]]:
    """The font's file, the widths of the characters 32 to 255 of Windows, how high and low it goes, and its box."""
    octets = REGULIER.read_bytes()
    from PIL import ImageFont  # large: only the processes that make documents carry it

    police = ImageFont.truetype(io.BytesIO(octets), 1000)
    lettres = (bytes([code]).decode("cp1252", "replace") for code in range(32, 256))
    largeurs = [0 if une == "\ufffd" else round(police.getlength(une)) for une in lettres]
    nombre = struct.unpack_from(">H", octets, 4)[0]
    tables = {
        octets[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">I", octets, 20 + 16 * n)[0] for n in range(nombre)
    }
    return octets, largeurs, police.getmetrics(), struct.unpack_from(">4h", octets, tables[b"head"] + 36)
