"""A form sent once its session was over, or with the token of an older sign-in: what was typed is given back, to send again."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

JETON = "csrfmiddlewaretoken"
# What a browser must never be given back in a page.
SECRETS = {"password", "oldpassword", "password1", "password2", "code"}


def rendre(request: HttpRequest) -> HttpResponse:
    """The page that holds what was typed and sends it to the same address; the server keeps nothing of it. 403: nothing was done.

    A file cannot be given back: sending the rest without it would say less than what was meant, so only the way back is left.
    """
    contexte = {
        "statut": 403,
        "ecrits": _ecrits(request),
        "a_un_fichier": bool(request.FILES),
        "adresse": request.get_full_path(),
        "page": page_d_avant(request),
        "doit_se_connecter": _doit_se_connecter(request),
    }
    reponse = render(request, "socle/erreurs/reprise.html", contexte, status=403)
    add_never_cache_headers(reponse)
    return reponse


def se_rend(request: HttpRequest) -> bool:
    """Whether something was typed that may be given back: sent by one of our own pages, without a password."""
    return request.method == "POST" and _vient_d_ici(request) and bool(request.POST) and not SECRETS & set(request.POST)


def page_d_avant(request: HttpRequest) -> str:
    """The page of ours from which the request came, the first one when it does not say."""
    venu = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    lue = urlsplit(venu)
    if (lue.scheme, lue.netloc) != (request.scheme, request.get_host()):
        return "/"
    chemin = "/" + lue.path.lstrip("/")
    return f"{chemin}?{lue.query}" if lue.query else chemin


def _ecrits(request: HttpRequest) -> list[tuple[str, str]]:
    if request.FILES:
        return []
    return [(nom, valeur) for nom, valeurs in request.POST.lists() if nom != JETON for valeur in map(str, valeurs)]


def _doit_se_connecter(request: HttpRequest) -> bool:
    vue = getattr(request.resolver_match, "func", None)
    return getattr(vue, "login_required", True) and not request.user.is_authenticated


def _vient_d_ici(request: HttpRequest) -> bool:
    """Browsers write Origin on every form they send, and no other site can write ours there."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
