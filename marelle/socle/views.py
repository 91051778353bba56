"""The pages that belong to no face: the brand's sheet, errors, robots.txt, the board of components."""

import logging
import zlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from . import contexte, reprise

journal = logging.getLogger(__name__)

MARQUE_PAR_DEFAUT = (200.0, 0.09)
UN_JOUR = 86_400


def _marque() -> str:
    identite = contexte.identite()
    teinte, vivacite = (identite.teinte, identite.vivacite) if identite else MARQUE_PAR_DEFAUT
    return f":root{{--marque-teinte:{float(teinte):g};--marque-vivacite:{float(vivacite):g}}}\n"


@login_not_required
@require_safe
@condition(etag_func=lambda request: f'"{zlib.crc32(_marque().encode()):x}"')
def marque_css(request: HttpRequest) -> HttpResponse:
    """The two variables of the collectivité's colour, kept one day by browsers."""
    reponse = HttpResponse(_marque(), content_type="text/css; charset=utf-8")
    patch_cache_control(reponse, public=True, max_age=UN_JOUR)
    return reponse


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing of a portal is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def planche(request: HttpRequest) -> HttpResponse:
    """Every component in every state, out of production; `?face=guichet` shows the desk's frame."""
    from .planche import contexte_de_la_planche

    return render(request, "socle/planche.html", contexte_de_la_planche(request))


def erreur_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _erreur(request, 400)


def erreur_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """With the sentence of who refused, when there is one: which right is missing."""
    return _erreur(request, 403, phrase=str(exception or ""))


def erreur_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _erreur(request, 404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form older than the sign-in, given back with what was typed in it; or cookies refused."""
    if request.headers.get("HX-Request") and request.user.is_authenticated:
        messages.warning(
            request, "Votre choix n’est pas parti : cette page était ancienne. La voici à jour, recommencez."
        )
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    if reprise.se_rend(request):
        return reprise.rendre(request)
    return _erreur(request, 403, "socle/erreurs/csrf.html")


def erreur_500(request: HttpRequest) -> HttpResponse:
    """Stands alone: no context processor, no database, since one of them may be what broke."""
    return HttpResponse(render_to_string("socle/erreurs/500.html"), status=500)


def _erreur(request: HttpRequest, statut: int, gabarit: str = "", phrase: str = "") -> HttpResponse:
    contenu: dict[str, Any] = {"statut": statut, "phrase": phrase}
    try:
        return render(request, gabarit or f"socle/erreurs/{statut}.html", contenu, status=statut)
    except Exception:
        journal.exception("La page d’erreur %s n’a pas pu être dessinée", statut)
        return HttpResponse(render_to_string("socle/erreurs/500.html"), status=statut)
