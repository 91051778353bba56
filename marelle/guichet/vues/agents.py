"""The colleagues as the direction sees them; the way back in for who lost telephone and recovery codes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.acces import retirer_double_authentification
from marelle.comptes.agents import agents_vus, un_agent
from marelle.comptes.droits import Droit
from marelle.socle.francais import de

from ..personne import RequeteAgent, pour

LA_SIENNE = "La vôtre se retire depuis votre menu, « Double authentification », avec votre mot de passe."


@require_safe
@pour(Droit.GERER_AGENTS)
def agents(request: RequeteAgent) -> HttpResponse:
    return render(request, "guichet/agents.html", {"agents": agents_vus()})


@require_POST
@pour(Droit.GERER_AGENTS)
def retirer_double(request: RequeteAgent, agent_id: int) -> HttpResponse:
    """Never one's own: a session left open must not be enough to take it away."""
    autre = un_agent(agent_id)
    if autre.pk == request.agent.pk:
        messages.error(request, LA_SIENNE)
    elif retirer_double_authentification(autre.compte, request.agent):
        suite = (
            "Un e-mail l’en prévient." if autre.compte.email else "Son compte n’a pas d’adresse e-mail : prévenez-le."
        )
        messages.success(request, f"La double authentification {de(str(autre))} est retirée. {suite}")
    else:
        messages.warning(request, f"{autre} n’a pas de double authentification : rien n’a changé.")
    return redirect("guichet:agents")
