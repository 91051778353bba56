"""The simulated API Particulier of the demonstration: one process for all portals, invented people only."""

import sys

PORT = 8091
NOM = "API Particulier simulée"
COMMANDE = [sys.executable, "outils/simulateur_particulier"]
JETON = "jeton-de-demonstration"
SIRET = "20000000000017"


def environnement(adresse: str) -> dict[str, str]:
    """What a portal is told of it; nothing of this terminal's own token goes to a demonstration."""
    ecrits = (adresse, JETON, SIRET) if adresse else ("", "", "")
    noms = ("ADRESSE", "JETON", "SIRET")
    return {f"MARELLE_API_PARTICULIER_{nom}": ecrit for nom, ecrit in zip(noms, ecrits, strict=True)}
