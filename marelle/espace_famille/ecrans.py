"""Which ways into the demandes this collectivité shows: the page of a screen that is not switched on does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from marelle.collectivite.identite import identite


def a_l_ecran(code: str) -> bool:
    return code in identite().ecrans


def ecran_requis(code: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A 404 where `ecrans` of collectivite.toml does not name this screen."""

    def garder(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not a_l_ecran(code):
                raise Http404
            return vue(request, *args, **kwargs)

        return gardee

    return garder
