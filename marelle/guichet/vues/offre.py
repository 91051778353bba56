"""One activity and what can be booked of it: a new one, or one to settle; and the clauses of the règlement that rule it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marelle.activites import gestion
from marelle.activites.clauses import Clauses, clauses_de, modeles
from marelle.activites.models import Activite
from marelle.comptes.droits import Droit
from marelle.demandes.offre import enregistrer
from marelle.socle.erreurs import Refus

from ..formulaires.offre import SaisieActivite
from ..personne import RequeteAgent, pour

FORMULAIRE = ["GET", "HEAD", "POST"]


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def nouvelle(request: RequeteAgent) -> HttpResponse:
    """A new activity, in one of the agent's centres; the days it opens come next."""
    if not gestion.centres_de(request.agent).exists():
        messages.error(request, "Créez d’abord le centre où elle aura lieu.")
        return redirect("guichet:activites")
    saisie = SaisieActivite(request.agent, None, _postees(request), {"centre": request.GET.get("centre", "")})
    if _est_bonne(request, saisie):
        une = saisie.fiche.save(commit=False)
        enregistrer(une, saisie.offre, request.agent)
        messages.success(request, f"{une.nom} : l’activité est créée. Ouvrez maintenant ses jours, avec leurs places.")
        return redirect("guichet:places", une.pk)
    return _page(request, saisie, {"regles": [(un, clauses_de(un.code)) for un in modeles(request.agent)]})


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def activite(request: RequeteAgent, activite_id: int) -> HttpResponse:
    une = gestion.une_activite(request.agent, activite_id)
    clauses = clauses_de(une.code)
    contexte = {"activite": une, "nom": une.nom, "clauses": clauses, **ecart(une, clauses)}
    saisie = SaisieActivite(request.agent, une, _postees(request), {})
    if _est_bonne(request, saisie):
        try:
            enregistrer(saisie.fiche.save(commit=False), saisie.offre, request.agent)
        except Refus as erreur:
            saisie.refus = erreur.phrase
        else:
            messages.success(request, f"{une} : c’est enregistré.")
            return redirect("guichet:activites")
    return _page(request, saisie, contexte)


def ecart(une: Activite, clauses: Clauses) -> dict[str, str]:
    """Where the activity's own setting goes before the règlement."""
    differe = une.mode_decision and clauses.decision and une.mode_decision != clauses.decision
    propre = (
        f"Décision : {une.get_mode_decision_display().lower()}. Elle passe avant celle du règlement, écrite ci-dessous."
    )
    return {"decision_propre": propre if differe else ""}


def _postees(request: RequeteAgent) -> Any:
    return request.POST if request.method == "POST" else None


def _est_bonne(request: RequeteAgent, saisie: SaisieActivite) -> bool:
    return request.method == "POST" and not saisie.est_a_redessiner and saisie.is_valid()


def _page(request: RequeteAgent, saisie: SaisieActivite, contexte: dict[str, Any]) -> HttpResponse:
    statut = 409 if saisie.refus else 422 if saisie.fautes else 200
    contexte = {"activite": None, "nom": "Nouvelle activité", "decision_propre": "", **contexte, "saisie": saisie}
    return render(request, "guichet/activite.html", contexte, status=statut)
