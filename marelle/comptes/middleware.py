"""Who is there: `request.agent` on every request, without a query until somebody asks; signing in when one must."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from marelle.socle import reprise

from .models import Agent


class ConnexionRequiseMiddleware(LoginRequiredMiddleware):
    """Nobody is signed in: a page read goes to the sign-in and back; what was typed in a form is given back, to be sent again.

    An address that only takes a form is never where the sign-in leads: it would answer that it cannot be read.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        connexion = f"{reverse('account_login')}?{urlencode({'next': reprise.page_d_avant(request)})}"
        if request.headers.get("HX-Request"):  # what answers a press would be drawn inside the page
            return HttpResponse(headers={"HX-Redirect": connexion})
        if reprise.se_rend(request):
            return reprise.rendre(request)
        if request.method not in ("GET", "HEAD"):
            return redirect(connexion)
        return super().handle_no_permission(request, view_func)


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
