"""What is in the parcel for the finance software: tables, JSON, one PDF per document; made by lots, in little memory.

The PDFs are drawn some at a time, each lot kept as an encrypted file until the parcel is made: a job that was interrupted
finds what it had drawn. A lot that nobody comes back for is removed by the nightly clean-up.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO

from marelle.creances.models import Facture
from marelle.pieces import rangement
from marelle.socle.erreurs import Introuvable

from .models import Export
from .neutre_tables import ecrire_json, lisezmoi, tables_de

PAR_LOT = 25  # documents drawn before the typesetter forgets: it keeps about a megabyte for each
ESPACE = uuid.UUID("6d0c9a37-52f1-4d0e-9a0b-2f8f4c1be7a5")


class FacturesDe:
    """The invoices of an export, by number, with their lines: read again each time they are gone through, a lot at a time."""

    def __init__(self, export: Export) -> None:
        self.cles = list(Facture.objects.filter(exports__export=export).order_by("numero").values_list("pk", flat=True))

    def __iter__(self) -> Iterator[Facture]:
        for cles in self.lots():
            yield from self.lot(cles)

    def lots(self) -> Iterator[Sequence[int]]:
        for debut in range(0, len(self.cles), PAR_LOT):
            yield self.cles[debut : debut + PAR_LOT]

    def lot(self, cles: Sequence[int]) -> list[Facture]:
        lues = Facture.objects.select_related("corrige", "regie").prefetch_related("lignes").in_bulk(cles)
        return [lues[cle] for cle in cles]


def composer(export: Export, sortie: IO[bytes]) -> None:
    """Write the zip into `sortie`."""
    factures = FacturesDe(export)
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, ecrire in tables_de(export, factures).items():
            with archive.open(nom, "w") as brut, io.TextIOWrapper(brut, "utf-8-sig", newline="") as texte:
                ecrire(texte)
        with archive.open("export.json", "w") as brut, io.TextIOWrapper(brut, "utf-8", newline="") as texte:
            ecrire_json(export, factures, texte)
        archive.writestr("LISEZMOI.txt", lisezmoi(export).encode("utf-8-sig"))
        for rang, cles in enumerate(factures.lots()):
            with zipfile.ZipFile(io.BytesIO(_lot(export, rang, factures.lot(cles)))) as dessines:
                for nom in dessines.namelist():
                    archive.writestr(nom, dessines.read(nom), zipfile.ZIP_STORED)


def oublier_les_lots(export: Export) -> None:
    """Once the parcel is kept, nobody needs them."""
    for rang, _ in enumerate(FacturesDe(export).lots()):
        rangement.jeter(_cle(export, rang))


def _lot(export: Export, rang: int, factures: Sequence[Facture]) -> bytes:
    """A zip of the PDFs of these: the one that an interrupted job had made, or a new one."""
    cle, voulus = _cle(export, rang), [_nom(une) for une in factures]
    try:
        octets = rangement.lire(cle)
        with zipfile.ZipFile(io.BytesIO(octets)) as dessines:
            if dessines.namelist() == voulus:
                return octets
    except Introuvable:
        pass
    octets = _dessiner(factures)
    rangement.ranger(cle, octets)
    return octets


def _dessiner(factures: Sequence[Facture]) -> bytes:
    from marelle.editions.service import oublier_les_pages
    from marelle.facturation.documents import pdf  # it reads this app

    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:
        for facture in factures:
            archive.writestr(_nom(facture), pdf(facture))
    oublier_les_pages()
    return sortie.getvalue()


def _nom(facture: Facture) -> str:
    from marelle.facturation.documents import nom_de_fichier

    return f"pdf/{nom_de_fichier(facture)}"


def _cle(export: Export, rang: int) -> uuid.UUID:
    return uuid.uuid5(ESPACE, f"export:{export.pk}:{PAR_LOT}:{rang}")
