"""Giving money back at the desk: what may be given, by which means, once per form; the payer is told after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from marelle.appels.a_rendre import a_proposer, remboursable
from marelle.appels.selection import promis
from marelle.comptes.models import Agent
from marelle.creances import remboursement
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Paiement, Payeur, Regie
from marelle.creances.regies import options_de
from marelle.creances.soldes import solde
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from . import courrier
from .caisse import comptes
from .encaissements import UN_AN

Mode = Paiement.Mode


@dataclass(frozen=True, slots=True)
class Demande:
    """A refund as the agent has entered it. `jeton` makes a form that is sent twice give back once. `reference`: of the
    transfer, or the number of the cheque."""

    mode: str
    montant_centimes: int
    date_remboursement: date
    jeton: str
    motif: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Possible:
    """What that payer may be given back, in centimes. `credit`: what it has, its debts taken off; `promis`: what its bookings
    keep of it. `motif`: the reason proposed, where booking says it."""

    credit: int
    promis: int
    maximum: int
    propose: int
    motif: str


def possible(payeur: Payeur, regie: Regie) -> Possible:
    """Read without a lock: doing it reads it again."""
    propose, de_reservations = a_proposer(payeur, regie)
    return Possible(
        max(0, -solde(payeur, regie)),
        promis([payeur.pk], regie),
        remboursable(payeur, regie),
        propose,
        "Réservation annulée" if de_reservations else "",
    )


@transaction.atomic
def rembourser(regie: Regie, payeur: Payeur, demande: Demande, *, auteur: Agent) -> Paiement:
    """Record it and tell the payer. Raises `Refus` with one sentence; `SansMandat` (403)."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)  # the till is not emptied meanwhile
    payeur = Payeur.objects.select_for_update().get(pk=payeur.pk)  # as the ledger does: no lock is raised later
    unique = f"remboursement:{demande.jeton}"
    if deja := Paiement.objects.filter(reference_unique=unique).first():
        return _le_meme(deja, regie, payeur, demande)
    _examiner(regie, demande, auteur)
    _, d_abord = a_proposer(payeur, regie)
    fait = remboursement.rembourser(
        regie, payeur, demande.montant_centimes, demande.mode, auteur=auteur, motif=demande.motif,
        reference=demande.reference, date_remboursement=demande.date_remboursement, reference_unique=unique,
        reserve_centimes=promis([payeur.pk], regie), d_abord=[un.pk for un in d_abord],
    )  # fmt: skip
    courrier.dire_le_remboursement(fait)
    return fait


def previsualiser(regie: Regie, payeur: Payeur, demande: Demande, *, auteur: Agent) -> int:
    """What the payer would owe after it (centimes; negative: in credit); nothing is recorded. Raises `Refus`, as doing it."""
    _examiner(regie, demande, auteur)
    maximum = remboursable(payeur, regie)
    if not 0 < demande.montant_centimes <= maximum:
        raise Refus(f"Il n’y a que {euros(maximum)} à rembourser à ce payeur.")
    return solde(payeur, regie) + demande.montant_centimes


def _examiner(regie: Regie, demande: Demande, auteur: Agent) -> None:
    """What the ledger asks, then what the desk does."""
    jour = demande.date_remboursement
    remboursement.examiner(regie, demande.mode, demande.montant_centimes, jour, demande.motif, auteur)
    if jour < aujourdhui() - UN_AN:
        raise Refus(f"Le {jour:%d/%m/%Y} est il y a plus d’un an : vérifiez l’année du remboursement.")
    if demande.mode in (Mode.VIREMENT, Mode.CHEQUE) and not demande.reference.strip():
        raise Refus("Donnez la référence du virement, ou le numéro du chèque : c’est par elle qu’on le retrouve.")
    if demande.mode == Mode.ESPECES:
        _exiger_en_caisse(regie, demande.montant_centimes)


def _exiger_en_caisse(regie: Regie, montant: int) -> None:
    plafond = options_de(regie).plafond_especes
    if montant > plafond:
        raise Refus(f"Les espèces sont limitées à {euros(plafond)} : remboursez par virement ou chèque.")
    caisse = comptes(regie).caisse
    if montant > caisse:
        raise Refus(f"La caisse tient {euros(caisse)} d’espèces : remboursez le reste par virement ou par chèque.")


def _le_meme(deja: Paiement, regie: Regie, payeur: Payeur, demande: Demande) -> Paiement:
    """The form came twice: the same refund; but a form that was changed after having served is told so."""
    ecrit = (deja.regie_id, deja.payeur_id, deja.mode, -deja.montant_centimes)
    if ecrit != (regie.pk, payeur.pk, demande.mode, demande.montant_centimes):
        raise Refus(f"Ce formulaire a déjà servi au remboursement {deja.numero} : rouvrez la page du payeur.")
    return deja
