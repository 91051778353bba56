"""Paying online what keeps a place: the attempt carries calls instead of invoices; the rest is as for an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from marelle.creances.models import Payeur
from marelle.creances.payeurs import payeurs_visibles
from marelle.familles.models import Acces
from marelle.paiements import preparation
from marelle.paiements.models import Tentative
from marelle.regles.argent import euros
from marelle.socle.erreurs import ErreurMarelle, Introuvable, Refus

from .models import Appel, TentativeAppel
from .selection import attendus, en_cours

PLUS_A_PAYER = "Cette somme n’est plus à payer : elle l’est déjà, ou son délai est passé."


def preparer_les_appels(
    acces: Acces, cles: Sequence[int], *, retours: preparation.Retours, mel: str, vu_centimes: int | None = None
) -> Tentative:
    """Declare to PayFiP the payment of these calls, of one payer and one régie; whole, at what is due now.

    As `preparation.preparer`: the attempt going on for the very same thing is returned as it is; `Introuvable`, `Refus`,
    `SansAdresse` or `ErreurPayfip` say why not."""
    siens = Appel.objects.filter(pk__in=set(cles), payeur__in=payeurs_visibles(acces)).select_related("regie", "payeur")
    choisis = list(siens.order_by("pk"))
    if not cles:
        raise ErreurMarelle("Choisissez au moins une somme à payer.")
    if len(choisis) != len(set(cles)):
        raise Introuvable("Cette somme à payer n’existe pas.")
    if len({(un.regie_id, un.payeur_id) for un in choisis}) > 1:
        raise Refus("Ces sommes ne se paient pas ensemble : elles n’ont pas le même payeur ou la même régie.")
    preparation.exiger_payable_en_ligne(choisis[0].regie)
    tentative, est_nouvelle = _inscrire(acces, choisis, preparation.exiger_adresse(mel), vu_centimes)
    return preparation.declarer(tentative, retours, "Réservation") if est_nouvelle else tentative


@transaction.atomic
def _inscrire(acces: Acces, choisis: Sequence[Appel], mel: str, vu_centimes: int | None) -> tuple[Tentative, bool]:
    """The row of the attempt, with its calls kept; the attempt that goes on already when it is the same (False)."""
    payeur = Payeur.objects.select_for_update().get(pk=choisis[0].payeur_id)
    cles = [un.pk for un in choisis]
    dus: list[Any] = list(attendus(Appel.objects.filter(pk__in=cles)).order_by("pk"))
    if len(dus) < len(cles):
        raise Refus(PLUS_A_PAYER)
    parts = {un.pk: un.reste_centimes for un in dus}
    total = sum(parts.values())
    if vu_centimes is not None and vu_centimes != total:
        raise preparation.TotalChange(f"Le total est maintenant {euros(total)}. Relisez, puis payez.")
    if deja := _reprise(parts):
        return deja, False
    souche = f"A{dus[0].demande_le.year:04d}{dus[0].regie.code:02d}{dus[0].pk:06d}"
    tentative = preparation.ouvrir(acces, choisis[0].regie, payeur, total, souche, mel)
    TentativeAppel.objects.bulk_create(
        TentativeAppel(tentative=tentative, appel=un, montant_centimes=parts[un.pk]) for un in dus
    )
    return tentative, True


def _reprise(parts: dict[int, int]) -> Tentative | None:
    tenus = en_cours(parts)
    if not tenus:
        return None
    premiere = next(iter(tenus.values()))
    siens = {un.appel_id: un.montant_centimes for un in premiere.appels.all()}
    if premiere.idop and siens == parts and all(une == premiere for une in tenus.values()):
        return premiere
    raise preparation.EnCours(preparation.dire_en_cours(premiere, "cette somme"))
