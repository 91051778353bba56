"""Sending a document: its file, its row and its demande stand or fall together; the same file twice is one document."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from marelle.familles.models import Enfant, Famille
from marelle.pieces import rangement
from marelle.pieces import service as pieces
from marelle.pieces.models import Piece
from marelle.pieces.televersement import Recu
from marelle.socle.horloge import aujourdhui

from .fiches import deposer
from .models import Demande, Envoi
from .natures import Sujet, Transmettre
from .natures.piece import nom_du_type
from .passages import Etat
from .passer import Auteur


def envoyer_document(
    famille: Famille,
    enfants: Sequence[Enfant],
    type_piece: str,
    annee: int | None,
    recu: Recu,
    auteur: Auteur,
    jeton: uuid.UUID,
) -> list[Piece]:
    """Send one file for each of these children (none: for the household); all of it or nothing.

    What is returned is new or was there already (same `jeton`, or same file for the same thing). Raises `FichierRefuse`
    when the file cannot be taken, `RangementImpossible` when the disk refuses.
    """
    ecrites: list[uuid.UUID] = []
    pour: Sequence[Enfant | None] = enfants or [None]
    try:
        with transaction.atomic():
            Famille.objects.select_for_update().get(pk=famille.pk)
            return [
                _un(pieces.Destination(famille, enfant, type_piece, annee), recu, auteur, jeton, ecrites)
                for enfant in pour
            ]
    except BaseException:
        for cle in ecrites:
            rangement.jeter(cle)
        raise


def _un(pour: pieces.Destination, recu: Recu, auteur: Auteur, jeton: uuid.UUID, ecrites: list[uuid.UUID]) -> Piece:
    # One token per child, always the same: the whole act posted twice is done once.
    sien = jeton if pour.enfant is None else uuid.uuid5(jeton, str(pour.enfant.pk))
    deja = _du_jeton(pour.famille, sien) or pieces.deja_recue(pour, recu)
    if deja is not None:
        return deja
    piece = pieces.recevoir(pour, recu)
    ecrites.append(piece.cle)
    reprise = _a_corriger(pour)
    if reprise is not None:
        pieces.retirer(uuid.UUID(reprise.contenu["piece"]))
    contenu = {"piece": str(piece.cle), "type_piece": pour.type_piece, "annee": pour.annee, "nom": piece.nom}
    deposer(
        Sujet(pour.famille, pour.enfant),
        {Transmettre.CODE: contenu},
        auteur,
        sien,
        reprise_id=reprise.pk if reprise else None,
    )
    return piece


def _du_jeton(famille: Famille, jeton: uuid.UUID) -> Piece | None:
    envoi = Envoi.objects.filter(famille=famille, jeton=jeton).first()
    demande = envoi.demandes.order_by("pk").first() if envoi else None
    return Piece.objects.filter(cle=demande.contenu["piece"]).first() if demande else None


def _a_corriger(pour: pieces.Destination) -> Demande | None:
    """The document of this kind that the service has sent back: the new file corrects it."""
    return Demande.objects.filter(
        famille=pour.famille,
        enfant=pour.enfant,
        nature=Transmettre.CODE,
        etat=Etat.A_CORRIGER,
        contenu_clair__type_piece=pour.type_piece,
    ).first()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the family sees it. `etat`: en_attente, a_corriger, acceptee, perimee, refusee."""

    piece: Piece
    nom: str
    pour: str
    etat: str
    motif: str
    envoyee_le: datetime


def documents_de(famille: Famille) -> list[Document]:
    """What a household has sent, the newest first, with the service's answers. Two queries."""
    demandes = {
        demande.contenu.get("piece"): demande
        for demande in Demande.objects.filter(famille=famille, nature=Transmettre.CODE).order_by("pk")
    }
    return [_document(piece, demandes.get(str(piece.cle))) for piece in pieces.pieces_de(famille)]


def _document(piece: Piece, demande: Demande | None) -> Document:
    nom = nom_du_type({"type_piece": piece.type_piece, "annee": piece.annee})
    etat: str = piece.etat
    if demande is not None and demande.etat == Etat.A_CORRIGER:
        etat = "a_corriger"
    elif etat == Piece.Etat.ACCEPTEE and piece.valable_au is not None and piece.valable_au < aujourdhui():
        etat = "perimee"
    pour = piece.enfant.prenom if piece.enfant is not None else "Toute la famille"
    return Document(piece, nom, pour, etat, demande.motif if demande else "", piece.envoyee_le)
