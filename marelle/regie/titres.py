"""What CESU vouchers may pay: care around school hours, and holiday care of children under six; never meals.

The rule as associations of mayors sum it up: garderie périscolaire at any age of school, accueil de loisirs for children under
six on the day of care; meals never.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum

from marelle.activites.models import Activite, Temps
from marelle.creances.models import Facture, LigneFacture, Paiement

TITRES = (Paiement.Mode.CESU, Paiement.Mode.ANCV)
AGE_LIMITE = 6
LOISIRS = (Temps.MERCREDI, Temps.VACANCES)


def payable_en_cesu(factures: Iterable[Facture]) -> dict[int, int]:
    """What CESU vouchers may pay of each of these invoices, by its key, in centimes: the care of its legal lines, whatever has
    been paid already (the caller keeps below what is left)."""
    cles = [une.pk for une in factures]
    lignes = LigneFacture.objects.filter(facture__in=cles).select_related("enfant").order_by("pk")
    temps = dict(Activite.objects.values_list("code", "temps"))
    sommes = dict.fromkeys(cles, 0)
    for ligne in lignes:
        if _est_une_garde(ligne, temps.get(ligne.activite, "")):
            sommes[ligne.facture_id] += ligne.eligible_centimes
    return {cle: max(0, somme) for cle, somme in sommes.items()}


def deja_paye_en_cesu(factures: Iterable[Facture]) -> dict[int, int]:
    """What CESU vouchers have paid of each already."""
    payees = Facture.objects.filter(pk__in=[une.pk for une in factures]).order_by()
    lignes = payees.filter(ventilations__paiement__mode=Paiement.Mode.CESU).values_list("pk")
    return {pk: int(somme) for pk, somme in lignes.annotate(somme=Sum("ventilations__montant_centimes"))}


def _est_une_garde(ligne: LigneFacture, temps: str) -> bool:
    if temps == Temps.PERISCOLAIRE:
        return True
    if temps not in LOISIRS or ligne.enfant is None:
        return False
    return ligne.enfant.age_le(ligne.date or ligne.facture.periode_debut) < AGE_LIMITE
