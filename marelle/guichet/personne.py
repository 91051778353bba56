"""What a view of the desk asks of who calls it: an agent with a right; and the author it gives to actions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from marelle.comptes.acces import agent_requis
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur

Vue = Callable[..., HttpResponse]


class RequeteAgent(HttpRequest):
    """A request whose agent is known."""

    agent: Agent
    face: str


def pour(droit: Droit) -> Callable[[Vue], Vue]:
    """A page of the desk for the agents who have this right; its frame is the desk's, its refusal too."""

    def decorer(vue: Vue) -> Vue:
        gardee = agent_requis(droit)(vue)

        @wraps(vue)
        def au_guichet(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            request.face = "guichet"
            return gardee(request, *args, **kwargs)

        return au_guichet

    return decorer


def auteur(request: RequeteAgent) -> Auteur:
    """Who acts, for the passages: the agent, by name."""
    return Auteur(Acteur.AGENT, request.agent.compte, str(request.agent))
