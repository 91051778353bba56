"""Who is to be reminded today, by which step, and what was sent: each step of an invoice once, in order, spaced out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from marelle.comptes.models import Agent
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import destinataires, nom_de
from marelle.creances.regies import options_de
from marelle.journal.service import noter
from marelle.regles.argent import euros
from marelle.regles.regies import EtapeRelance, OptionsRegie
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.socle.pays import lignes_d_adresse

from . import courrier
from .en_cours import paiements_en_cours
from .impayes import FactureDue, factures_dues
from .models import LotDeRelances, Relance
from .sursis import proteges


@dataclass(frozen=True, slots=True)
class ARelancer:
    """One payer and one step: one e-mail or one letter, for these invoices. `etape` counts from 1."""

    payeur: Payeur
    ecrit: dict[str, str]
    etape: int
    option: EtapeRelance
    factures: list[FactureDue]

    @property
    def cle(self) -> str:
        return f"{self.payeur.pk}-{self.etape}"

    @property
    def nom(self) -> str:
        return nom_de(self.ecrit)

    @property
    def moyen(self) -> str:
        """Who has no e-mail address is written to on paper."""
        if self.option.moyen == Relance.Moyen.COURRIEL and not self.ecrit.get("courriel"):
            return Relance.Moyen.COURRIER
        return self.option.moyen

    @property
    def moyen_dit(self) -> str:
        return Relance.Moyen(self.moyen).label

    @property
    def total_centimes(self) -> int:
        return sum(une.reste_centimes for une in self.factures)


def etape_due(etapes: Sequence[EtapeRelance], due: FactureDue, jour: date) -> int:
    """The step that this invoice has reached on that day, from 1; 0 when there is nothing to do yet.

    The next one after those that were sent: so many days after the due date, and never closer to the one before than the
    steps are to each other."""
    faites = due.relances[-1].etape if due.relances else 0
    if faites >= len(etapes):
        return 0
    suivante = etapes[faites]
    quand = due.facture.date_echeance + timedelta(days=suivante.jours)
    if due.relances:
        ecart = timedelta(days=max(1, suivante.jours - etapes[faites - 1].jours))
        quand = max(quand, timezone.localdate(due.relances[-1].lot.fait_le) + ecart)
    return faites + 1 if jour >= quand else 0


def proposer(regie: Regie, jour: date) -> list[ARelancer]:
    """Who is to be reminded that day: not those set aside, not invoices whose payment is under way."""
    etapes = options_de(regie).relances
    dues = factures_dues(regie, jour)
    ecartes, en_cours = proteges(regie, jour), paiements_en_cours([une.facture for une in dues])
    groupes: dict[tuple[int, int], list[FactureDue]] = {}
    for une in dues:
        etape = etape_due(etapes, une, jour)
        if etape and une.facture.payeur_id not in ecartes and une.facture.pk not in en_cours:
            groupes.setdefault((une.facture.payeur_id, etape), []).append(une)
    ecrits = destinataires({lot[0].facture.payeur_id: lot[0].facture.payeur for lot in groupes.values()}.values())
    trouves = [
        ARelancer(lot[0].facture.payeur, ecrits[payeur], etape, etapes[etape - 1], lot)
        for (payeur, etape), lot in groupes.items()
    ]
    return sorted(trouves, key=lambda un: (un.etape, un.ecrit.get("nom", "").casefold(), un.payeur.pk))


@dataclass(frozen=True, slots=True)
class Envoi:
    """What came of it: how many e-mails, how many letters to print; `laissees`: those that were paid meanwhile."""

    lot: LotDeRelances
    courriels: int
    courriers: int
    laissees: int


@transaction.atomic
def envoyer(regie: Regie, cles: Iterable[str], *, auteur: Agent) -> Envoi:
    """Send the reminders ticked, among those proposed. Raises `Refus` when none is left to send."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    choisies = set(cles)
    if not choisies:
        raise Refus("Cochez au moins un payeur à relancer.")
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)
    prises = [une for une in proposer(regie, aujourdhui()) if une.cle in choisies]
    if not prises:
        raise Refus("Ces factures viennent d’être payées, ou sont déjà relancées : il ne reste rien à envoyer.")
    lot = LotDeRelances.objects.create(regie=regie, fait_le=maintenant(), fait_par=auteur)
    for une in prises:
        _envoyer(lot, une)
    courriels = sum(une.moyen == Relance.Moyen.COURRIEL for une in prises)
    noter(auteur.compte, "regie.relances", lot, courriels=courriels, courriers=len(prises) - courriels)
    return Envoi(lot, courriels, len(prises) - courriels, len(choisies) - len(prises))


