"""Where private files lie on disk: encrypted, under a name that is ours, all of a file or nothing of it.

The keys are those of the encrypted fields (rotation included): a copy of the folder alone says nothing. Nothing that a
family types ever becomes part of a path: a path is made of a UUID, and a text that is not one has no file.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from encrypted_fields.fields import EncryptedTextField

from marelle.socle.erreurs import ErreurMarelle, Introuvable
from marelle.socle.horloge import maintenant

EXTENSION = ".piece"
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
    arrivee = chemin(cle)
    brouillon: Path | None = None
    try:
        arrivee.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descripteur, nom = tempfile.mkstemp(dir=arrivee.parent, suffix=".tmp")
        brouillon = Path(nom)
        with os.fdopen(descripteur, "wb") as sortie:
            sortie.write(_coffre().encrypt(octets))
            sortie.flush()
            os.fsync(sortie.fileno())
        brouillon.replace(arrivee)
    except OSError as erreur:
        if brouillon is not None:
            brouillon.unlink(missing_ok=True)
        raise RangementImpossible from erreur


def lire(cle: uuid.UUID) -> bytes:
    """The bytes of `cle`. Raises `Introuvable` when there is no such file, or when no key opens it."""
    try:
        return bytes(_coffre().decrypt(chemin(cle).read_bytes()))
    except (OSError, InvalidToken):
        raise Introuvable(
            "Ce fichier n’est plus disponible : demandez-le au service, ou envoyez-le de nouveau."
        ) from None


def jeter(cle: uuid.UUID) -> None:
    """Remove the file of `cle`, if any."""
    chemin(cle).unlink(missing_ok=True)


def fichiers_anciens() -> Iterator[tuple[Path, uuid.UUID | None]]:
    """Every file older than `DELAI_ORPHELIN`, with its key (None for what an interrupted writing left)."""
    limite = maintenant() - DELAI_ORPHELIN
    for fichier in sorted(Path(settings.MEDIA_ROOT).glob("??/??/*")):
        if fichier.is_file() and datetime.fromtimestamp(fichier.stat().st_mtime, tz=limite.tzinfo) < limite:
            yield fichier, _cle(fichier)


def _cle(fichier: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(fichier.stem) if fichier.suffix == EXTENSION else None
    except ValueError:
        return None


@cache
def _coffre() -> Fernet | MultiFernet:
    """Deriving the keys takes a tenth of a second: once per process."""
    coffre: Fernet | MultiFernet = EncryptedTextField().f
    return coffre
