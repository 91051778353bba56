"""Asking: the calls of bookings that have just been made, in their transaction; what is in credit already pays first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from marelle.creances.models import Payeur, Regie
from marelle.creances.soldes import solde
from marelle.journal.service import noter
from marelle.regles.echeances import Somme
from marelle.reservations.models import Reservation

from .calcul import ADemander, a_demander
from .models import Appel, LigneAppel
from .selection import promis

Etat = Appel.Etat


def appeler(reservations: Sequence[tuple[Reservation, int]], instant: datetime) -> list[Appel]:
    """Ask for what the tariffs want when booking; nothing, and one look at the tariffs, where they want nothing.

    `reservations`: each with what groups its rest with others. A booking that the service made itself does not end when it is
    not paid: nobody was in front of a screen."""
    directes = {une.pk for une, _ in reservations if une.est_directe}
    voulus = a_demander(reservations, instant)
    cles = sorted({un.payeur_id for un in voulus})
    payeurs = {un.pk: un for un in Payeur.objects.select_for_update().filter(pk__in=cles).order_by("pk")}
    faits = []
    for un in voulus:
        payeur = payeurs[un.payeur_id]
        credit = disponible(payeur, un.regie)
        for somme in un.sommes:
            pris = min(credit, somme.centimes)
            credit -= pris
            faits.append(_creer(un, payeur, somme, pris, instant, directes))
    return faits


def _creer(un: ADemander, payeur: Payeur, somme: Somme, credit: int, instant: datetime, directes: set[int]) -> Appel:
    est_paye = credit == somme.centimes
    appel = Appel.objects.create(
        regie=un.regie, payeur=payeur, famille_id=un.famille_id,
        sorte=Appel.Sorte.SOLDE if somme.est_solde else Appel.Sorte.RESERVATION,
        perd_la_place=somme.perd_la_place and directes.isdisjoint(cle for cle, _ in somme.parts),
        montant_centimes=somme.centimes, credit_centimes=credit, avant=somme.avant, demande_le=instant,
        etat=Etat.PAYE if est_paye else Etat.ATTENDU, decide_le=instant if est_paye else None,
    )  # fmt: skip
    LigneAppel.objects.bulk_create(
        LigneAppel(appel=appel, reservation_id=cle, montant_centimes=centimes, annulee=un.annulees[cle])
        for cle, centimes in somme.parts
    )
    noter(
        None, "appel.demande", appel, dossier=f"famille:{un.famille_id}", montant_centimes=somme.centimes,
        credit_centimes=credit,
    )  # fmt: skip
    return appel


def disponible(payeur: Payeur, regie: Regie) -> int:
    """What that payer has in credit and that no call was promised, in centimes. Call it under the lock of the payer's row."""
    credit = -solde(payeur, regie)
    if credit <= 0:
        return 0
    return max(0, credit - promis([payeur.pk], regie))
