"""What pays what: payments and avoirs are set against invoices, the oldest first unless somebody chose, or given back by a
refund; always under the lock of the payer's row (`Payeur.select_for_update`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant

from .models import Facture, Paiement, Payeur, Regie, Restitution, Ventilation
from .soldes import avances, avec_restes, avoirs_a_imputer, decouverts, impayees


def ventiler(paiement: Paiement, choisies: Sequence[tuple[Facture, int]] | None) -> int:
    """Set a payment against the chosen invoices (each with its amount), or the oldest, then refunds of money that was taken
    back; returns what is left of it, in centimes. Raises `Refus` for an invoice of another payer or régie, an amount over its
    rest, more than the payment."""
    if choisies is None:
        reste = _repartir(paiement.montant_centimes, impayees(paiement.payeur, paiement.regie), paiement=paiement)
        return _couvrir(reste, paiement=paiement)
    restes = {une.pk: une for une in avec_restes(Facture.objects.filter(pk__in=[f.pk for f, _ in choisies]))}
    reste = paiement.montant_centimes
    for facture, montant in choisies:
        _exiger_payable(paiement, restes[facture.pk], montant)
        reste -= montant
        _ecrire(facture, montant, paiement=paiement)
    if reste < 0:
        raise Refus(f"Les factures choisies demandent {euros(-reste)} de plus que ce paiement.")
    return _couvrir(reste, paiement=paiement)


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
        reste = _repartir(reste, impayees(payeur, regie), avoir=avoir)
        pris += credit - _couvrir(reste, avoir=avoir)
    for avance in avances(payeur, regie):
        credit = avance.reste_centimes  # type: ignore[attr-defined]
        reste = _repartir(credit, impayees(payeur, regie), paiement=avance)
        pris += credit - _couvrir(reste, paiement=avance)
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


def rendre(remboursement: Paiement, sources: Sequence[tuple[Paiement | Facture, int]]) -> int:
    """Take what a refund gives back from these credits (each with what is left of it), in their order; returns what they did
    not cover, in centimes."""
    manque = -remboursement.montant_centimes
    for source, reste in sources:
        part = min(manque, reste)
        if part > 0:
            _restituer(remboursement, part, source)
            manque -= part
    return manque


def reprendre_les_restitutions(paiement: Paiement) -> None:
    """A payment is taken back: what refunds gave back of it was given for nothing. A refund is: what it gave is in credit."""
    champ = "remboursement" if paiement.est_remboursement else "paiement"
    prises: dict[tuple[Paiement, Paiement | Facture], int] = {}
    siennes = Restitution.objects.filter(**{champ: paiement}).select_related("remboursement", "paiement", "avoir")
    for une in siennes.order_by("pk"):
        source = une.paiement or une.avoir
        assert source is not None
        prises[une.remboursement, source] = prises.get((une.remboursement, source), 0) + une.montant_centimes
    for (remboursement, source), montant in prises.items():
        if montant:
            _restituer(remboursement, -montant, source)


def _couvrir(credit: int, *, paiement: Paiement | None = None, avoir: Facture | None = None) -> int:
    """What is left of a credit, once refunds of money that was taken back since have had their part of it."""
    source = paiement or avoir
    if credit <= 0 or source is None:
        return credit
    for un in decouverts(source.payeur, source.regie):
        part = min(credit, un.reste_centimes)
        if part <= 0:
            break
        _restituer(un, part, source)
        credit -= part
    return credit


def _restituer(remboursement: Paiement, montant: int, source: Paiement | Facture) -> None:
    paiement, avoir = (source, None) if isinstance(source, Paiement) else (None, source)
    Restitution.objects.create(
        remboursement=remboursement, paiement=paiement, avoir=avoir, montant_centimes=montant, faite_le=maintenant()
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
