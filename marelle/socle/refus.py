"""What becomes of a refusal that a view did not catch: a page that says the sentence, with the right status and a way back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from .erreurs import ErreurMarelle


def page_precedente(request: HttpRequest, defaut: str = "/") -> str:
    """Where the person came from, on this portal; never an address given by somebody else."""
    adresse = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(adresse, allowed_hosts={request.get_host()}):
        morceaux = urlsplit(adresse)
        return morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")
    return defaut


class RefusMiddleware:
    """Turns an `ErreurMarelle` into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ErreurMarelle):
            return None
        contexte = {"phrase": exception.phrase, "retour": page_precedente(request), "statut": exception.statut}
        return render(request, "socle/erreurs/refus.html", contexte, status=exception.statut)
