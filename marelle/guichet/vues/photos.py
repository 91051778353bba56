"""The photographs of children at the desk: in force, asked for beside it, taken away for the family."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.demandes.file import une_demande
from marelle.demandes.photos import photo_de, retirer_photo
from marelle.familles import gestion
from marelle.pieces.service import montrer, ouvrir_photo
from marelle.socle.francais import de

from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.LIRE_FAMILLES)
def photo(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    return ouvrir_photo(gestion.un_enfant(gestion.une_famille(famille_id), enfant_id))


@require_safe
@pour(Droit.LIRE_DEMANDES)
def demandee(request: RequeteAgent, demande_id: int) -> HttpResponse:
    """The photograph that a demande asks for."""
    return montrer(photo_de(une_demande(request.agent, demande_id)), "image/jpeg", "photo.jpg", est_telecharge=False)


@require_POST
@pour(Droit.GERER_FAMILLES)
def retrait(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    """For a family that asks for it by telephone; it is in the journal."""
    famille = gestion.une_famille(famille_id)
    le = gestion.un_enfant(famille, enfant_id)
    if retirer_photo(le, famille, request.agent.compte):
        messages.success(request, f"La photo {de(le.prenom)} est retirée.")
    return redirect("guichet:enfant", famille.pk, le.pk)
