"""Who is named for each régie: the direction names and ends the mandates; nobody names themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.regie import regisseurs
from marelle.regie.acces import une_regie
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from ..formulaires.regie import Finir, Nommer
from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.GERER_AGENTS)
def liste(request: RequeteAgent) -> HttpResponse:
    return _page(request)


@require_POST
@pour(Droit.GERER_AGENTS)
def nommer(request: RequeteAgent, code: int) -> HttpResponse:
    regie = une_regie(code)
    saisie = Nommer(regie.code, regisseurs.agents_possibles(request.agent), request.POST)
    if not saisie.is_valid():
        return _page(request, {regie.pk: saisie}, statut=422)
    try:
        mandat = regisseurs.nommer(regie, regisseurs.Nomination(**saisie.cleaned_data), auteur=request.agent)
    except Refus as refus:
        return _page(request, {regie.pk: saisie}, refus.phrase, refus.statut)
    messages.success(request, f"{mandat.agent} a un mandat pour « {regie.nom} ».")
    return redirect("guichet:regisseurs")


@require_POST
@pour(Droit.GERER_AGENTS)
def finir(request: RequeteAgent, mandat_id: int) -> HttpResponse:
    saisie = Finir(request.POST)
    try:
        if not saisie.is_valid():
            raise Refus("Écrivez le dernier jour du mandat, par exemple 31/12/2026.")
        mandat = regisseurs.finir(mandat_id, saisie.cleaned_data["fin"], auteur=request.agent)
    except Refus as refus:
        return _page(request, refus=refus.phrase, statut=refus.statut)
    messages.success(request, f"Le mandat de {mandat.agent} finit le {mandat.fin:%d/%m/%Y}.")
    return redirect("guichet:regisseurs")


def _page(
    request: RequeteAgent, saisies: dict[int, Any] | None = None, refus: str = "", statut: int = 200
) -> HttpResponse:
    possibles = regisseurs.agents_possibles(request.agent)
    jour = aujourdhui()
    regies = [
        {
            "regie": regie,
            "mandats": [(un, un.couvre(jour), un.debut > jour) for un in mandats],
            "saisie": (saisies or {}).get(regie.pk) or Nommer(regie.code, possibles),
        }
        for regie, mandats in regisseurs.mandats_par_regie()
    ]
    contexte = {"regies": regies, "possibles": possibles, "fin": Finir(), "refus": refus}
    return render(request, "guichet/regie/regisseurs.html", contexte, status=statut)
