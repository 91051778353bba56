"""The sheet of a child on paper, from the desk: simple for who reads the files, complete for who may read health sheets."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from marelle.comptes.droits import Droit
from marelle.demandes.fiche_imprimee import fiche_complete, fiche_simple
from marelle.familles import gestion
from marelle.familles.models import Enfant, Famille

from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.LIRE_FAMILLES)
def simple(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    enfant, foyers = _qui(famille_id, enfant_id)
    return _pdf(enfant, "simple", fiche_simple(enfant, foyers))


@require_safe
@pour(Droit.LIRE_FAMILLES)
@pour(Droit.LIRE_SANTE)
def complete(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    """With the health sheet; the reading is journaled."""
    enfant, foyers = _qui(famille_id, enfant_id)
    adresse = request.META.get("REMOTE_ADDR", "")
    return _pdf(enfant, "complete", fiche_complete(enfant, foyers, request.agent.compte, adresse))


def _qui(famille_id: int, enfant_id: int) -> tuple[Enfant, list[Famille]]:
    """The child and all its households, the one that is open first: the service calls whoever answers."""
    famille = gestion.une_famille(famille_id)
    enfant = gestion.un_enfant(famille, enfant_id)
    autres = enfant.familles.exclude(pk=famille.pk).order_by("nom", "pk")
    return enfant, [famille, *autres]


def _pdf(enfant: Enfant, sorte: str, octets: bytes) -> HttpResponse:
    entetes = {
        "Content-Disposition": content_disposition_header(False, f"fiche-{sorte}-{enfant.prenom}.pdf") or "inline",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
