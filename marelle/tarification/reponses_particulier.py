"""What API Particulier answers, in our words: a quotient, or one sentence that says what an agent can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

MUETTE = (
    "La Caf et la MSA ne répondent pas pour le moment : réessayez dans quelques minutes, "
    "ou relevez le quotient sur CDAP et saisissez-le."
)
INTROUVABLE = (
    "Ni la Caf ni la MSA ne trouvent ce dossier : vérifiez le nom de naissance, les prénoms et le lieu de naissance. "
    "Seul l’allocataire se cherche ; essayez avec l’autre adulte."
)
JANVIER = (
    "Le quotient de janvier est encore calculé sur les ressources d’avant : la mise à jour de l’année se lit en février. "
    "Interrogez de nouveau en février."
)
# What the State calls each thing asked, in the words of the form.
CHAMPS = {
    "nomNaissance": "le nom de naissance",
    "prenoms": "les prénoms",
    "sexeEtatCivil": "le sexe",
    "DateNaissance": "la date de naissance",
    "CommuneNaissance": "la commune de naissance",
    "DepartementNaissance": "le département de naissance",
    "PaysNaissance": "le pays de naissance",
    "recipient": "le SIRET de la collectivité (réglage du portail)",
}


@dataclass(frozen=True, slots=True)
class Lu:
    """A quotient as it was answered: who gave it, its value in whole euros, the first day of its month."""

    fournisseur: str
    valeur: int
    mois: date

    @property
    def est_de_janvier(self) -> bool:
        return self.mois.month == 1


def lire_le_quotient(corps: Any, jour: date) -> Lu | None:
    """None when the answer does not hold one that can be believed: negative, of a month to come, of nobody."""
    try:
        quotient = corps["data"]["quotient_familial"]
        fournisseur, valeur = quotient["fournisseur"], quotient["valeur"]
        mois = date(quotient["annee"], quotient["mois"], 1)
    except (KeyError, TypeError, ValueError):
        return None
    if fournisseur not in ("CNAF", "MSA") or type(valeur) is not int or not 0 <= valeur <= 99_999 or mois > jour:
        return None
    return Lu(fournisseur, valeur, mois)


def dire_le_refus(statut: int, corps: Any, entetes: Mapping[str, str]) -> tuple[str, str]:
    """A sentence, and the code that is kept of it."""
    code = _premiere(corps).get("code") or str(statut)
    if statut == 404:
        return INTROUVABLE, code
    if statut in (400, 422):
        return _mal_demande(corps), code
    if statut == 401:
        return "Le jeton d’API Particulier n’est pas ou plus accepté : prévenez l’administrateur du portail.", code
    if statut == 403:
        return "L’habilitation de la collectivité ne permet pas de lire le quotient : prévenez l’administrateur.", code
    if statut == 429:
        return f"Trop d’interrogations pour ce jeton : réessayez dans {_attente(entetes)}.", code
    return MUETTE, code


def _premiere(corps: Any) -> dict[str, Any]:
    erreurs = corps.get("errors") if isinstance(corps, dict) else None
    premiere = erreurs[0] if isinstance(erreurs, list) and erreurs else {}
    return premiere if isinstance(premiere, dict) else {}


def _mal_demande(corps: Any) -> str:
    source = str(_premiere(corps).get("source", ""))
    quoi = next((dit for nom, dit in CHAMPS.items() if nom in source), "")
    if quoi:
        return f"La Caf et la MSA ne comprennent pas {quoi} : corrigez, puis interrogez de nouveau."
    if "mois" in source or "annee" in source:
        return "Ce mois n’existe pas encore à la Caf ni à la MSA : interrogez pour le mois en cours."
    return "La Caf et la MSA ne comprennent pas cette demande : vérifiez chaque ligne, puis interrogez de nouveau."


def _attente(entetes: Mapping[str, str]) -> str:
    brute = entetes.get("retry-after", "")
    secondes = min(int(brute), 3600) if brute.isdecimal() else 60
    return f"{secondes} secondes" if secondes < 120 else f"{-(-secondes // 60)} minutes"
