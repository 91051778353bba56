"""The files joined to messages: what may be joined, how they are kept, who opens them, which ones are in use."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.db import transaction
from django.http import HttpResponse

from marelle.pieces import rangement
from marelle.pieces.service import montrer, nom_montrable
from marelle.pieces.televersement import Recu

from .models import Message, PieceJointe

AU_PLUS = 3  # files for one message


@contextmanager
def fichiers_de_la_transaction() -> Iterator[list[uuid.UUID]]:
    """A transaction, and the files that it has written: they go away with it when it is undone."""
    ecrits: list[uuid.UUID] = []
    try:
        with transaction.atomic():
            yield ecrits
    except BaseException:
        for cle in ecrits:
            rangement.jeter(cle)
        raise


def joindre(message: Message, recus: Sequence[Recu], ecrits: list[uuid.UUID]) -> None:
    """Keep these files with the message. Raises `RangementImpossible` when the disk refuses."""
    for recu in recus:
        piece = PieceJointe(
            message=message,
            nom=nom_montrable(recu.nom, recu.document.format),
            format=recu.document.format,
            taille=len(recu.document.octets),
        )
        ecrits.append(piece.cle)
        rangement.ranger(piece.cle, recu.document.octets)
        piece.save(force_insert=True)


def ouvrir(piece: PieceJointe) -> HttpResponse:
    """The answer that gives the file, always as a download, for whoever the caller has checked."""
    return montrer(piece.cle, piece.format, piece.nom)


def jeter(cles: Iterable[uuid.UUID]) -> None:
    """Remove these files once the transaction stands."""
    for cle in list(cles):
        transaction.on_commit(partial(rangement.jeter, cle))


def cles_tenues() -> list[uuid.UUID]:
    """Every file that a message holds."""
    return list(PieceJointe.objects.order_by("pk").values_list("cle", flat=True))
