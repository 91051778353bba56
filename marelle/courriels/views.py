"""The letter box of the demonstration: the e-mails that are shown because there is no server to send them.

These pages ask for no sign-in, so that one can follow an invitation: they exist only when MARELLE_DEMO is set, without a
mail server and out of production. Anywhere else they are a 404.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp import constants as csp
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marelle.reglages import env

from . import selection

PAR_PAGE = 30
Vue = Callable[..., Any]


def demonstration_seulement(vue: Vue) -> Vue:
    """The view exists in the demonstration only, for everybody."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not env.DEMO or env.PRODUCTION or env.COURRIEL_URL:
            raise Http404
        return vue(request, *args, **kwargs)

    return login_not_required(require_safe(gardee))


@demonstration_seulement
def boite(request: HttpRequest) -> HttpResponse:
    """The messages, the latest first; `?a=` keeps those of one address."""
    adresse = request.GET.get("a", "").strip()
    messages = selection.courriels(destinataire=adresse)
    page = Paginator(messages, PAR_PAGE).get_page(request.GET.get("page"))
    requete = f"{urlencode({'a': adresse})}&" if adresse else ""
    return render(request, "demonstration/courriels.html", {"page": page, "adresse": adresse, "requete": requete})


@demonstration_seulement
def courriel(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, as text: its links can be followed from the version with its layout."""
    return render(request, "demonstration/courriel.html", {"courriel": get_object_or_404(selection.entiers(), pk=pk)})


@demonstration_seulement
@csp_replace({"script-src": [csp.NONE], "style-src": [csp.UNSAFE_INLINE]})  # type: ignore[arg-type]  # written for views without arguments
def version_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a message, alone, as a mail program would show it: its own styles, no script."""
    return HttpResponse(get_object_or_404(selection.entiers(), pk=pk).html)
