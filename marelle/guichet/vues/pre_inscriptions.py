"""The families without access who sent their sheet: those that wait, one of them with its possible doubles, the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marelle.collectivite.identite import identite
from marelle.comptes.droits import Droit
from marelle.scolarite import pre_inscription as fiches
from marelle.scolarite.models import PreInscription
from marelle.socle.erreurs import Refus

from ..formulaires.pre_inscriptions import Accord, RefusDeLaFiche
from ..personne import RequeteAgent, pour
from ..pre_inscription import presenter

PAR_PAGE = 30
Vue = Callable[..., HttpResponse]


def si_ouverte(vue: Vue) -> Vue:
    """A 404 where the collectivité has no such sheet."""

    @wraps(vue)
    def gardee(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if identite().pre_inscription is None:
            raise Http404
        return vue(request, *args, **kwargs)

    return gardee


@require_safe
@pour(Droit.LIRE_FAMILLES)
@si_ouverte
def pre_inscriptions(request: RequeteAgent) -> HttpResponse:
    """Those that wait, first come first; or those that were answered."""
    repondues = request.GET.get("vue") == "repondues"
    choisies = fiches.repondues() if repondues else fiches.recues()
    feuille = Paginator(choisies, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": feuille,
        "lignes": [presenter(une) for une in feuille],
        "repondues": repondues,
        "ancienne": None if repondues else fiches.ancienne(choisies),
        "vues": _onglets(repondues),
        "requete": "vue=repondues&" if repondues else "",
    }
    return render(request, "guichet/pre_inscriptions.html", contexte)


def _onglets(repondues: bool) -> list[dict[str, Any]]:
    adresse = reverse("guichet:pre_inscriptions")
    return [
        {"libelle": "Demandes", "lien": reverse("guichet:demandes"), "est_courant": False, "nombre": 0},
        {"libelle": "Pré-inscriptions à traiter", "lien": adresse, "est_courant": not repondues, "nombre": 0},
        {"libelle": "Répondues", "lien": f"{adresse}?vue=repondues", "est_courant": repondues, "nombre": 0},
    ]


@require_safe
@pour(Droit.LIRE_FAMILLES)
@si_ouverte
def pre_inscription(request: RequeteAgent, fiche_id: int) -> HttpResponse:
    """One sheet, with the households that look like it, and the two answers."""
    return _page(request, fiches.une_pre_inscription(fiche_id))


def _page(
    request: RequeteAgent, fiche: PreInscription, *, refus: str = "", statut: int = 200, **saisies: Any
) -> HttpResponse:
    contexte = {
        "fiche": presenter(fiche),
        "doublons": fiches.doublons(fiche),
        "refus": refus,
        "accord": saisies.get("accord") or Accord(),
        "refuser": saisies.get("refuser") or RefusDeLaFiche(),
    }
    return render(request, "guichet/pre_inscription.html", contexte, status=statut)


@require_POST
@pour(Droit.GERER_FAMILLES)
@si_ouverte
def accepter(request: RequeteAgent, fiche_id: int) -> HttpResponse:
    """The family is created and invited."""
    fiche = fiches.une_pre_inscription(fiche_id)
    accord = Accord(request.POST)
    accord.is_valid()
    try:
        famille = fiches.accepter(
            fiche_id, request.agent, malgre_les_doublons=accord.cleaned_data["malgre_les_doublons"]
        )
    except Refus as refus:
        return _page(request, fiche, refus=refus.phrase, statut=refus.statut, accord=accord)
    messages.success(
        request,
        f"La famille {famille.nom} est créée sous le numéro {famille.numero}, et son invitation part par e-mail.",
    )
    return redirect("guichet:famille", famille.pk)


@require_POST
@pour(Droit.GERER_FAMILLES)
@si_ouverte
def refuser(request: RequeteAgent, fiche_id: int) -> HttpResponse:
    fiche = fiches.une_pre_inscription(fiche_id)
    saisie = RefusDeLaFiche(request.POST)
    if not saisie.is_valid():
        return _page(request, fiche, statut=422, refuser=saisie)
    try:
        fiches.refuser(fiche_id, request.agent, saisie.cleaned_data["motif"])
    except Refus as refus:
        return _page(
            request, fiches.une_pre_inscription(fiche_id), refus=refus.phrase, statut=refus.statut, refuser=saisie
        )
    messages.success(request, f"La pré-inscription {fiche.numero} est refusée ; le motif part par e-mail.")
    return redirect("guichet:pre_inscriptions")
