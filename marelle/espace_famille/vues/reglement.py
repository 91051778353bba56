"""The règlement in French, on a page and as a PDF, as the rules in force say it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from marelle.collectivite.identite import identite, reglement
from marelle.editions.service import produire
from marelle.regles.reglement import Version

from ..texte_reglement import (
    POUR_TOUS,
    chapitres,
    dire_le,
    donnees_du_reglement,
    version_en_vigueur,
    version_nommee,
)
from .public import page_publique


@login_not_required
@require_safe
def texte(request: HttpRequest) -> HttpResponse:
    """Who may do what, when, until when and how many; another version of the règlement by its code."""
    version = _version_ou_404(request)
    return page_publique(
        request,
        "espace_famille/reglement.html",
        version=version,
        depuis=dire_le(version.en_vigueur_le),
        est_en_vigueur=version == version_en_vigueur(),
        autres=[(une, dire_le(une.en_vigueur_le)) for une in reglement().versions if une != version],
        pour_tous=POUR_TOUS,
        chapitres=chapitres(version),
    )


@login_not_required
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The same, to print or to keep."""
    version = _version_ou_404(request)
    reponse = HttpResponse(produire("reglement", donnees_du_reglement(version)), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="reglement-{identite().code}-{version.en_vigueur_le}.pdf"'
    return reponse


def _version_ou_404(request: HttpRequest) -> Version:
    version = version_nommee(request.GET.get("version", ""))
    if version is None:
        raise Http404
    return version
