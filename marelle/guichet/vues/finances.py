"""The hub of the money at the desk: what this agent may open, by section."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.comptes.droits import Droit

from ..personne import RequeteAgent, pour


@dataclass(frozen=True, slots=True)
class Section:
    """One card of the hub: the address of its page, its words, the right that opens it."""

    adresse: str
    titre: str
    phrase: str
    droit: Droit


# In the order of the month: what is billed, what comes in, what leaves for the accountant, what is certified.
SECTIONS: tuple[Section, ...] = (
    Section(
        "guichet:regie_accueil",
        "Régie",
        "Encaisser, déposer, verser ; les impayés, les relances, les prélèvements.",
        Droit.LIRE_FACTURES,
    ),
    Section(
        "guichet:regisseurs",
        "Régisseurs et mandataires",
        "Qui est nommé pour enregistrer des paiements, et jusqu’à quand.",
        Droit.GERER_AGENTS,
    ),
    Section(
        "guichet:tresor",
        "Comptabilité",
        "Ce qui part au Trésor ou au logiciel de finances, les retours du Trésor, les heures pour la Caf.",
        Droit.EXPORTER_COMPTES,
    ),
    Section(
        "guichet:attestations",
        "Attestations",
        "Les attestations pour les impôts, d’une année ou d’une famille ; les présences d’un enfant.",
        Droit.LIRE_FACTURES,
    ),
)


@require_safe
@pour(Droit.LIRE_FACTURES)
def finances(request: RequeteAgent) -> HttpResponse:
    ouvertes = [une for une in SECTIONS if request.agent.peut(une.droit)]
    return render(request, "guichet/finances.html", {"sections": ouvertes})
