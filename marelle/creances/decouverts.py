"""What refunds gave back of money that was taken back since: owed, on no invoice; of which money, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from .models import Paiement, Payeur, Restitution
from .soldes import a_decouvert


@dataclass(frozen=True, slots=True)
class Decouvert:
    """A refund of which so much (centimes) is covered no more. `repris`: the money that it gave back, the last one when several
    were; owed since the day that one was taken back."""

    remboursement: Paiement
    reste_centimes: int
    repris: Paiement

    @property
    def payeur(self) -> Payeur:
        return self.remboursement.payeur

    @property
    def depuis(self) -> date:
        return self.repris.contrepassation.date_paiement

    @property
    def motif(self) -> str:
        """Why that money was taken back, inside a sentence."""
        motif = self.repris.contrepassation.motif
        return f"{motif[:1].lower()}{motif[1:]}".rstrip(" .")


def lire_les_decouverts(paiements: QuerySet[Paiement]) -> list[Decouvert]:
    """Those among these payments, the oldest first, with their payers: one query, two when there are any."""
    rendus = list(a_decouvert(paiements).select_related("payeur__famille"))
    if not rendus:
        return []
    # Of a refund that stands, only money taken back leaves rows below zero.
    reprises = Restitution.objects.filter(remboursement__in=rendus, montant_centimes__lt=0).order_by("pk")
    repris = {une.remboursement_id: une.paiement for une in reprises.select_related("paiement__contrepassation")}
    return [Decouvert(un, un.reste_centimes, source) for un in rendus if (source := repris[un.pk])]
