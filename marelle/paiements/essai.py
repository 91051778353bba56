"""Trying the settings: does PayFiP know each régie that is paid online?"""

from __future__ import annotations

from dataclasses import dataclass

from marelle.creances.models import Regie
from marelle.creances.regies import regies

from . import payfip
from .selection import WS


@dataclass(frozen=True, slots=True)
class Essai:
    """What PayFiP answered about one régie."""

    regie: str
    numcli: str
    adresse: str
    est_bon: bool
    phrase: str


def essayer() -> list[Essai]:
    """One answer for each régie whose invoices are paid through the web service; no payment is made."""
    return [_essayer(Regie.objects.get(code=une.code), une.numcli) for une in regies() if une.paiement_en_ligne == WS]


def _essayer(regie: Regie, numcli: str) -> Essai:
    try:
        noms = payfip.decrire_client(regie, numcli)
    except payfip.ErreurPayfip as erreur:
        phrase = f"PayFiP refuse ({erreur.code})." if erreur.code else "PayFiP ne répond pas."
        return Essai(regie.nom, numcli, payfip.adresse(regie), False, f"{phrase} {erreur.detail}")
    return Essai(regie.nom, numcli, payfip.adresse(regie), True, " · ".join(noms) or "connu, sans nom.")
