"""The quotient of a household at the desk: its entries, a new one, the cancelling of a mistake."""

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
from marelle.socle.francais import nombre
from marelle.socle.horloge import aujourdhui
from marelle.tarification import quotients as registre
from marelle.tarification.api_particulier import est_ouverte
from marelle.tarification.derogations import derogations_possibles
from marelle.tarification.interrogation import demander_le_quotient
from marelle.tarification.reponses_particulier import JANVIER

from ..formulaires.interrogation import FicheInterrogation
from ..formulaires.quotients import AnnulationQuotient, FicheQuotient
from ..personne import RequeteAgent, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.GERER_FAMILLES)
def quotients(request: RequeteAgent, famille_id: int) -> HttpResponse:
    une = une_famille(famille_id)
    fiche = FicheQuotient(une, request.POST if request.method == "POST" else None)
    if request.method == "POST" and fiche.is_valid():
        saisi = registre.enregistrer(fiche.save(commit=False), une, request.agent)
        messages.success(request, f"Quotient {nombre(saisi.valeur)} enregistré pour la famille {une.nom}.")
        return redirect("guichet:famille", une.pk)
    return _page(request, une, fiche, statut=422 if fiche.errors else 200)


@require_POST
@pour(Droit.GERER_FAMILLES)
def annulation(request: RequeteAgent, famille_id: int, quotient_id: int) -> HttpResponse:
    """An entry that was a mistake; the one before counts again."""
    une = une_famille(famille_id)
    saisie = AnnulationQuotient(request.POST)
    try:
        if not saisie.is_valid():
            raise Refus("Dites en quelques mots pourquoi ce quotient est annulé (200 caractères au plus).")
        registre.annuler(une, quotient_id, saisie.cleaned_data["motif"], request.agent)
    except Refus as refus:
        return _page(request, une, FicheQuotient(une), refus.phrase, refus.statut)
    messages.success(request, "Le quotient est annulé ; le précédent compte de nouveau.")
    return redirect("guichet:quotients", une.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.GERER_FAMILLES)
def interrogation(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """Ask API Particulier, where the collectivité has its habilitation."""
    une, refus = une_famille(famille_id), None
    if not est_ouverte():
        raise Http404
    voulu = request.POST.get("adulte", "") or request.GET.get("adulte", "")
    fiche = FicheInterrogation(une, voulu, request.POST if request.method == "POST" else None)
    if fiche.choisi is None:
        raise Http404
    if request.method == "POST" and fiche.is_valid():
        try:
            lu = demander_le_quotient(une, fiche.responsable, fiche.identite, request.agent)
            messages.success(
                request, f"Quotient {nombre(lu.valeur)}, {lu.provenance}, enregistré pour la famille {une.nom}."
            )
            return redirect("guichet:quotients", une.pk)
        except Refus as dit:
            refus = dit
    janvier = JANVIER if aujourdhui().month == 1 else ""
    contexte = {"famille": une, "fiche": fiche, "refus": refus.phrase if refus else "", "janvier": janvier}
    statut = refus.statut if refus else 422 if fiche.errors else 200
    return render(request, "guichet/quotient_interrogation.html", contexte, status=statut)


def _page(request: RequeteAgent, famille: Famille, fiche: Any, refus: str = "", statut: int = 200) -> HttpResponse:
    contexte = {
        "famille": famille,
        "fiche": fiche,
        "quotients": registre.quotients_de(famille),
        "refus": refus,
        "peut_interroger": est_ouverte(),
        "a_des_derogations": bool(derogations_possibles()),
    }
    return render(request, "guichet/quotients.html", contexte, status=statut)
