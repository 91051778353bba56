"""How does a file arrive? Never more of it than the limit is written down; the form's field says in French what is wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from . import formats

ACCEPTE = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
MARQUE = "televersement_trop_lourd"


class Plafond(FileUploadHandler):
    """Drops a file as soon as it passes the limit, before it fills the disk, and leaves a mark on the request."""

    chunk_size = 64 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.recus = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.recus += len(raw_data)
        if self.recus > formats.OCTETS_MAX:
            setattr(self.request, MARQUE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def est_trop_lourd(request: Any) -> bool:
    """Whether a file of this request was dropped by `Plafond`."""
    return bool(getattr(request, MARQUE, False))


@dataclass(frozen=True, slots=True)
class Recu:
    """A file that may be kept: the name the family gave it, the digest of what arrived, and what it becomes."""

    nom: str
    empreinte: str
    document: formats.Document


def lire(nom: str, octets: bytes) -> Recu:
    """Raises `FichierRefuse` with the sentence to show."""
    return Recu(nom, hashlib.sha256(octets).hexdigest(), formats.examiner(octets))


class ChampFichier(forms.FileField):
    """A document to send; cleaned, it is a `Recu`."""

    widget = forms.FileInput(attrs={"accept": ACCEPTE})

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "PDF ou photo, 10 Mo au plus.")
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Recu | None:
        fichier: UploadedFile | None = super().clean(data, initial)
        if fichier is None:
            return None
        if (fichier.size or 0) > formats.OCTETS_MAX:
            raise forms.ValidationError(formats.TROP_LOURD, code="trop_lourd")
        fichier.seek(0)
        try:
            return lire(str(fichier.name), fichier.read())
        except formats.FichierRefuse as refus:
            raise forms.ValidationError(refus.phrase, code="refuse") from None
