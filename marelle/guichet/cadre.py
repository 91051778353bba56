"""The frame of the desk's pages: where an agent may go, by their rights, and what is in their menu."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.socle import contexte
from marelle.socle.contexte import Entree

NAVIGATION = (
    ("guichet:demandes", "demandes", "Demandes", Droit.LIRE_DEMANDES),
    ("guichet:liste_du_jour", "coche", "Liste du jour", Droit.LIRE_LISTE_JOUR),
    ("guichet:familles", "enfants", "Familles", Droit.LIRE_FAMILLES),
    ("guichet:activites", "calendrier", "Activités", Droit.REGLER_ACTIVITES),
    ("guichet:courriels", "message", "E-mails", Droit.LIRE_COURRIELS),
)
MENU = (
    ("account_change_password", "cadenas", "Modifier mon mot de passe"),
    ("mfa_index", "cadenas", "Double authentification"),
    ("guichet:aide", "aide", "Aide en ligne"),
)


def inscrire() -> None:
    """Give the frame the entries of the desk."""
    contexte.NAVIGATIONS["guichet"] = navigation
    contexte.MENUS["guichet"] = menu
    contexte.NOMS["guichet"] = lambda request: str(getattr(request, "agent", "") or "")


def permises(agent: Agent) -> list[tuple[str, str, str]]:
    """The pages that this agent may open: address name, symbol, word."""
    return [(nom, symbole, mot) for nom, symbole, mot, droit in NAVIGATION if agent.peut(droit)]


def navigation(request: HttpRequest) -> list[Entree]:
    agent = getattr(request, "agent", None)
    return _entrees(permises(agent)) if agent else []


def menu(request: HttpRequest) -> list[Entree]:
    return _entrees(MENU)


def _entrees(lignes: Iterable[tuple[str, str, str]]) -> list[Entree]:
    entrees = []
    for nom, symbole, mot in lignes:
        try:
            entrees.append(Entree(reverse(nom), symbole, mot))
        except NoReverseMatch:  # a page that this installation does not have
            continue
    return entrees
