"""What booking made payable and is to give back: days cancelled where the tariffs refund, money that came after the end."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum

from marelle.creances.models import Paiement, Payeur, Regie, Restitution
from marelle.creances.remboursement import rendables

from .models import Appel, LigneAppel
from .selection import TIENT, promis_par_payeur

Etat = Appel.Etat


def remboursable(payeur: Payeur, regie: Regie) -> int:
    """What that payer has in credit and that nothing claims, neither an invoice nor a call, in centimes."""
    return _remboursables([payeur.pk], regie).get(payeur.pk, 0)


def _remboursables(payeurs: Iterable[int], regie: Regie) -> dict[int, int]:
    """The same of each of these payers (keys), in as many queries whatever their number."""
    en_credit = rendables(payeurs, regie)
    promis = promis_par_payeur(en_credit, regie) if en_credit else {}
    return {cle: max(0, centimes - promis.get(cle, 0)) for cle, centimes in en_credit.items()}


def a_rendre(regie: Regie, payeur: Payeur | None = None) -> tuple[list[LigneAppel], list[Appel]]:
    """The days cancelled that are to refund, and the calls paid too late; of one payer, or of all. Each leaves once its payment
    was given back for it, or once its payer has nothing left that could be."""
    annulees = LigneAppel.objects.filter(
        appel__regie=regie, appel__etat=Etat.PAYE, annulee="remboursement", appel__paiement__contrepassation=None
    ).exclude(TIENT)
    tard = Appel.objects.filter(regie=regie, paiement__isnull=False, etat=Etat.EXPIRE, paiement__contrepassation=None)
    if payeur is not None:
        annulees, tard = annulees.filter(appel__payeur=payeur), tard.filter(payeur=payeur)
    annulees = annulees.select_related("appel__payeur", "reservation__enfant", "reservation__activite")
    lignes = list(annulees.order_by("reservation__date", "pk"))
    appels = list(tard.select_related("payeur", "paiement").order_by("-decide_le", "-pk"))
    rendus = _rendus([*(une.appel.paiement_id for une in lignes), *(un.paiement_id for un in appels)])
    lignes = [une for une in lignes if not _est_rendu(rendus, une.appel.paiement_id, une.montant_centimes)]
    appels = [
        un for un in appels if un.paiement and not _est_rendu(rendus, un.paiement_id, un.paiement.montant_centimes)
    ]
    payeurs = {*(une.appel.payeur_id for une in lignes), *(un.payeur_id for un in appels)}
    encore = _remboursables(payeurs, regie) if payeurs else {}
    return (
        [une for une in lignes if encore.get(une.appel.payeur_id)],
        [un for un in appels if encore.get(un.payeur_id)],
    )


def _rendus(paiements: Iterable[int | None]) -> dict[int, int]:
    rendus = Restitution.objects.filter(paiement__in={cle for cle in paiements if cle}).order_by()
    return dict(rendus.values_list("paiement_id").annotate(total=Sum("montant_centimes")))


def _est_rendu(rendus: dict[int, int], paiement: int | None, montant: int) -> bool:
    """What refunds gave back of a payment answers for as many of its days as it covers."""
    if paiement is None or rendus.get(paiement, 0) < montant:
        return False
    rendus[paiement] -= montant
    return True


def a_proposer(payeur: Payeur, regie: Regie) -> tuple[int, list[Paiement]]:
    """What to refund to that payer now: its cancelled days and what came too late, otherwise all that nothing claims (centimes);
    and the payments to take it from first."""
    permis = remboursable(payeur, regie)
    lignes, tard = a_rendre(regie, payeur) if permis else ([], [])
    voulu = sum(une.montant_centimes for une in lignes) + sum(
        un.paiement.montant_centimes for un in tard if un.paiement
    )
    paiements = [*(une.appel.paiement for une in lignes), *(un.paiement for un in tard)]
    return min(permis, voulu or permis), [un for un in paiements if un]
