"""The simulated PayFiP of the demonstration: one process for the portals whose invoices are paid online."""

import sys

from marelle.reglages import env
from marelle.regles.regies import ErreurRegies, lire_regies

PORT = 8090
NOM = "PayFiP simulé"
COMMANDE = [sys.executable, "outils/simulateur_payfip"]


def est_paye_en_ligne(code: str) -> bool:
    """Whether a régie of that collectivité is paid through PayFiP's web service."""
    fichier = env.DOSSIER_COLLECTIVITES / code / "regies.toml"
    try:
        regies = lire_regies(fichier.read_text(encoding="utf-8"), str(fichier))
    except (OSError, ErreurRegies):
        return False  # loading it will say what is wrong, better than here
    return any(une.paiement_en_ligne == "payfip_regie_ws" for une in regies)
