"""What of a price is care, that a tax certificate may count: never the meal, an outing, a penalty, nor a day of absence."""

from __future__ import annotations

from fractions import Fraction

from marelle.regles.montants import arrondir
from marelle.regles.prix import Prix
from marelle.regles.tarifs import Modulation, Tarif

_GARDE = ("accueil", "minimum")


def eligible(prix: Prix, tarif: Tarif | None, rang: int = 1) -> int:
    """In centimes, between 0 and what the family owes.

    A discount or a surcharge that bears on the meal too is shared between care and meal; what others pay is taken from care
    and from the rest in proportion. A day on which the child did not come is not care."""
    sommes: dict[str, int] = {}
    for ligne in prix.lignes:
        sommes[ligne.sorte] = sommes.get(ligne.sorte, 0) + ligne.montant_centimes
    if "absence" in sommes:
        return 0
    garde = Fraction(sum(montant for sorte, montant in sommes.items() if sorte in _GARDE))
    base = garde + sommes.get("repas", 0)
    part = garde / base if base else Fraction(1)
    for sorte, module in (("fratrie", _fratrie(tarif, rang)), ("residence", tarif.hors_secteur if tarif else None)):
        garde += sommes.get(sorte, 0) * (part if module is not None and module.sur_tout else 1)
    brut = prix.total_centimes - sommes.get("aide", 0)
    if garde <= 0 or brut <= 0:
        return 0
    return min(arrondir(garde * prix.total_centimes / brut), prix.total_centimes)


def _fratrie(tarif: Tarif | None, rang: int) -> Modulation | None:
    rangs = [un for un in tarif.fratrie if un <= rang] if tarif else []
    return tarif.fratrie[max(rangs)] if tarif and rangs else None
