"""Who pays for a household, at the desk: each form is one act, said in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.facturation import qui_paie as reglages
from marelle.familles.gestion import une_famille
from marelle.familles.models import Famille
from marelle.familles.selection import adultes_de
from marelle.socle.erreurs import Refus

from ..formulaires.facturation_payeurs import FicheAide, FicheFin, FicheForfait, FicheGarde, FicheParts
from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.FACTURER)
def qui_paie(request: RequeteAgent, famille_id: int) -> HttpResponse:
    return _page(request, une_famille(famille_id), {})


def _page(request: RequeteAgent, famille: Famille, remplies: dict[str, Any], statut: int = 200) -> HttpResponse:
    """Every form, one of them perhaps as it was filled badly."""
    vu = reglages.qui_paie(famille)
    parts = {une.responsable_id: une.part_pourcent for une in vu.parts}
    aides, forfaits = reglages.aides_en_vigueur(), reglages.forfaits_en_vigueur()
    contexte = {
        "famille": famille,
        "vu": vu,
        "gardes": [remplies.get(f"garde{un.pk}") or FicheGarde(un, foyers, reglee) for un, foyers, reglee in vu.gardes],
        "parts": remplies.get("parts") or FicheParts(adultes_de(famille), parts),
        "aide": (remplies.get("aide") or FicheAide(famille)) if aides else None,
        "forfait": (remplies.get("forfait") or FicheForfait(famille)) if forfaits else None,
        "prises": [(une, aides.get(une.aide, une.aide)) for une in vu.prises],
        "abonnements": [(un, forfaits.get(un.forfait, un.forfait)) for un in vu.abonnements],
        "refus": remplies.get("refus", ""),
    }
    return render(request, "guichet/facturation/qui_paie.html", contexte, status=statut)


def _agir(
    request: RequeteAgent, famille: Famille, nom: str, fiche: forms.Form, geste: Callable[[], object], dit: str
) -> HttpResponse:
    """Do it, or show the form again with what is wrong."""
    if fiche.is_valid():
        try:
            with transaction.atomic():
                geste()
        except Refus as refus:
            fiche.add_error(None, refus.phrase)
        else:
            messages.success(request, dit)
            return redirect("guichet:qui_paie", famille.pk)
    return _page(request, famille, {nom: fiche}, 422)


@require_POST
@pour(Droit.FACTURER)
def garde(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    famille = une_famille(famille_id)
    un, foyers, reglee = reglages.une_garde(famille, enfant_id)
    fiche = FicheGarde(un, foyers, reglee, request.POST)

    def geste() -> object:
        lues = fiche.cleaned_data
        return reglages.repartir_la_garde(
            famille, enfant_id, lues["mode"], lues["famille_paire"], lues["jour_bascule"], request.agent
        )

    return _agir(
        request, famille, f"garde{enfant_id}", fiche, geste, f"{un.prenom} : enregistré pour les prochaines factures."
    )


@require_POST
@pour(Droit.FACTURER)
def parts(request: RequeteAgent, famille_id: int) -> HttpResponse:
    famille = une_famille(famille_id)
    fiche = FicheParts(adultes_de(famille), {}, request.POST)
    return _agir(
        request, famille, "parts", fiche,
        lambda: reglages.partager_entre_adultes(famille, fiche.parts(), request.agent),
        "Enregistré pour les prochaines factures.",
    )  # fmt: skip


@require_POST
@pour(Droit.FACTURER)
def aide(request: RequeteAgent, famille_id: int) -> HttpResponse:
    famille = une_famille(famille_id)
    fiche = FicheAide(famille, request.POST)

    def geste() -> object:
        lues = fiche.cleaned_data
        return reglages.accorder(
            famille,
            lues["aide"],
            fiche.payeur(),
            lues["debut"],
            lues["fin"],
            lues["enfant"],
            lues["reference"],
            request.agent,
        )

    return _agir(request, famille, "aide", fiche, geste, "Aide accordée : l’organisme recevra sa facture.")


@require_POST
@pour(Droit.FACTURER)
def forfait(request: RequeteAgent, famille_id: int) -> HttpResponse:
    famille = une_famille(famille_id)
    fiche = FicheForfait(famille, request.POST)

    def geste() -> object:
        lues = fiche.cleaned_data
        return reglages.abonner(famille, lues["enfant"], lues["forfait"], lues["debut"], lues["fin"], request.agent)

    return _agir(request, famille, "forfait", fiche, geste, "Forfait enregistré.")


@require_POST
@pour(Droit.FACTURER)
def fin(request: RequeteAgent, famille_id: int, sorte: str, cle: int) -> HttpResponse:
    """The last day of an aide or of a package."""
    famille, fiche = une_famille(famille_id), FicheFin(request.POST)
    try:
        if not fiche.is_valid():
            raise Refus("Donnez le dernier jour, par exemple 31/12/2026.")
        reglages.terminer(famille, sorte, cle, fiche.cleaned_data["fin"], request.agent)
    except Refus as refus:
        return _page(request, famille, {"refus": refus.phrase}, refus.statut)
    messages.success(request, "La fin est enregistrée.")
    return redirect("guichet:qui_paie", famille.pk)
