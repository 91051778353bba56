"""The document that a demande carries, for who may read that demande; each opening is journaled."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from marelle.comptes.droits import Droit
from marelle.demandes.file import une_demande
from marelle.demandes.natures import piece as nature
from marelle.journal.service import noter
from marelle.pieces import service
from marelle.socle.erreurs import Introuvable

from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.LIRE_DEMANDES)
def piece(request: RequeteAgent, demande_id: int) -> HttpResponse:
    demande = une_demande(request.agent, demande_id)
    if demande.nature != nature.Transmettre.CODE:
        raise Introuvable("Cette demande ne porte pas de document.")
    document = service.piece_de(demande.famille, nature.cle(demande))
    noter(request.agent.compte, "piece.lecture", document, dossier=f"famille:{demande.famille_id}")
    return service.ouvrir(document, en_ligne=True)
