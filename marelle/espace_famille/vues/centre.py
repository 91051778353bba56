"""The documents that the centre gives families to download."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.pieces.centre import ouvrir_publie, publies
from marelle.socle.horloge import aujourdhui

from ..personne import RequeteFamille, famille_requise


@require_safe
@famille_requise
def documents_du_centre(request: RequeteFamille) -> HttpResponse:
    return render(request, "espace_famille/documents_du_centre.html", {"documents": publies(aujourdhui())})


@require_safe
@famille_requise
def document_du_centre(request: RequeteFamille, cle: uuid.UUID) -> HttpResponse:
    """The file, while it is published."""
    return ouvrir_publie(cle, aujourdhui())
