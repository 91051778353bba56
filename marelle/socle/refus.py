"""What becomes of a refusal that a view did not catch: a page that says the sentence, with the right status and a way back.

An address that only takes a form, opened as a page, gets one too: a browser that opens its tabs of yesterday showed it blank.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from .erreurs import ErreurMarelle, Introuvable

PLUS_GRANDE_CLE = 2**63 - 1


def page_precedente(request: HttpRequest, defaut: str = "/") -> str:
    """Where the person came from, on this portal; never an address given by somebody else."""
    adresse = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(adresse, allowed_hosts={request.get_host()}):
        morceaux = urlsplit(adresse)
        return morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")
    return defaut


def page_au_dessus(chemin: str) -> str:
    """The nearest page above an address: « /guichet/demandes/85/ » above « /guichet/demandes/85/refus »."""
    while (chemin := chemin.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            resolve(chemin)
        except Resolver404:
            continue
        return chemin
    return chemin


def _est_impossible(cle: object) -> bool:
    return (isinstance(cle, int) and cle > PLUS_GRANDE_CLE) or (isinstance(cle, str) and "\x00" in cle)


class RefusMiddleware:
    """Turns an `ErreurMarelle` into its page, and an address that cannot be read into one that leads back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        if reponse.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and not reponse.content:
            contexte = {"retour": page_au_dessus(request.path), "statut": reponse.status_code}
            reponse.content = render_to_string("socle/erreurs/405.html", contexte, request)
            reponse.headers["Content-Type"] = "text/html; charset=utf-8"
            reponse.headers["Content-Length"] = str(len(reponse.content))
        return reponse

    def process_view(
        self, request: HttpRequest, vue: Callable[..., HttpResponse], arguments: tuple[Any, ...], cles: dict[str, Any]
    ) -> HttpResponse | None:
        """What no database can look for (a key beyond its integers, a text with NUL) names nothing."""
        if any(_est_impossible(une) for une in cles.values()):
            return self._dire(request, Introuvable("Cette page n’existe pas."))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._dire(request, exception) if isinstance(exception, ErreurMarelle) else None

    def _dire(self, request: HttpRequest, exception: ErreurMarelle) -> HttpResponse:
        contexte = {"phrase": exception.phrase, "retour": page_precedente(request), "statut": exception.statut}
        return render(request, "socle/erreurs/refus.html", contexte, status=exception.statut)
