"""What a child has on a day, as a badge of the agenda: tone, symbol, words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from marelle.demandes.selection import JourDeFamille
from marelle.socle.jour import ETATS

TONS = {
    "reserve": "bleu",
    "direct": "bleu",
    "attente": "ocre",
    "liste": "violet",
    "absence": "neutre",
    "annule": "rouge",
    "refuse": "rouge",
}
MOTS = {
    "reserve": "réservé",
    "direct": "inscrit par le centre",
    "attente": "en attente",
    "liste": "liste d’attente",
    "absence": "absence déclarée",
    "annule": "annulé par le centre",
    "refuse": "refusé",
}


@dataclass(frozen=True, slots=True)
class Fait:
    """One badge. `lien` leads to the demande, when there is one to look at."""

    ton: str
    symbole: str
    texte: str
    lien: str = ""


def dire(jour: JourDeFamille) -> Fait:
    """« Journée avec repas, Saint-Victor mercredis : absence déclarée, maladie »."""
    mot = jour.detail if jour.etat == "attente" and jour.detail else MOTS[jour.etat]
    if jour.etat in ("absence", "annule") and jour.detail:
        mot = f"{mot}, {jour.detail}"
    lien = reverse("espace_famille:demande", args=[jour.demande_id]) if jour.demande_id else ""
    return Fait(TONS[jour.etat], ETATS[jour.etat][0], f"{jour.unite}, {jour.activite} : {mot}", lien)
