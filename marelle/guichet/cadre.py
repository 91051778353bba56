"""The frame of the desk's pages: where an agent may go, by their rights, and what is in their menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from marelle.collectivite.identite import identite
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.correspondance.selection import nombre_a_repondre
from marelle.socle import contexte
from marelle.socle.contexte import Entree

MESSAGES = "guichet:messages"
NAVIGATION = (
    ("guichet:demandes", "demandes", "Demandes", Droit.LIRE_DEMANDES),
    ("guichet:liste_du_jour", "coche", "Liste du jour", Droit.LIRE_LISTE_JOUR),
    ("guichet:familles", "enfants", "Familles", Droit.LIRE_FAMILLES),
    ("guichet:finances", "euro", "Finances", Droit.LIRE_FACTURES),
    (MESSAGES, "message", "Messages", Droit.LIRE_MESSAGES),
    ("guichet:activites", "calendrier", "Activités", Droit.REGLER_ACTIVITES),
)
MENU = (
    ("account_change_password", "cadenas", "Modifier mon mot de passe"),
    ("mfa_index", "cadenas", "Double authentification"),
    ("guichet:aide", "aide", "Aide en ligne"),
)
# Opened now and then, by those who may: the bar of a telephone holds six entries.
RESERVEES = (
    ("guichet:courriels", "envoyer", "E-mails", Droit.LIRE_COURRIELS),
    ("guichet:agents", "cadenas", "Agents", Droit.GERER_AGENTS),
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
    entrees = [_compter(une, agent) for une in _entrees(permises(agent))] if agent else []
    courante = _ou_l_on_est(request.path)
    return [replace(une, est_courant=True) if une.url == courante else une for une in entrees]


def _compter(entree: Entree, agent: Agent) -> Entree:
    """« Messages », in the words of the collectivité, with how many wait for an answer."""
    if entree.url != reverse(MESSAGES):
        return entree
    nombre = nombre_a_repondre(agent)
    return replace(entree, libelle=identite().messages.guichet, nombre=nombre, nombre_dit="à répondre")


def _ou_l_on_est(chemin: str) -> str:
    """The entry that a page belongs to when its address does not say it: the queue is the home of the desk, and what it
    holds lies under « demandes/ »; the documents of the centre are among its settings."""
    bureau = reverse("guichet:demandes")
    sous = {
        "demandes/": bureau,
        "documents/": reverse("guichet:activites"),
        "presences/excuses/": reverse("guichet:activites"),
        "presences/": reverse("guichet:liste_du_jour"),
    }
    return next((entree for dossier, entree in sous.items() if chemin.startswith(bureau + dossier)), "")


def menu(request: HttpRequest) -> list[Entree]:
    agent = getattr(request, "agent", None)
    siennes = [(nom, symbole, mot) for nom, symbole, mot, droit in RESERVEES if agent and agent.peut(droit)]
    return _entrees([*siennes, *MENU])


def _entrees(lignes: Iterable[tuple[str, str, str]]) -> list[Entree]:
    entrees = []
    for nom, symbole, mot in lignes:
        try:
            entrees.append(Entree(reverse(nom), symbole, mot))
        except NoReverseMatch:  # a page that this installation does not have
            continue
    return entrees
