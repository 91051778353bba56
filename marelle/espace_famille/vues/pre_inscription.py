"""*Fiche de pré-inscription*: for a family without access, as a PDF to fill and print, or on screen, confirmed by e-mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from marelle.collectivite.identite import identite
from marelle.comptes.limites import est_permis
from marelle.scolarite import pre_inscription as fiches
from marelle.socle.horloge import aujourdhui

from ..fiche_publique import PIEGE, FichePublique, fiche_a_imprimer
from .public import page_publique

SESSION = "pre_inscription"
TROP = "Trop de fiches ont été envoyées d’ici, ou vers cette adresse. Réessayez plus tard, ou imprimez la fiche."
GABARITS = "espace_famille/pre_inscription"
Vue = Callable[..., HttpResponse]


def ouverte(vue: Vue) -> Vue:
    """A page for everybody, where the collectivité has switched it on; 404 elsewhere."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if identite().pre_inscription is None:
            raise Http404
        return vue(request, *args, **kwargs)

    return login_not_required(gardee)


@ouverte
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def fiche(request: HttpRequest) -> HttpResponse:
    """What it is, the PDF, and the same sheet on screen."""
    page = FichePublique(request.POST if request.method == "POST" else None)
    if request.method == "POST" and page.est_valide():
        if est_permis(request, "pre_inscription", page.courriel):
            fiches.ecrire_une_fiche(page.contenu(), page.jeton)
            return redirect("espace_famille:fiche_envoyee")
        return _page(request, page, trop=TROP, statut=429)
    return _page(request, page, statut=422 if page.errors else 200)


def _page(request: HttpRequest, page: FichePublique, *, trop: str = "", statut: int = 200) -> HttpResponse:
    reponse = page_publique(
        request, f"{GABARITS}/fiche.html", form=page, piege=PIEGE, trop=trop, options=identite().pre_inscription
    )
    reponse.status_code = statut
    return reponse


@ouverte
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The blank sheet, to fill on screen or by hand."""
    reponse = HttpResponse(fiche_a_imprimer(aujourdhui().isoformat()), content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="fiche-de-pre-inscription.pdf"'
    return reponse


@ouverte
@require_safe
def envoyee(request: HttpRequest) -> HttpResponse:
    """« Ouvrez le lien »: the same words whoever wrote, whatever the address."""
    return page_publique(request, f"{GABARITS}/envoyee.html", options=identite().pre_inscription)


@ouverte
@require_safe
@never_cache
def lien(request: HttpRequest, secret: str) -> HttpResponse:
    """Go on without the secret in the address: it must not stay in the history. This confirms nothing: mailboxes open links."""
    try:
        fiches.fiche_du_lien(secret)
    except fiches.LienInutilisable as erreur:
        return _lien_inutilisable(request, erreur)
    request.session[SESSION] = secret
    return redirect("espace_famille:fiche_confirmer")


@ouverte
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirmer(request: HttpRequest) -> HttpResponse:
    """The button that sends the sheet to the service, once."""
    secret = str(request.session.get(SESSION, ""))
    try:
        if request.method == "POST":
            recue = fiches.confirmer(secret)
            return page_publique(request, f"{GABARITS}/recue.html", fiche=recue)
        a_confirmer = fiches.fiche_du_lien(secret)
    except fiches.LienInutilisable as erreur:
        return _lien_inutilisable(request, erreur)
    return page_publique(request, f"{GABARITS}/confirmer.html", fiche=a_confirmer)


def _lien_inutilisable(request: HttpRequest, erreur: fiches.LienInutilisable) -> HttpResponse:
    reponse = page_publique(request, f"{GABARITS}/lien.html", phrase=erreur.phrase)
    reponse.status_code = erreur.statut
    return reponse
