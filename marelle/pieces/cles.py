"""Is every document there and readable with the keys in force, and how do files pass to the newest one?"""

from __future__ import annotations

import uuid
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from marelle.familles.models import Enfant
from marelle.socle.chiffrement import Bilan
from marelle.socle.coffre import coffre

from .models import Piece
from .rangement import EXTENSION, chemin, rechiffrer
from .tenues import fichiers_tenus


def verifier() -> Bilan:
    """Decrypt every file and forget it; the files that rows name and that are not there count as unreadable."""
    return _parcourir(renouvelle=False)


def renouveler() -> Bilan:
    """Encrypt every file again with the first key; each is replaced at once, so that readers are never between two."""
    return _parcourir(renouvelle=True)


def _parcourir(*, renouvelle: bool) -> Bilan:
    cles = coffre()
    fichiers = sorted(Path(settings.MEDIA_ROOT).glob(f"??/??/*{EXTENSION}"))
    absents = [f"document {cle}, absent" for cle in _attendus() if not chemin(cle).is_file()]
    illisibles = []
    for fichier in fichiers:
        try:
            nouveau = rechiffrer(fichier.read_bytes(), cles)
        except InvalidToken:
            illisibles.append(f"document {fichier.stem}")
            continue
        if renouvelle:
            _remplacer(fichier, nouveau)
    return Bilan(len(fichiers) + len(absents), illisibles + absents)


def _attendus() -> list[uuid.UUID]:
    """The files that a family or the service may ask for: documents waiting or accepted, photographs, and
    what the apps above hold."""
    etats = [Piece.Etat.EN_ATTENTE, Piece.Etat.ACCEPTEE]
    pieces = list(Piece.objects.filter(etat__in=etats).order_by("pk").values_list("cle", flat=True))
    photos = Enfant.objects.exclude(photo="").order_by("pk").values_list("photo", flat=True)
    return [*pieces, *(uuid.UUID(photo) for photo in photos), *sorted(fichiers_tenus())]


def _remplacer(fichier: Path, octets: bytes) -> None:
    brouillon = fichier.with_suffix(".tmp")
    brouillon.touch(mode=0o600)
    brouillon.write_bytes(octets)
    brouillon.replace(fichier)
