"""The settings of the service: centres, activities, cycles; and what the families may book of them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marelle.activites import gestion
from marelle.comptes.droits import Droit
from marelle.reservations.excuses_dites import peut_excuser

from ..formulaires.activites import FicheCentre, FichePeriode
from ..personne import RequeteAgent, pour

FORMULAIRE = ["GET", "HEAD", "POST"]
DES_PERIODES = (
    "Le règlement y compte ses dates de demande et ses maximums, pour toutes les activités du temps d’accueil."
)


@require_safe
@pour(Droit.REGLER_ACTIVITES)
def activites(request: RequeteAgent) -> HttpResponse:
    """The activities by centre, the cycles, the closures to come."""
    par_centre = {centre: [] for centre in gestion.centres_de(request.agent)}  # type: ignore[var-annotated]
    for centre, siennes in groupby(gestion.activites_de(request.agent), key=lambda une: une.centre):
        par_centre[centre] = list(siennes)
    contexte = {
        "centres": list(par_centre.items()),
        "periodes": gestion.periodes_a_regler(),
        "fermetures": gestion.fermetures_a_venir(request.agent),
        "peut_excuser": peut_excuser(),
    }
    return render(request, "guichet/activites.html", contexte)


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def centre(request: RequeteAgent, centre_id: int | None = None) -> HttpResponse:
    """A centre to correct, or a new one (only for who sees all the centres)."""
    if centre_id is None and gestion.centres_limites(request.agent):
        messages.error(request, "Un agent limité à ses centres n’en crée pas d’autre : demandez à la direction.")
        return redirect("guichet:activites")
    un = gestion.un_centre(request.agent, centre_id) if centre_id else None
    fiche = FicheCentre(request.POST or None, instance=un)
    return _regler(request, fiche, un.nom if un else "Nouveau centre", "centre.reglage", "activites")


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def periode(request: RequeteAgent, periode_id: int | None = None) -> HttpResponse:
    une = gestion.une_periode(periode_id) if periode_id else None
    fiche = FichePeriode(request.POST or None, instance=une)
    titre = une.nom if une else "Nouvelle période"
    return _regler(request, fiche, titre, "periode.reglage", "activites", DES_PERIODES)


def _regler(
    request: RequeteAgent, fiche: ModelForm[Any], titre: str, action: str, retour: str, suite: str = ""
) -> HttpResponse:
    if request.method == "POST" and fiche.is_valid():
        objet = fiche.save(commit=False)
        gestion.garder(objet, request.agent, action)
        messages.success(request, f"{objet} : c’est enregistré.")
        return redirect(f"guichet:{retour}")
    contexte = {"fiche": fiche, "titre": titre, "suite": suite}
    return render(request, "guichet/reglage.html", contexte, status=422 if fiche.errors else 200)
