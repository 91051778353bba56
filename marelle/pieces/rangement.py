"""Where private files lie on disk: encrypted, under a name that is ours, all of a file or nothing of it.

The keys are those of the encrypted fields (rotation included): a copy of the folder alone says nothing. Nothing that a
family types ever becomes part of a path: a path is made of a UUID, and a text that is not one has no file.

A small file is one sealed token. A large one is written and read by pieces, so that nobody holds it whole in memory: a first
line that says so, then one token a line, each of which says whose piece it is, its rank, and whether it is the last.
"""

from __future__ import annotations

import os
import struct
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from cryptography.fernet import InvalidToken, MultiFernet
from django.conf import settings

from marelle.socle.coffre import coffre
from marelle.socle.erreurs import ErreurMarelle, Introuvable
from marelle.socle.horloge import dans

EXTENSION = ".piece"
EN_MORCEAUX = b"morceaux"
MORCEAU = 4 * 2**20  # bytes of a piece of a large file
_ENTETE = struct.Struct(">16sI?")  # the key of the file, the rank of the piece, whether it is the last
# A file without row is left alone that long: the transaction that will give it one may be under way.
DELAI_ORPHELIN = timedelta(days=1)


class RangementImpossible(ErreurMarelle):
    """The disk refuses: full, read-only, absent. Nothing has been kept."""

    statut = 503

    def __init__(self) -> None:
        super().__init__("Le fichier n’a pas pu être enregistré : réessayez dans quelques minutes.")


def chemin(cle: uuid.UUID) -> Path:
    """Two levels of folders, so that none grows without end."""
    nom = cle.hex
    return Path(settings.MEDIA_ROOT) / nom[:2] / nom[2:4] / f"{nom}{EXTENSION}"


def ranger(cle: uuid.UUID, octets: bytes) -> None:
    """Write the file of `cle`, whole or not at all. Raises `RangementImpossible` when the disk refuses."""
    _ecrire(cle, [coffre().encrypt(octets)])


def ranger_par_morceaux(cle: uuid.UUID, source: IO[bytes]) -> None:
    """The same for a large file, read from where `source` stands: the memory holds one piece of it at a time."""
    _ecrire(cle, _sceller(cle, source))


def _sceller(cle: uuid.UUID, source: IO[bytes]) -> Iterator[bytes]:
    yield EN_MORCEAUX
    rang, morceau = 0, source.read(MORCEAU)
    while True:
        suivant = source.read(MORCEAU)
        yield coffre().encrypt(_ENTETE.pack(cle.bytes, rang, not suivant) + morceau)
        if not suivant:
            return
        rang, morceau = rang + 1, suivant


def _ecrire(cle: uuid.UUID, lignes: Iterable[bytes]) -> None:
    arrivee = chemin(cle)
    brouillon: Path | None = None
    try:
        arrivee.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descripteur, nom = tempfile.mkstemp(dir=arrivee.parent, suffix=".tmp")
        brouillon = Path(nom)
        with os.fdopen(descripteur, "wb") as sortie:
            for rang, ligne in enumerate(lignes):
                sortie.write(b"\n" + ligne if rang else ligne)
            sortie.flush()
            os.fsync(sortie.fileno())
        brouillon.replace(arrivee)
    except OSError as erreur:
        if brouillon is not None:
            brouillon.unlink(missing_ok=True)
        raise RangementImpossible from erreur


def lire(cle: uuid.UUID) -> bytes:
    """The bytes of `cle`. Raises `Introuvable` when there is no such file, or when no key opens it."""
    return b"".join(lire_par_morceaux(cle))


def lire_par_morceaux(cle: uuid.UUID) -> Iterator[bytes]:
    """The same, a piece at a time for a file that was written so; a small file is one piece."""
    try:
        with chemin(cle).open("rb") as fichier:
            premiere = fichier.readline().rstrip(b"\n")
            if premiere != EN_MORCEAUX:
                yield bytes(coffre().decrypt(premiere))
                return
            yield from _desceller(cle, fichier)
    except (OSError, InvalidToken):
        raise Introuvable(
            "Ce fichier n’est plus disponible : demandez-le au service, ou envoyez-le de nouveau."
        ) from None


def _desceller(cle: uuid.UUID, jetons: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in their order, none missing, none of another file: otherwise `InvalidToken`."""
    est_fini = False
    for rang, jeton in enumerate(jetons):
        clair = bytes(coffre().decrypt(jeton.rstrip(b"\n")))
        a_qui, place, est_dernier = _ENTETE.unpack_from(clair)
        if est_fini or (a_qui, place) != (cle.bytes, rang):
            raise InvalidToken
        est_fini = est_dernier
        yield clair[_ENTETE.size :]
    if not est_fini:
        raise InvalidToken


def rechiffrer(lu: bytes, cles: MultiFernet) -> bytes:
    """The content of a file under the first of the keys. Raises `InvalidToken` when none of them opens it."""
    return b"\n".join(ligne if ligne == EN_MORCEAUX else cles.rotate(ligne) for ligne in lu.split(b"\n"))


def jeter(cle: uuid.UUID) -> None:
    """Remove the file of `cle`, if any."""
    chemin(cle).unlink(missing_ok=True)


def fichiers_anciens() -> Iterator[tuple[Path, uuid.UUID | None]]:
    """Every file older than `DELAI_ORPHELIN`, with its key (None for what an interrupted writing left)."""
    limite = dans(-DELAI_ORPHELIN)
    for fichier in sorted(Path(settings.MEDIA_ROOT).glob("??/??/*")):
        if fichier.is_file() and datetime.fromtimestamp(fichier.stat().st_mtime, tz=limite.tzinfo) < limite:
            yield fichier, _cle(fichier)


def _cle(fichier: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(fichier.stem) if fichier.suffix == EXTENSION else None
    except ValueError:
        return None
