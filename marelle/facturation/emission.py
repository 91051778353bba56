"""Issuing a run in the background: a hundred payers at a time, each examined again under its lock, each exactly once.

The job bears to be run twice, and to be cut anywhere: what is issued has its reference, what is not is taken up again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Sum
from django_tasks import task

from marelle.creances.emission import FactureAEmettre, emettre
from marelle.creances.imputation import imputer_credits
from marelle.creances.models import Facture, Paiement, Payeur, Ventilation
from marelle.creances.regies import options_de
from marelle.creances.soldes import soldes
from marelle.journal.service import noter
from marelle.regles.phrases import dire_periode, typo
from marelle.socle.horloge import maintenant

from .apercu import est_emise, minimum_de
from .apres_emission import annoncer
from .calcul import Compte, calculer
from .models import Campagne, FacturePrevue, PriseEnCharge
from .selection import Selection, selection_de

PAR_LOT = 100  # payers in one transaction
Etat = FacturePrevue.Etat


@task()
def emettre_campagne(campagne_id: int) -> None:
    """Issue what is left to issue of this run; households first, then the third parties that pay with them."""
    campagne = Campagne.objects.select_related("regie", "lancee_par").get(pk=campagne_id)
    if campagne.etat != Campagne.Etat.EMISSION:
        return
    selection = selection_de(campagne)
    while _un_lot(campagne, selection):
        pass
    _finir(campagne)


def _un_lot(campagne: Campagne, selection: Selection) -> bool:
    """One transaction; False when nothing is left."""
    with transaction.atomic():
        Campagne.objects.select_for_update().get(pk=campagne.pk)  # one worker at a time
        restent = campagne.prevues.filter(etat=Etat.PREVUE)
        lot = list(restent.filter(famille__isnull=False).order_by("famille_id", "pk")[:PAR_LOT])
        lot = lot or list(restent.order_by("pk")[:PAR_LOT])
        if not lot:
            return False
        _emettre(campagne, lot, selection)
        return True


def _emettre(campagne: Campagne, lot: Sequence[FacturePrevue], selection: Selection) -> None:
    voulus = sorted(une.payeur_id for une in lot)
    payeurs = {un.pk: un for un in Payeur.objects.select_for_update().filter(pk__in=voulus).order_by("pk")}
    comptes = calculer(_selection_du_lot(campagne, lot, selection))
    minimum = minimum_de(campagne)
    avant = soldes(voulus, campagne.regie) if options_de(campagne.regie).solde_anterieur else {}
    a_faire = {
        cle: _facture(campagne, payeurs[cle], comptes[cle], avant.get(cle, 0))
        for cle in (une.payeur_id for une in lot)
        if cle in comptes and est_emise(comptes[cle], minimum)
    }
    emises = emettre(
        campagne.regie, list(a_faire.values()), date_emission=campagne.date_emission, auteur=campagne.lancee_par
    )  # fmt: skip
    par_payeur = {une.payeur_id: une for une in emises}
    for une in lot:
        une.facture = par_payeur.get(une.payeur_id)
        une.etat = Etat.EMISE if une.facture else Etat.REPORTEE
        if une.facture:
            une.montant_centimes, une.lignes = une.facture.montant_centimes, len(comptes[une.payeur_id].lignes)
    FacturePrevue.objects.bulk_update(lot, ["facture", "etat", "montant_centimes", "lignes"], batch_size=PAR_LOT)
    for cle in en_credit(par_payeur):
        imputer_credits(payeurs[cle], campagne.regie)


def _selection_du_lot(campagne: Campagne, lot: Sequence[FacturePrevue], selection: Selection) -> Selection:
    """Only the households of the lot; for third parties, those that were not set aside: one that was billed, or has nothing to
    pay of a day, leaves them their share."""
    familles = {une.famille_id for une in lot if une.famille_id is not None}
    if familles:
        return selection.pour(familles)
    ecartees = campagne.prevues.filter(etat=Etat.ECARTEE, famille__isnull=False)
    hors = set(ecartees.order_by().values_list("famille_id", flat=True))
    aidees = PriseEnCharge.objects.filter(payeur__in=[une.payeur_id for une in lot]).order_by()
    aidees_ici = set(aidees.values_list("famille_id", flat=True)) - hors
    return selection.pour(aidees_ici & selection.familles if selection.familles is not None else aidees_ici)


def _facture(campagne: Campagne, payeur: Payeur, compte: Compte, solde_avant: int) -> FactureAEmettre:
    lignes = sorted(
        compte.lignes, key=lambda une: (une.enfant_id or 0, une.activite, une.date or campagne.debut, une.cle)
    )
    return FactureAEmettre(
        payeur=payeur,
        periode_debut=campagne.debut,
        periode_fin=campagne.fin,
        lignes=lignes,
        famille_id=compte.famille_id,
        reference=f"campagne:{campagne.pk}:payeur:{payeur.pk}",
        motif=_motif(campagne) if compte.montant_centimes < 0 else "",
        date_echeance=campagne.date_echeance,
        solde_anterieur_centimes=solde_avant,
    )


def _motif(campagne: Campagne) -> str:
    """What an avoir of a run says: each of its lines says the rest."""
    periode = dire_periode(campagne.debut, campagne.fin)
    return typo(f"Régularisation faite avec la facturation de la période {periode} : les lignes disent pourquoi.")[:300]


def en_credit(payeurs: Iterable[int]) -> set[int]:
    """Those of these payers whose avoirs and payments do not all pay something yet, in three queries."""
    cles = list(payeurs)
    credits: dict[int, int] = {}
    sources = (
        Paiement.objects.filter(payeur__in=cles).order_by().values_list("payeur_id").annotate(Sum("montant_centimes")),
        Ventilation.objects.filter(paiement__payeur__in=cles).order_by().values_list("paiement__payeur_id").annotate(
            Sum("montant_centimes")
        ),
        Facture.objects.filter(payeur__in=cles, sorte=Facture.Sorte.AVOIR).order_by().values_list("payeur_id").annotate(
            Sum("montant_centimes")
        ),
        Ventilation.objects.filter(avoir__payeur__in=cles).order_by().values_list("avoir__payeur_id").annotate(
            Sum("montant_centimes")
        ),
    )  # fmt: skip
    for signe, lignes in zip((1, -1, -1, -1), sources, strict=True):
        for payeur, somme in lignes:
            credits[payeur] = credits.get(payeur, 0) + signe * somme
    return {payeur for payeur, credit in credits.items() if credit > 0}


def _finir(campagne: Campagne) -> None:
    with transaction.atomic():
        sienne = Campagne.objects.select_for_update().get(pk=campagne.pk)
        if sienne.etat != Campagne.Etat.EMISSION:
            return
        sienne.etat, sienne.emise_le = Campagne.Etat.EMISE, maintenant()
        sienne.save(update_fields=["etat", "emise_le"])
        nombre = sienne.prevues.filter(etat=Etat.EMISE).count()
        qui = campagne.lancee_par.compte if campagne.lancee_par else None
        noter(qui, "facturation.emise", sienne, factures=nombre)
        annoncer(sienne.pk)
