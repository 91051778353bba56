"""Pages that everybody may read: help, accessibility statement, personal data."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.activites.selection import activites_ouvertes
from marelle.collectivite.identite import reglement
from marelle.demandes.dossier import VALIDEES, ferme_la_reservation
from marelle.regles.enonces import phrases_du_reglement
from marelle.socle.horloge import aujourdhui


def _face(request: HttpRequest) -> None:
    """Inside the frame of who reads: the family's or the desk's own when signed in."""
    if getattr(request, "famille", None):
        request.face = "famille"  # type: ignore[attr-defined]
    elif getattr(request, "agent", None):
        request.face = "guichet"  # type: ignore[attr-defined]


def page_publique(request: HttpRequest, gabarit: str, **contexte: object) -> HttpResponse:
    """A page that everybody may read, in the frame of who reads it."""
    _face(request)
    cadre = {"famille": "socle/famille.html", "guichet": "socle/guichet.html"}
    return render(
        request, gabarit, {"cadre_de_page": cadre.get(getattr(request, "face", ""), "socle/public.html"), **contexte}
    )


@login_not_required
@require_safe
def aide(request: HttpRequest) -> HttpResponse:
    """The families' help: the gestures of the guide, and the rules in force as the règlement says them."""
    regles: dict[tuple[str, ...], list[str]] = {}
    for centre in activites_ouvertes():
        for activite in centre.offres:  # type: ignore[attr-defined]
            phrases = tuple(phrases_du_reglement(reglement(), activite.code, aujourdhui(), activite.mode_decision))
            regles.setdefault(phrases, []).append(activite.nom)
    return page_publique(
        request,
        "espace_famille/aide.html",
        regles=[(noms, phrases) for phrases, noms in regles.items()],
        le_dossier_ouvre_la_reservation=any(ferme_la_reservation(nature) for nature in VALIDEES),
    )


@login_not_required
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    """Statement of accessibility (RGAA 4.1.2, domain §8.3)."""
    return page_publique(request, "espace_famille/accessibilite.html")


@login_not_required
@require_safe
def donnees(request: HttpRequest) -> HttpResponse:
    """What is kept about families, why, for how long (domain §8.1)."""
    return page_publique(request, "espace_famille/donnees.html")
