"""What is asked when booking, in plain sentences: so much, before such an hour, or else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marelle.regles.argent import euros
from marelle.regles.echeances import Somme
from marelle.regles.phrases import dire_date, dire_duree, dire_heure
from marelle.socle.horloge import PARIS, aujourdhui

from .models import Appel


def dire_avant(limite: datetime) -> str:
    """« avant 14 h 32 », « avant demain 9 h 05 », « avant le mercredi 9 décembre à 9 h 05 ». Minutes only: seconds are a gift."""
    ici = limite.astimezone(PARIS)
    heure = dire_heure(ici.time().replace(second=0, microsecond=0))
    match (ici.date() - aujourdhui()).days:
        case 0:
            return f"avant {heure}"
        case 1:
            return f"avant demain {heure}"
    return f"avant le {dire_date(ici.date(), aujourdhui().year)} à {heure}"


def dire_l_echeance(appel: Appel) -> str:
    """« avant 14 h 32, sinon la réservation tombe », « maintenant », « au plus tard le mercredi 15 juillet »."""
    if appel.avant is None:
        return "maintenant"
    if appel.perd_la_place:
        return f"{dire_avant(appel.avant)}, sinon la réservation tombe"
    if appel.sorte == Appel.Sorte.SOLDE:
        return f"au plus tard le {dire_date(appel.avant.astimezone(PARIS).date(), aujourdhui().year)}"
    return dire_avant(appel.avant)


def dire_l_appel(appel: Any) -> str:
    """`appel`: with its `reste_centimes`. « 12,00 € à payer avant 14 h 32, sinon la réservation tombe. »"""
    quoi = "Solde : " if appel.sorte == Appel.Sorte.SOLDE else ""
    return f"{quoi}{euros(appel.reste_centimes)} à payer {dire_l_echeance(appel)}."


def dire_les_sommes(
    sommes: Sequence[Somme], maintenant: datetime, *, est_ferme: bool, credit_centimes: int = 0
) -> list[str]:
    """Before anything is sent: what booking these days will ask; `credit_centimes`: what is in credit and pays the rest of it."""
    dites = []
    for une in sommes:
        combien = euros(une.centimes)
        if une.est_solde and une.avant is not None:
            jour = dire_date(une.avant.astimezone(PARIS).date(), aujourdhui().year)
            dites.append(f"Solde : {combien} à payer au plus tard le {jour}.")
        elif une.avant is not None and une.perd_la_place:
            minutes = round((une.avant.timestamp() - maintenant.timestamp()) / 60)  # minutes that pass
            dites.append(
                f"{combien} à payer au plus tard {dire_duree(minutes)} après la réservation, sinon elle tombe."
            )
        else:
            dites.append(f"{combien} à payer en réservant.")
    if credit_centimes:
        paie = f"le crédit du compte paie {euros(credit_centimes)}"
        dites.append(f"Et {paie} de plus." if dites else f"Rien : {paie}.")
    if dites and est_ferme:
        dites.append("Une journée annulée, même à temps, n’est pas remboursée.")
    return dites
