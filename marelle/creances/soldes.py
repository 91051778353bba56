"""What is still owed: by invoice, by payer; and the statement of account with its running balance."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from .models import Facture, Paiement, Payeur, Regie, Restitution, Ventilation


def _somme(champ: str, modele: Any = Ventilation) -> Coalesce:
    """What ventilations (or restitutions) of one side (`facture`, `avoir`, `paiement`…) add up to, for each row."""
    lignes = modele.objects.filter(**{champ: OuterRef("pk")}).order_by().values(champ)
    total = lignes.annotate(total=Sum("montant_centimes")).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0, output_field=BigIntegerField()))


def avec_restes(factures: QuerySet[Facture]) -> QuerySet[Facture]:
    """Each invoice with `percu_centimes` (paid, or given back by avoirs) and `reste_centimes` (to pay; of an avoir: what it
    has not yet paid and no refund gave back, ≤ 0); of an avoir, what refunds gave back of it (`rendu_centimes`)."""
    return factures.annotate(
        rendu_centimes=_somme("avoir", Restitution),
        percu_centimes=_somme("facture") - _somme("avoir") - F("rendu_centimes"),
        reste_centimes=F("montant_centimes") - F("percu_centimes"),
    )


# What an app above says is collected elsewhere (handed over to the Treasury): no money received here pays it.
_AILLEURS: list[Q] = []


def recouvrees_ailleurs(condition: Q) -> None:
    """Register which invoices no money pays here any more; called once, when the app that knows them is ready."""
    if condition not in _AILLEURS:
        _AILLEURS.append(condition)


def impayees(payeur: Payeur, regie: Regie, *, ici: bool = True) -> QuerySet[Facture]:
    """What that payer has still to pay, the oldest first; with `ici`, not what is collected elsewhere than in that régie."""
    dues: QuerySet[Any] = avec_restes(Facture.objects.filter(payeur=payeur, regie=regie, sorte=Facture.Sorte.FACTURE))
    for condition in _AILLEURS if ici else ():
        dues = dues.exclude(condition)
    return dues.filter(reste_centimes__gt=0).order_by("date_emission", "rang")


def avoirs_a_imputer(payeur: Payeur, regie: Regie) -> QuerySet[Facture]:
    """Avoirs that have not paid all they give back, the oldest first (`reste_centimes` < 0)."""
    return _avoirs_ouverts(Facture.objects.filter(payeur=payeur, regie=regie))


def _avoirs_ouverts(factures: QuerySet[Facture]) -> QuerySet[Any]:
    avoirs: QuerySet[Any] = avec_restes(factures.filter(sorte=Facture.Sorte.AVOIR))
    return avoirs.filter(reste_centimes__lt=0).order_by("date_emission", "rang")


def avances(payeur: Payeur, regie: Regie) -> QuerySet[Paiement]:
    """Payments that do not pay anything yet, in whole or in part (`reste_centimes` > 0), the oldest first."""
    return _avances_ouvertes(Paiement.objects.filter(payeur=payeur, regie=regie))


def _avances_ouvertes(paiements: QuerySet[Paiement]) -> QuerySet[Any]:
    return en_compte(paiements).filter(reste_centimes__gt=0).order_by("date_paiement", "rang")


def en_compte(paiements: QuerySet[Paiement]) -> QuerySet[Any]:
    """Those that stand, each with what of it pays no invoice and was not given back (`reste_centimes`); of a refund, what no
    credit covers any more (< 0)."""
    emplois: QuerySet[Any] = avec_emplois(paiements.filter(annule__isnull=True, contrepassation__isnull=True))
    pris = F("ventile_centimes") + F("rendu_centimes") - F("couvert_centimes")
    restes: QuerySet[Any] = emplois.annotate(reste_centimes=F("montant_centimes") - pris)
    return restes


def avec_emplois(paiements: QuerySet[Paiement]) -> QuerySet[Any]:
    """Each with what it pays (`ventile_centimes`) and what of it refunds gave back (`rendu_centimes`); of a refund, what it
    gave back of what was in credit (`couvert_centimes`)."""
    return paiements.annotate(
        ventile_centimes=_somme("paiement"), rendu_centimes=_somme("paiement", Restitution),
        couvert_centimes=_somme("remboursement", Restitution),
    )  # fmt: skip


def decouverts(payeur: Payeur, regie: Regie) -> QuerySet[Any]:
    """Those of that payer: owed, on no invoice."""
    return a_decouvert(Paiement.objects.filter(payeur=payeur, regie=regie))


def a_decouvert(paiements: QuerySet[Paiement]) -> QuerySet[Any]:
    """The refunds among these payments of which money was taken back since (a rejected cheque), with what they gave for nothing
    (`reste_centimes` > 0), the oldest first."""
    siens = paiements.filter(est_remboursement=True, annule__isnull=True, contrepassation__isnull=True)
    restes: QuerySet[Any] = avec_emplois(siens).annotate(reste_centimes=-F("montant_centimes") - F("couvert_centimes"))
    return restes.filter(reste_centimes__gt=0).order_by("date_paiement", "rang")


def sources_a_rendre(payeurs: Collection[int], regie: Regie) -> list[tuple[Paiement | Facture, int]]:
    """What these payers (keys) have in credit and the régie can give back, each with its centimes: avoirs, then advances, the
    oldest first. Not what the Treasury received, nor avoirs on invoices that it collects: it refunds those itself."""
    avoirs = _avoirs_ouverts(Facture.objects.filter(payeur__in=payeurs, regie=regie))
    for condition in _AILLEURS:
        avoirs = avoirs.exclude(corrige__in=Facture.objects.filter(condition))
    recus = _avances_ouvertes(Paiement.objects.filter(payeur__in=payeurs, regie=regie))
    recus = recus.exclude(mode=Paiement.Mode.TRESOR)
    return [*((un, -un.reste_centimes) for un in avoirs), *((un, un.reste_centimes) for un in recus)]


def solde(payeur: Payeur, regie: Regie | None = None) -> int:
    """What that payer owes (centimes; negative: it is in credit): billed, less received."""
    return soldes([payeur.pk], regie).get(payeur.pk, 0)


def soldes(payeurs: Iterable[int] | None = None, regie: Regie | None = None) -> dict[int, int]:
    """The balance of each payer (all of them without `payeurs`), by its key, in two queries."""
    condition = Q() if payeurs is None else Q(payeur_id__in=list(payeurs))
    if regie is not None:
        condition &= Q(regie=regie)
    trouves: dict[int, int] = {}
    for modele, signe in ((Facture, 1), (Paiement, -1)):
        lignes = modele._default_manager.filter(condition).order_by().values_list("payeur_id")
        for payeur, total in lignes.annotate(total=Sum("montant_centimes")):
            trouves[payeur] = trouves.get(payeur, 0) + signe * total
    return trouves


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a statement: what was billed or paid that day, and what was owed after it."""

    date: date
    facture: Facture | None
    paiement: Paiement | None
    facture_centimes: int
    paye_centimes: int
    solde_centimes: int


def releve(payeurs: Iterable[Payeur], regie: Regie | None = None) -> list[Operation]:
    """The statement of account of these payers, from the first operation to the last."""
    condition = Q(payeur__in=list(payeurs))
    if regie is not None:
        condition &= Q(regie=regie)
    ecrits: list[tuple[tuple[date, int, int], Facture | None, Paiement | None, int]] = [
        ((une.date_emission, 0, une.pk), une, None, une.montant_centimes)
        for une in Facture.objects.filter(condition).order_by("pk")
    ]
    recus = Paiement.objects.filter(condition).select_related("annule").order_by("pk")
    ecrits += [((un.date_paiement, 1, un.pk), None, un, -un.montant_centimes) for un in recus]
    operations, du = [], 0
    for (jour, _, _), facture, paiement, montant in sorted(ecrits, key=lambda une: une[0]):
        du += montant
        operations.append(
            Operation(jour, facture, paiement, montant if facture else 0, -montant if paiement else 0, du)
        )
    return operations
