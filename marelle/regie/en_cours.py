"""Which invoices are being paid right now: in a run of direct debits, or on the payment site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from marelle.creances.models import Facture

from .models import LignePrelevement


def en_prelevement(factures: Iterable[Facture]) -> dict[int, date]:
    """The day of the run that collects each of these invoices, while that run is open."""
    cles = {une.pk for une in factures}
    ouvertes = LignePrelevement.objects.filter(
        prelevement__enregistre_le__isnull=True, prelevement__abandonne_le__isnull=True
    ).select_related("prelevement")
    return {
        pk: ligne.prelevement.date_prelevement
        for ligne in ouvertes.order_by("pk")
        for pk, _ in ligne.factures
        if pk in cles
    }


def paiements_en_cours(factures: Iterable[Facture]) -> set[int]:
    """The keys of those that must not be reminded nor handed over: being debited, or on the page of PayFiP."""
    from marelle.paiements.selection import en_cours  # that module reads ours

    toutes = list(factures)
    return set(en_prelevement(toutes)) | set(en_cours(une.pk for une in toutes))
