"""Bookings that were to be paid by an hour and were not: they end, their places go to those who wait, the family is told."""

from __future__ import annotations

from collections.abc import Sequence

from marelle.appels.expiration import expirer, reservations_des
from marelle.appels.models import Appel
from marelle.appels.selection import a_expirer
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Place, Reservation
from marelle.reservations.places import Registre
from marelle.socle.horloge import aujourdhui, maintenant

from .besoins import annuler
from .courrier import annoncer_decisions
from .courrier_a_payer import annoncer_les_non_payees
from .decision import Decision
from .models import Demande, JourDemande
from .passages import Etat, Verbe
from .passer import REGLE, detacher

LOT = 50  # calls ended in one transaction
MOTIF = "Le paiement n’est pas arrivé à temps."


def finir_les_non_payees() -> int:
    """The job that ends what was not paid in time; returns how many calls it looked at."""
    cles = list(a_expirer().order_by("avant", "pk").values_list("pk", flat=True))
    for debut in range(0, len(cles), LOT):
        _finir(cles[debut : debut + LOT])
    return len(cles)


def _finir(cles: Sequence[int]) -> None:
    """The places and the demandes locked first, then the payers: a payment that comes meanwhile waits, or has won already."""
    with transaction_de_places():
        touchees = _demandes_de(reservations_des(cles))
        if not touchees:  # cancelled meanwhile
            expirer(cles, maintenant())
            return
        decision = Decision(touchees)
        finis = expirer(cles, decision.maintenant, _familles_qui_attendent(decision.registre))
        tombees = _faire_tomber(decision, finis)
        servies = decision.conclure()
        annoncer_les_non_payees(tombees, finis)
        annoncer_decisions(servies)


def _familles_qui_attendent(registre: Registre) -> list[int]:
    """The households in line for the places that are locked: some of them may be served, and asked to pay."""
    en_ligne = Place.objects.filter(jauge__in=list(registre.jauges), etat=Place.Etat.ATTENTE).order_by()
    jours = JourDemande.objects.filter(pk__in=en_ligne.values("reference")).order_by()
    return sorted(set(jours.values_list("demande__famille_id", flat=True)))


def _demandes_de(reservations: Sequence[int]) -> list[int]:
    """The demandes that made these bookings."""
    jours = JourDemande.objects.filter(
        reservation__in=reservations, demande__nature="reservation", demande__etat=Etat.ACCEPTEE
    )
    return sorted(jours.order_by().values_list("demande_id", flat=True).distinct())


def _faire_tomber(decision: Decision, finis: Sequence[Appel]) -> list[tuple[Demande, list[JourDemande]]]:
    """Each demande that ends, with the days that fall; a day gone by is not taken back: it is billed. A day of a final sale that
    its family had cancelled before paying ends too: it owes no more than one that was left to fall."""
    concernees = {ligne.reservation_id for un in finis for ligne in un.lignes.all()}
    fermes = {ligne.reservation_id for un in finis for ligne in un.lignes.all() if ligne.annulee == "rien"}
    tombees = []
    for cle, jours in decision.jours.items():
        annules = [jour for jour in jours if jour.reservation and jour.reservation.etat == Reservation.Etat.ANNULEE]
        rendus = [jour for jour in annules if jour.reservation_id in fermes and jour.date >= aujourdhui()]
        annuler(rendus, decision.registre, par_le_centre=True, motif=MOTIF)
        tenus = [jour for jour in jours if jour.reservation and jour.reservation.etat == Reservation.Etat.RESERVEE]
        siens = [jour for jour in tenus if jour.reservation_id in concernees and jour.date >= aujourdhui()]
        if not siens:
            continue
        demande = decision.demandes[cle]
        if len(siens) < len(tenus):
            demande = detacher(demande, [jour.pk for jour in siens])
        annuler(siens, decision.registre, par_le_centre=True, motif=MOTIF)
        decision.cahier.passer(demande, Verbe.EXPIRER, REGLE, motif=MOTIF)
        tombees.append((demande, siens))
    return tombees
