"""The photograph of a child, for its own family."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from marelle.familles.selection import enfant_de
from marelle.pieces.service import ouvrir_photo

from ..personne import RequeteFamille, famille_requise


@require_safe
@famille_requise
def photo(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    return ouvrir_photo(enfant_de(request.famille, enfant_id))
