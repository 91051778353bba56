"""What the service grants to a household about its prices: exceptions of residence, yearly waivers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from marelle.comptes.droits import Droit
from marelle.familles.gestion import une_famille
from marelle.familles.models import Famille
from marelle.socle.erreurs import Refus
from marelle.tarification import derogations as registre

from ..formulaires.derogations import FicheDerogation
from ..formulaires.quotients import AnnulationQuotient
from ..personne import RequeteAgent, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.GERER_FAMILLES)
def derogations(request: RequeteAgent, famille_id: int) -> HttpResponse:
    une = une_famille(famille_id)
    if not registre.derogations_possibles():
        raise Http404
    fiche = FicheDerogation(une, request.POST if request.method == "POST" else None)
    if request.method == "POST" and fiche.is_valid():
        registre.accorder(fiche.save(commit=False), une, request.agent)
        messages.success(request, f"Dérogation accordée à la famille {une.nom} ; elle vaut tout de suite.")
        return redirect("guichet:derogations", une.pk)
    return _page(request, une, fiche, statut=422 if fiche.errors else 200)


@require_POST
@pour(Droit.GERER_FAMILLES)
def annulation(request: RequeteAgent, famille_id: int, derogation_id: int) -> HttpResponse:
    """One that should not have been granted."""
    une, saisie = une_famille(famille_id), AnnulationQuotient(request.POST)
    try:
        if not saisie.is_valid():
            raise Refus("Dites en quelques mots pourquoi cette dérogation est annulée (200 caractères au plus).")
        registre.annuler_la_derogation(une, derogation_id, saisie.cleaned_data["motif"], request.agent)
    except Refus as refus:
        return _page(request, une, FicheDerogation(une), refus.phrase, refus.statut)
    messages.success(request, "La dérogation est annulée.")
    return redirect("guichet:derogations", une.pk)


def _page(request: RequeteAgent, famille: Famille, fiche: Any, refus: str = "", statut: int = 200) -> HttpResponse:
    noms = registre.derogations_possibles()
    lignes = [(une, noms.get((une.sorte, une.code), une.code)) for une in registre.derogations_de(famille)]
    contexte = {"famille": famille, "fiche": fiche, "derogations": lignes, "refus": refus}
    return render(request, "guichet/derogations.html", contexte, status=statut)
