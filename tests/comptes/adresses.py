"""The portal's addresses, and three of a guichet that these tests need."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from marelle.comptes.acces import agent_requis, pour_agents
from marelle.reglages.urls import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler500,
)
from marelle.reglages.urls import urlpatterns as portail


@pour_agents
def agents(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.agent))  # type: ignore[attr-defined]


@agent_requis("decider_demandes")
def decider(request: HttpRequest) -> HttpResponse:
    return HttpResponse("décidé")


def qui(request: HttpRequest) -> HttpResponse:
    return HttpResponse("agent" if request.agent else "famille")  # type: ignore[attr-defined]


urlpatterns = [
    path("essai/agents/", agents),
    path("essai/decider/", decider),
    path("essai/qui/", qui),
    *portail,
]
