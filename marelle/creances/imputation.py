"""What pays what: payments and avoirs are set against invoices, the oldest first unless somebody chose; always under the
lock of the payer's row (`Payeur.select_for_update`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant

from .models import Facture, Paiement, Payeur, Regie, Ventilation
from .soldes import avances, avec_restes, avoirs_a_imputer, impayees


def ventiler(paiement: Paiement, choisies: Sequence[tuple[Facture, int]] | None) -> int:
    """Set a payment against the chosen invoices (each with its amount), or the oldest; returns what is left of it, in
    centimes. Raises `Refus` for an invoice of another payer or régie, an amount over its rest, more than the payment."""
    if choisies is None:
        return _repartir(paiement.montant_centimes, impayees(paiement.payeur, paiement.regie), paiement=paiement)
    restes = {une.pk: une for une in avec_restes(Facture.objects.filter(pk__in=[f.pk for f, _ in choisies]))}
    reste = paiement.montant_centimes
    for facture, montant in choisies:
        _exiger_payable(paiement, restes[facture.pk], montant)
        reste -= montant
        _ecrire(facture, montant, paiement=paiement)
    if reste < 0:
        raise Refus(f"Les factures choisies demandent {euros(-reste)} de plus que ce paiement.")
    return reste


def _exiger_payable(paiement: Paiement, facture: Facture, montant: int) -> None:
    if facture.payeur_id != paiement.payeur_id or facture.regie_id != paiement.regie_id or facture.est_avoir:
        raise Refus(f"La facture {facture.numero} n’est pas de ce payeur : rien n’est enregistré.")
    reste = facture.reste_centimes  # type: ignore[attr-defined]
    if montant <= 0 or montant > reste:
        raise Refus(f"Il reste {euros(reste)} à payer sur la facture {facture.numero} : {euros(montant)} ne va pas.")


def imputer_credits(payeur: Payeur, regie: Regie) -> int:
    """Let what that payer has in credit (avoirs, then advances) pay what it owes; returns what was paid, in centimes."""
    pris = 0
    for avoir in avoirs_a_imputer(payeur, regie):
        credit = -avoir.reste_centimes  # type: ignore[attr-defined]
        reste = _repartir(credit, _corrigee(avoir), avoir=avoir)
        pris += credit - _repartir(reste, impayees(payeur, regie), avoir=avoir)
    for avance in avances(payeur, regie):
        credit = avance.reste_centimes  # type: ignore[attr-defined]
        pris += credit - _repartir(credit, impayees(payeur, regie), paiement=avance)
    return pris


def reprendre(paiement: Paiement, contraire: Paiement) -> None:
    """What a payment paid is owed again: rows of the opposite sign, carried by its counter-entry."""
    payees: dict[int, int] = {}
    for une in paiement.ventilations.order_by("pk"):
        payees[une.facture_id] = payees.get(une.facture_id, 0) + une.montant_centimes
    instant = maintenant()
    Ventilation.objects.bulk_create(
        Ventilation(facture_id=pk, paiement=contraire, montant_centimes=-montant, faite_le=instant)
        for pk, montant in payees.items()
        if montant
    )


def _corrigee(avoir: Facture) -> QuerySet[Any]:
    """The invoice that an avoir corrects, while something is owed on it; wherever it is collected, it owes less now."""
    corrigees: QuerySet[Any] = avec_restes(Facture.objects.filter(avoirs=avoir))
    return corrigees.filter(reste_centimes__gt=0)


def _repartir(
    credit: int, dues: Iterable[Facture], *, paiement: Paiement | None = None, avoir: Facture | None = None
) -> int:
    for facture in dues:
        if credit <= 0:
            break
        montant = min(credit, facture.reste_centimes)  # type: ignore[attr-defined]
        _ecrire(facture, montant, paiement=paiement, avoir=avoir)
        credit -= montant
    return credit


def _ecrire(facture: Facture, montant: int, *, paiement: Paiement | None = None, avoir: Facture | None = None) -> None:
    Ventilation.objects.create(
        facture=facture, paiement=paiement, avoir=avoir, montant_centimes=montant, faite_le=maintenant()
    )
