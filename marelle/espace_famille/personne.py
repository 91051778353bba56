"""What a view of the families asks of who calls it: a household; and the author it gives to actions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.familles.models import Acces, Famille

Vue = Callable[..., HttpResponse]


class RequeteFamille(HttpRequest):
    """A request whose household is known."""

    famille: Famille
    acces: Acces
    face: str


def famille_requise(vue: Vue) -> Vue:
    """Only for who has a household: an agent is led to the desk, anybody else finds nothing here."""

    @wraps(vue)
    def gardee(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.famille:
            if request.agent:
                return redirect("guichet:demandes")
            raise Http404
        request.face = "famille"
        return vue(request, *args, **kwargs)

    return gardee


def auteur(request: RequeteFamille) -> Auteur:
    """Who acts, for the passages: the adult's name when the access is theirs, else the household's."""
    acces = request.acces
    nom = str(acces.responsable) if acces.responsable else f"Famille {acces.famille.nom}"
    return Auteur(Acteur.FAMILLE, acces.compte if acces.compte_id else None, nom)
