"""The sheet of a child to print: which one to choose, and its PDF. Complete, it is written in the journal."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from marelle.demandes.fiche_imprimee import fiche_complete, fiche_simple
from marelle.familles.models import Enfant
from marelle.familles.selection import enfant_de

from ..personne import RequeteFamille, famille_requise


@require_safe
@famille_requise
def impression(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """« Imprimer »: simple or complete."""
    contexte = {"enfant": enfant_de(request.famille, enfant_id)}
    return render(request, "espace_famille/dossier/impression.html", contexte)


@require_safe
@famille_requise
def simple(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    le = enfant_de(request.famille, enfant_id)
    return _pdf(le, "simple", fiche_simple(le, [request.famille]))


@require_safe
@famille_requise
def complete(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """With the health sheet: for the household of the child, and no other."""
    le = enfant_de(request.famille, enfant_id)
    adresse = request.META.get("REMOTE_ADDR", "")
    return _pdf(le, "complete", fiche_complete(le, [request.famille], request.acces.compte, adresse))


def _pdf(enfant: Enfant, sorte: str, octets: bytes) -> HttpResponse:
    entetes = {
        "Content-Disposition": content_disposition_header(False, f"fiche-{sorte}-{enfant.prenom}.pdf") or "inline",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
