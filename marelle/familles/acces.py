"""Whose pages these are: the household of the account that is signed in, in one query."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .models import Acces, Enfant, Famille


def acces_de(compte: object) -> Acces | None:
    """The access of an account, with its household and its adult (read with it); None for an agent or a stranger."""
    acces: Acces | None = getattr(compte, "acces", None)
    return acces if acces is not None and not acces.famille.est_archivee else None


def enfants_de(famille: Famille) -> list[Enfant]:
    """The children of a household, the eldest first."""
    return list(famille.enfants.filter(est_archive=False).order_by("date_naissance", "pk"))


class FamilleMiddleware:
    """`request.acces` and `request.famille`, read when first asked for; both false for who has no household."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acces = SimpleLazyObject(lambda: acces_de(request.user))  # type: ignore[attr-defined]
        request.famille = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: request.acces.famille if request.acces else None  # type: ignore[attr-defined]
        )
        return self.get_response(request)
