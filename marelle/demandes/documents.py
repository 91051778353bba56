"""Sending a document: its file, its row and its demande stand or fall together; the same file twice is one document."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from marelle.familles.models import Enfant, Famille
from marelle.pieces import rangement
from marelle.pieces import service as pieces
from marelle.pieces.models import Piece

from .fiches import deposer
from .models import Demande, Envoi
from .natures import Sujet, Transmettre
from .passages import Etat
from .passer import Auteur


def envoyer_document(
    famille: Famille,
    enfants: Sequence[Enfant],
    type_piece: str,
    annee: int | None,
    nom: str,
    originaux: bytes,
    auteur: Auteur,
    jeton: uuid.UUID,
) -> list[Piece]:
    """Send one file for each of these children (none: for the household); all of it or nothing.

    What is returned is new or was there already (same `jeton`, or same file for the same thing). Raises `FichierRefuse`
    when the file cannot be taken, `RangementImpossible` when the disk refuses.
    """
    ecrites: list[uuid.UUID] = []
    try:
        with transaction.atomic():
            Famille.objects.select_for_update().get(pk=famille.pk)
            pour: Sequence[Enfant | None] = enfants or [None]
            return [
                _un(famille, enfant, type_piece, annee, nom, originaux, auteur, _jeton(jeton, enfant), ecrites)
                for enfant in pour
            ]
    except BaseException:
        for cle in ecrites:
            rangement.jeter(cle)
        raise


def _jeton(jeton: uuid.UUID, enfant: Enfant | None) -> uuid.UUID:
    """One per child, always the same: the whole act posted twice is done once."""
    return jeton if enfant is None else uuid.uuid5(jeton, str(enfant.pk))


def _un(
    famille: Famille,
    enfant: Enfant | None,
    type_piece: str,
    annee: int | None,
    nom: str,
    originaux: bytes,
    auteur: Auteur,
    jeton: uuid.UUID,
    ecrites: list[uuid.UUID],
) -> Piece:
    deja = _du_jeton(famille, jeton) or pieces.deja_recue(famille, enfant, type_piece, originaux, annee)
    if deja is not None:
        return deja
    piece = pieces.recevoir(famille, enfant, type_piece, nom, originaux, annee)
    ecrites.append(piece.cle)
    reprise = _a_corriger(famille, enfant, type_piece)
    if reprise is not None:
        pieces.retirer(uuid.UUID(reprise.contenu["piece"]))
    contenu = {"piece": str(piece.cle), "type_piece": type_piece, "annee": annee, "nom": piece.nom}
    deposer(
        Sujet(famille, enfant),
        {Transmettre.CODE: contenu},
        auteur,
        jeton,
        reprise_id=reprise.pk if reprise else None,
    )
    return piece


def _du_jeton(famille: Famille, jeton: uuid.UUID) -> Piece | None:
    envoi = Envoi.objects.filter(famille=famille, jeton=jeton).first()
    demande = envoi.demandes.order_by("pk").first() if envoi else None
    return Piece.objects.filter(cle=demande.contenu["piece"]).first() if demande else None


def _a_corriger(famille: Famille, enfant: Enfant | None, type_piece: str) -> Demande | None:
    """The document of this kind that the service has sent back: the new file corrects it."""
    return Demande.objects.filter(
        famille=famille,
        enfant=enfant,
        nature=Transmettre.CODE,
        etat=Etat.A_CORRIGER,
        contenu_clair__type_piece=type_piece,
    ).first()


def motifs_des_pieces(famille: Famille) -> dict[str, dict[str, Any]]:
    """For each document of a household, by its key: the demande's number, its state and the service's reason."""
    lignes = Demande.objects.filter(famille=famille, nature=Transmettre.CODE).order_by("pk")
    return {
        une.contenu["piece"]: {"demande": une, "motif": une.motif, "etat": une.etat}
        for une in lignes
        if "piece" in une.contenu
    }