def _envoyer(lot: LotDeRelances, une: ARelancer) -> None:
    Relance.objects.bulk_create(
        Relance(
            lot=lot, facture=due.facture, etape=une.etape, moyen=une.moyen, titre=une.option.titre,
            texte=une.option.texte, reste_centimes=due.reste_centimes,
        )
        for due in une.factures
    )  # fmt: skip
    if une.moyen == Relance.Moyen.COURRIEL:
        dues = [(due.facture, due.reste_centimes) for due in une.factures]
        cle = f"relance:{lot.pk}:{une.cle}"
        courrier.relancer(une.payeur, une.ecrit["courriel"], une.option.titre, une.option.texte, dues, cle)


def relances_de(facture: Facture) -> list[Relance]:
    """The history of one invoice, the first step first."""
    return list(facture.relances.select_related("lot__fait_par").order_by("etape"))


def lots_de(regie: Regie) -> list[LotDeRelances]:
    """The last sendings, the newest first."""
    return list(
        LotDeRelances.objects.filter(regie=regie)
        .select_related("fait_par")
        .prefetch_related("relances")
        .order_by("-pk")[:12]
    )


def un_lot(regie: Regie, cle: int) -> LotDeRelances:
    trouve = LotDeRelances.objects.filter(regie=regie, pk=cle).first()
    if trouve is None:
        raise Introuvable("Ces relances n’existent pas dans cette régie.")
    return trouve


def lettres(lot: LotDeRelances) -> dict[str, Any]:
    """The letters of a sending for the printer, by postcode: data of the model « relance »."""
    papier = lot.relances.filter(moyen=Relance.Moyen.COURRIER).select_related("facture__payeur__famille")
    groupes: dict[tuple[int, int], list[Relance]] = {}
    for une in papier.order_by("facture__numero"):
        groupes.setdefault((une.facture.payeur_id, une.etape), []).append(une)
    ecrits = destinataires({lot[0].facture.payeur_id: lot[0].facture.payeur for lot in groupes.values()}.values())
    pages = [_lettre(ecrits[payeur], siennes) for (payeur, _), siennes in groupes.items()]
    pages.sort(key=lambda une: (une["code_postal"], une["destinataire"]["nom"]))
    return {
        "lettres": pages,
        "regie": lot.regie.nom,
        "moyens": moyens(options_de(lot.regie)),
        "le": timezone.localdate(lot.fait_le),
    }


def moyens(options: OptionsRegie) -> list[str]:
    """How a letter says to pay: only what that régie takes."""
    phrases = ["sur le portail famille, en ligne ;"] if options.paiement_en_ligne != "aucun" else []
    if "cheque" in options.modes:
        phrases.append(f"par chèque à l’ordre de « {options.ordre_cheque} », avec le numéro de la facture au dos ;")
    return [*phrases, "à l’accueil du service."]


def _lettre(ecrit: dict[str, str], siennes: Sequence[Relance]) -> dict[str, Any]:
    return {
        "code_postal": ecrit["code_postal"],
        "destinataire": {
            "nom": nom_de(ecrit),
            "adresse": lignes_d_adresse(ecrit),
        },
        "titre": siennes[0].titre,
        "texte": siennes[0].texte,
        "dossier": ecrit.get("dossier", ""),
        "lignes": [
            {
                "numero": une.facture.numero,
                "emise": f"{une.facture.date_emission:%d/%m/%Y}",
                "echeance": f"{une.facture.date_echeance:%d/%m/%Y}",
                "montant": euros(une.facture.montant_centimes),
                "reste": euros(une.reste_centimes),
            }
            for une in siennes
        ],
        "total": euros(sum(une.reste_centimes for une in siennes)),
    }
