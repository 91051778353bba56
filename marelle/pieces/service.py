"""Receiving, serving and putting away documents; states follow the demande that carries each of them."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import PurePosixPath, PureWindowsPath

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from marelle.familles.models import Enfant, Famille
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import maintenant

from . import rangement
from .models import Piece
from .televersement import Recu
from .tenues import fichiers_tenus

EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}
# A refused document is kept for the time of a question about it.
CONSERVATION_REFUSEE = timedelta(days=180)
# Even opened by itself in a tab, a document runs nothing, loads nothing and belongs to no site.
BAC_A_SABLE = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Destination:
    """What a document is and for whom; `enfant` None: the whole household. `annee`: the September of its school year."""

    famille: Famille
    enfant: Enfant | None
    type_piece: str
    annee: int | None = None


def recevoir(pour: Destination, recu: Recu) -> Piece:
    """Keep a document: its file, then its row. Raises `RangementImpossible`.

    The caller's transaction may still be undone: the caller then removes the file (`demandes.documents` does), and the
    daily clean-up finds what a crash would leave.
    """
    piece = Piece(
        famille=pour.famille,
        enfant=pour.enfant,
        type_piece=pour.type_piece,
        annee=pour.annee,
        nom=nom_montrable(recu.nom, recu.document.format),
        format=recu.document.format,
        taille=len(recu.document.octets),
        empreinte=recu.empreinte,
    )
    rangement.ranger(piece.cle, recu.document.octets)
    try:
        piece.save(force_insert=True)
    except BaseException:
        rangement.jeter(piece.cle)
        raise
    return piece


def deja_recue(pour: Destination, recu: Recu) -> Piece | None:
    """The same file already sent by this household for the same thing, waiting or accepted."""
    return Piece.objects.filter(
        famille=pour.famille,
        enfant=pour.enfant,
        type_piece=pour.type_piece,
        annee=pour.annee,
        empreinte=recu.empreinte,
        etat__in=[Piece.Etat.EN_ATTENTE, Piece.Etat.ACCEPTEE],
    ).first()


def piece_de(famille: Famille, cle: uuid.UUID) -> Piece:
    """A document of this household; `Introuvable` for anybody else's, and for one taken back."""
    piece = Piece.objects.filter(famille=famille, cle=cle).exclude(etat=Piece.Etat.RETIREE).first()
    if piece is None:
        raise Introuvable("Ce document n’existe pas.")
    return piece


def pieces_de(famille: Famille) -> list[Piece]:
    """What a household has sent, the newest first, without what it took back."""
    return list(Piece.objects.filter(famille=famille).exclude(etat=Piece.Etat.RETIREE).select_related("enfant"))


def ouvrir(piece: Piece, *, en_ligne: bool = False) -> HttpResponse:
    """The answer that gives the file, for whoever the caller has checked. `en_ligne` shows an image in the page instead of
    downloading it; a PDF is always downloaded. Raises `Introuvable` when the file is gone."""
    octets = rangement.lire(piece.cle)
    est_telecharge = not (en_ligne and piece.format.startswith("image/"))
    return _reponse(octets, piece.format, piece.nom, est_telecharge=est_telecharge)


def montrer(cle: uuid.UUID, format_: str, nom: str, *, est_telecharge: bool = True) -> HttpResponse:
    """The same for a file that an app above holds. Raises `Introuvable` when the file is gone."""
    return _reponse(rangement.lire(cle), format_, nom, est_telecharge=est_telecharge)


def montrer_par_morceaux(cle: uuid.UUID, format_: str, nom: str, taille: int) -> StreamingHttpResponse:
    """The same for a large file of `taille` bytes, sent as it is read. Raises `Introuvable` before anything is sent."""
    morceaux = rangement.lire_par_morceaux(cle)
    premier = next(morceaux)
    entetes = _entetes(nom, est_telecharge=True) | {"Content-Length": str(taille)}
    return StreamingHttpResponse(chain([premier], morceaux), content_type=format_, headers=entetes)


def ouvrir_photo(enfant: Enfant) -> HttpResponse:
    """The photograph of a child, 400 px square. Raises `Introuvable` when there is none: the page shows the initial."""
    try:
        cle = uuid.UUID(enfant.photo)
    except ValueError:
        raise Introuvable("Il n’y a pas de photo.") from None
    return _reponse(rangement.lire(cle), "image/jpeg", "photo.jpg", est_telecharge=False)


def ranger_photo(octets: bytes) -> str:
    """Keep a photograph, redrawn; the value for `Enfant.photo`. Raises `FichierRefuse`."""
    cle = uuid.uuid4()
    from .images import portrait  # Pillow is large: see `formats`

    rangement.ranger(cle, portrait(octets))
    return str(cle)


def accepter(cle: uuid.UUID, du: date, au: date | None) -> None:
    """The service has accepted the document, for these days (both included; None: without end)."""
    Piece.objects.filter(cle=cle).update(etat=Piece.Etat.ACCEPTEE, valable_du=du, valable_au=au)


def refuser(cle: uuid.UUID) -> None:
    """The service has refused it; the file stays half a year for a question about it."""
    Piece.objects.filter(cle=cle).update(etat=Piece.Etat.REFUSEE)


def retirer(cle: uuid.UUID) -> None:
    """The family has taken it back: its file goes when the transaction stands."""
    if Piece.objects.filter(cle=cle).exclude(etat=Piece.Etat.ACCEPTEE).update(etat=Piece.Etat.RETIREE):
        transaction.on_commit(lambda: rangement.jeter(cle))


def faire_le_menage() -> int:
    """Remove files that nothing names, and those of documents refused half a year ago; returns how many. A daily job."""
    refusees = Piece.objects.filter(etat=Piece.Etat.REFUSEE, envoyee_le__lt=maintenant() - CONSERVATION_REFUSEE)
    gardees = set(Piece.objects.exclude(etat=Piece.Etat.RETIREE).exclude(pk__in=refusees).values_list("cle", flat=True))
    gardees |= {uuid.UUID(nom) for nom in Enfant.objects.exclude(photo="").values_list("photo", flat=True)}
    gardees |= fichiers_tenus()
    nombre = 0
    for fichier, cle in rangement.fichiers_anciens():
        if cle not in gardees:
            fichier.unlink(missing_ok=True)
            nombre += 1
    return nombre


def nom_montrable(nom: str, format_: str) -> str:
    """The family's name for the file, to be shown: no path, no control sign, and the extension of what it really is."""
    dernier = PureWindowsPath(PurePosixPath(nom).name).name
    net = "".join(signe for signe in unicodedata.normalize("NFC", dernier) if unicodedata.category(signe)[0] != "C")
    tronc = re.sub(r'[<>:"|?*\\/]+', " ", net).strip(" .")
    tronc = (tronc.rpartition(".")[0] or tronc).strip(" .")[:80]
    return f"{tronc or 'document'}{EXTENSIONS[format_]}"


def _reponse(octets: bytes, format_: str, nom: str, *, est_telecharge: bool) -> HttpResponse:
    return HttpResponse(octets, content_type=format_, headers=_entetes(nom, est_telecharge=est_telecharge))


def _entetes(nom: str, *, est_telecharge: bool) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(est_telecharge, nom) or "inline",
        "Content-Security-Policy": BAC_A_SABLE,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
