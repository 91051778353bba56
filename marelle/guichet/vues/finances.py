"""The hub of the money at the desk: what this agent may open, by section."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.comptes.droits import Droit
from marelle.creances.regies import regies
from marelle.paiements.selection import WS

from ..personne import RequeteAgent, pour


@dataclass(frozen=True, slots=True)
class Section:
    """One card of the hub: the address of its page, its words, the right that opens it."""

    adresse: str
    titre: str
    phrase: str
    droit: Droit


EN_LIGNE = "guichet:paiements_en_ligne"
# In the order of the month: what is billed, what comes in, what leaves for the accountant, what is certified.
SECTIONS: tuple[Section, ...] = (
    Section(
        "guichet:facturations",
        "Facturation",
        "Préparer les factures d’une période, les vérifier, les émettre.",
        Droit.LIRE_FACTURES,
    ),
    Section(
        "guichet:factures_emises",
        "Factures",
        "Retrouver une facture, ce qui reste à payer, faire un avoir.",
        Droit.LIRE_FACTURES,
    ),
    Section(
        "guichet:regie_accueil",
        "Régie",
        "Encaisser, déposer, verser ; les impayés, les relances, les prélèvements.",
        Droit.LIRE_FACTURES,
    ),
    Section(
        EN_LIGNE,
        "Paiements en ligne",
        "Ce que les familles paient sur PayFiP, et ce qui est à vérifier.",
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
    se_paie_en_ligne = any(une.paiement_en_ligne == WS for une in regies())
    siennes = [une for une in SECTIONS if request.agent.peut(une.droit)]
    ouvertes = [une for une in siennes if une.adresse != EN_LIGNE or se_paie_en_ligne]
    return render(request, "guichet/finances.html", {"sections": ouvertes})
