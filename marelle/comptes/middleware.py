"""Who is in front of the screen: puts `request.agent` on every request, without a query until somebody asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .models import Agent


def agent_de(request: HttpRequest) -> Agent | None:
    """The active agent who is signed in, or None; no query beyond the one that reads the account."""
    agent = getattr(request.user, "agent", None)
    return agent if agent is not None and agent.est_actif else None


class PersonneMiddleware:
    """`request.agent` is true for an active agent and false otherwise: test its truth, never `is None`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.agent = SimpleLazyObject(lambda: agent_de(request))  # type: ignore[attr-defined]
        return self.get_response(request)
