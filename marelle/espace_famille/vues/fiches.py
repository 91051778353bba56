"""What the pages of sheets share: what was posted, keeping a draft, showing the page again with what is to correct."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from ..fiches import Fiche
from ..personne import RequeteFamille


def donnees(request: RequeteFamille) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def demande_une_ligne(request: RequeteFamille) -> bool:
    """Whether the button pressed only asks for one more group of fields."""
    return request.method == "POST" and "ajouter" in request.POST


def garder(request: RequeteFamille, page: Fiche) -> HttpResponse:
    """« Enregistrer sans valider »."""
    page.garder()
    messages.success(request, "C’est enregistré. Rien n’est envoyé : validez la fiche quand elle est complète.")
    return redirect(request.path)


def montrer(request: RequeteFamille, gabarit: str, page: Fiche, contexte: dict[str, Any]) -> HttpResponse:
    """The page; 422 when something is to correct. Asking for one more person is not a fault, and says none."""
    est_en_faute = request.method == "POST" and not demande_une_ligne(request)
    return render(request, gabarit, {**contexte, "form": page}, status=422 if est_en_faute else 200)
