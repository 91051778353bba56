"""What the cart of a household would cost if everything in it were accepted: one query, whatever it holds."""

from __future__ import annotations

from datetime import date

from marelle.activites.models import Unite
from marelle.activites.selection import unites_offertes
from marelle.familles.models import Famille
from marelle.tarification.devis import Devis

from .panier import RESERVER, jours_au_panier


def montant_du_jour(devis: Devis, nature: str, enfant_id: int, activite: str, unite: Unite, jour: date) -> int | None:
    """Centimes of a day of the cart: what it costs, or, less than zero, what its annulation in time takes off."""
    if nature == RESERVER:
        prix = devis.prix(enfant_id, activite, unite, jour)
        return prix.total_centimes if prix else None
    rendu = devis.rendu_centimes(enfant_id, activite, unite, jour)
    return None if rendu is None else -rendu


def total_du_panier(famille: Famille, devis: Devis) -> int | None:
    """Centimes; None when no day of the cart has a price."""
    if devis.tarifs is None:
        return None
    unites = {une.pk: une for une in unites_offertes()}
    jours = jours_au_panier(famille).values_list("demande__nature", "demande__enfant_id", "ouverture__unite_id", "date")
    montants = []
    for nature, enfant_id, unite_id, jour in jours:
        unite = unites.get(unite_id)
        if unite is None or enfant_id is None:
            continue
        montant = montant_du_jour(devis, nature, enfant_id, unite.activite.code, unite, jour)
        if montant is not None:
            montants.append(montant)
    return sum(montants) if montants else None
