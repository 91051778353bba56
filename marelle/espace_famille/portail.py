"""The frame of the families' pages: five places to go, the cart and its badge, the account's menu, the footer."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from marelle.demandes.panier import nombre_au_panier
from marelle.socle.contexte import Entree


def navigation(request: HttpRequest) -> list[Entree]:
    """The guide's words, short enough for the bar of a telephone; the pages' titles say them whole."""
    entrees = (
        ("accueil", "accueil", "Accueil"),
        ("dossier", "enfants", "Mon compte"),
        ("inscription", "calendrier", "Inscription"),
        ("demandes", "demandes", "Demandes"),
        ("mon_calendrier", "coche", "Calendrier"),
    )
    return [Entree(reverse(f"espace_famille:{nom}"), icone, libelle) for nom, icone, libelle in entrees]


def outils(request: HttpRequest) -> list[Entree]:
    return [
        Entree(reverse("espace_famille:panier"), "panier", "Panier", nombre=au_panier(request), nombre_dit="choix"),
    ]


def au_panier(request: HttpRequest) -> int:
    """Days in the household's cart, counted once a request (views that change it set it again)."""
    if not hasattr(request, "_au_panier"):
        request._au_panier = nombre_au_panier(request.famille)  # type: ignore[attr-defined]
    return int(request._au_panier)  # type: ignore[attr-defined]


def oublier_le_panier(request: HttpRequest) -> None:
    """To be counted again: the view has just changed it."""
    if hasattr(request, "_au_panier"):
        del request._au_panier


def menu(request: HttpRequest) -> list[Entree]:
    return [
        Entree(reverse("espace_famille:dossier"), "compte", "Mon compte"),
        Entree(reverse("espace_famille:documents"), "envoyer", "Transmettre des documents"),
        Entree(reverse("espace_famille:agenda_ics"), "calendrier", "Mon agenda"),
        Entree(reverse("account_change_password"), "cadenas", "Modifier mon mot de passe"),
        Entree(reverse("espace_famille:aide"), "aide", "Aide en ligne"),
    ]


def liens(request: HttpRequest) -> list[Entree]:
    """The footer's, on every page, for everybody."""
    return [
        Entree(reverse("espace_famille:aide"), "aide", "Aide en ligne"),
        Entree(reverse("espace_famille:accessibilite"), "info", "Accessibilité : partiellement conforme"),
        Entree(reverse("espace_famille:donnees"), "cadenas", "Données personnelles"),
    ]


def nom(request: HttpRequest) -> str:
    acces = getattr(request, "acces", None)
    if not acces:
        return ""
    return str(acces.responsable) if acces.responsable else f"Famille {acces.famille.nom}"
