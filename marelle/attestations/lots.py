"""The certificates of a year, all at once: a job that certifies every payer in small transactions, then draws what is printed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django_tasks import task

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur
from marelle.journal.service import noter
from marelle.pieces import rangement
from marelle.pieces.service import montrer
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant
from marelle.taches.file import attend

from .calcul import a_certifier
from .documents import pdf_a_imprimer
from .emission import etablir_ce_que, exiger_annee
from .envois import annoncer_le_lot, parties_par_courriel
from .models import Attestation, LotAttestations

PAR_TRANSACTION = 100


def cles_tenues() -> Iterable[uuid.UUID]:
    return LotAttestations.objects.filter(cle__isnull=False).order_by("pk").values_list("cle", flat=True)  # type: ignore[return-value]


def lots() -> list[LotAttestations]:
    """The batches, the latest first. `est_arrete`: its job failed too often, nobody works at it."""
    lus = list(LotAttestations.objects.select_related("demande_par")[:12])
    for un in lus:
        un.est_arrete = un.fini_le is None and not attend(preparer.module_path, un.pk)
    return lus


def demander(annee: int, agent: Agent, *, avec_courriel: bool = False) -> LotAttestations:
    """Ask for the certificates of a year, on paper too for those who get theirs by e-mail if `avec_courriel`; a batch whose job
    was given up goes on. Raises `Refus` when the year is not over, or when they are being prepared."""
    exiger_annee(annee)
    try:
        with transaction.atomic():
            lot = LotAttestations.objects.create(
                annee=annee, demande_le=maintenant(), demande_par=agent, avec_courriel=avec_courriel
            )
            _lancer(lot, agent)
    except IntegrityError:
        return _reprendre(annee, agent, avec_courriel=avec_courriel)
    return lot


def _lancer(lot: LotAttestations, agent: Agent) -> None:
    noter(agent.compte, "attestations.lot", lot, annee=lot.annee, avec_courriel=lot.avec_courriel)
    preparer.enqueue(lot.pk)


def _reprendre(annee: int, agent: Agent, *, avec_courriel: bool) -> LotAttestations:
    """The batch of that year that is not finished, with a new job when its own was given up (it failed five times)."""
    with transaction.atomic():
        lot = LotAttestations.objects.select_for_update().filter(annee=annee, fini_le__isnull=True).first()
        if lot is None or attend(preparer.module_path, lot.pk):
            raise Refus(f"Les attestations {annee} sont déjà en préparation.")
        lot.avec_courriel = avec_courriel
        lot.save(update_fields=["avec_courriel"])
        _lancer(lot, agent)
    return lot


@task()
def preparer(lot_id: int) -> None:
    """Certify every payer of the year, write to those who agreed to it, then draw the document to print. Run again, it goes on
    where it stopped."""
    lot = LotAttestations.objects.select_related("demande_par").get(pk=lot_id)
    if lot.fini_le is not None:
        return
    certifie = a_certifier(lot.annee)
    deja = Attestation.objects.filter(annee=lot.annee).order_by().values_list("payeur_id", flat=True)
    payeurs = list(Payeur.objects.filter(pk__in=set(certifie) | set(deja)).order_by("pk"))
    LotAttestations.objects.filter(pk=lot_id).update(total=len(payeurs))
    nouvelles = 0
    for debut in range(0, len(payeurs), PAR_TRANSACTION):
        tranche = payeurs[debut : debut + PAR_TRANSACTION]
        nouvelles += len(etablir_ce_que(lot.annee, tranche, certifie, lot.demande_par))
        LotAttestations.objects.filter(pk=lot_id).update(faites=debut + len(tranche), nouvelles=nouvelles)
    annoncer_le_lot(lot)
    papier, parties = _a_imprimer(lot)
    LotAttestations.objects.filter(pk=lot_id).update(
        cle=_imprimer(papier), par_courriel=len(parties), fini_le=maintenant()
    )


def _a_imprimer(lot: LotAttestations) -> tuple[list[Attestation], list[Attestation]]:
    """Those in force of its year that go on paper, and those that are left out since they went by e-mail."""
    choisies = Attestation.objects.filter(annee=lot.annee, remplacee_par__isnull=True, montant_centimes__gt=0)
    toutes = list(choisies.select_related("remplace").order_by("pk"))
    ecrites = set() if lot.avec_courriel else parties_par_courriel(toutes)
    papier = [une for une in toutes if une.pk not in ecrites]
    return papier, [une for une in toutes if une.pk in ecrites]


def _imprimer(papier: Iterable[Attestation]) -> uuid.UUID | None:
    """One document of these certificates, by postcode and name, as the post likes them."""
    attestations = sorted(papier, key=_adresse_postale)
    if not attestations:
        return None
    cle = uuid.uuid4()
    rangement.ranger(cle, pdf_a_imprimer(attestations))
    return cle


def _adresse_postale(une: Attestation) -> tuple[str, str, str, int]:
    ecrit = une.destinataire
    return ecrit.get("code_postal", ""), ecrit.get("nom", ""), ecrit.get("prenom", ""), une.pk


def telecharger(lot_id: int, agent: Agent) -> HttpResponse:
    """The answer that gives the document to print; the journal says who took it."""
    lot = LotAttestations.objects.filter(pk=lot_id, cle__isnull=False).first()
    if lot is None or lot.cle is None:
        raise Introuvable("Ce document n’est pas prêt.")
    noter(agent.compte, "attestations.telechargees", lot, annee=lot.annee)
    return montrer(lot.cle, "application/pdf", f"attestations-fiscales-{lot.annee}.pdf")
