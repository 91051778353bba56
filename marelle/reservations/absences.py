"""Absences and their proofs: what the family declared, what an agent said of the proof, and when that proof came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from marelle.activites.gestion import activites_de
from marelle.activites.models import Activite, Ouverture
from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.regles.pointage import heures_apres
from marelle.regles.presences import Excuse
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import compte, instant
from marelle.socle.horloge import PARIS, aujourdhui, maintenant

from .excuses import excusees_par_le_service
from .models import Absence, Pointage, Reservation

Justification = Absence.Justification
JOURS_A_EXAMINER = 60


@dataclass(frozen=True, slots=True)
class AbsenceLue:
    """What billing reads of an absence. `declaree_le` None: the family had declared nothing. `motif` is empty when the agent
    refused the proof: no excuse then applies. `preuve_apres_heures`: how long after the beginning of the absence its proof
    came (None: no proof was accepted)."""

    enfant_id: int
    ouverture_id: int
    date: date
    motif: str
    declaree_le: datetime | None
    preuve_apres_heures: int | None


def absences_de(
    debut: date, fin: date, activites: Iterable[int | Activite] | None = None
) -> dict[tuple[int, int], AbsenceLue]:
    """Every absence that stands between two days, both included, by (enfant, ouverture). One query."""
    choisies = _tiennent().filter(reservation__date__range=(debut, fin))
    if activites is not None:
        choisies = choisies.filter(reservation__activite__in=list(activites))
    lignes = choisies.select_related("reservation__ouverture__unite").order_by("reservation__date", "pk")
    return {(un.enfant_id, un.ouverture_id): un for un in map(_lue, lignes)}


def _lue(absence: Absence) -> AbsenceLue:
    reservation, refusee = absence.reservation, absence.justification == Justification.REFUSEE
    heures = None
    if absence.justification == Justification.ACCEPTEE and absence.preuve_recue_le is not None:
        heures = heures_apres(debut_de(reservation.ouverture), absence.preuve_recue_le.astimezone(PARIS))
    motif = "" if refusee else absence.motif
    return AbsenceLue(
        reservation.enfant_id, reservation.ouverture_id, reservation.date, motif, absence.declaree_le, heures
    )


def debut_de(ouverture: Ouverture) -> datetime:
    """When the child should have come, in Paris."""
    return datetime.combine(ouverture.date, ouverture.unite.heure_debut, tzinfo=PARIS)


def _tiennent() -> QuerySet[Absence]:
    return Absence.objects.filter(etat=Absence.Etat.DECLAREE, reservation__etat=Reservation.Etat.RESERVEE)


def a_examiner(agent: Agent) -> list[Reservation]:
    """The booked days of the last two months on which the child did not come, and of which no agent has said whether they
    are justified; the latest first, with the absence that the family declared. What the service excuses itself is not there."""
    depuis = aujourdhui() - timedelta(days=JOURS_A_EXAMINER)
    absents = Pointage.objects.filter(date__gte=depuis, etat=Pointage.Etat.ABSENT_INJUSTIFIE)
    presents = set(
        Pointage.objects.filter(date__gte=depuis, etat=Pointage.Etat.PRESENT)
        .order_by()
        .values_list("enfant_id", "ouverture_id")
    )
    declarees = Q(absence__etat=Absence.Etat.DECLAREE, absence__justification=Justification.A_DIRE)
    pointes = set(absents.order_by().values_list("enfant_id", "ouverture_id"))
    choisies = Reservation.objects.filter(
        declarees | Q(absence__isnull=True) | Q(absence__etat=Absence.Etat.RETIREE),
        activite__in=activites_de(agent).order_by(), etat=Reservation.Etat.RESERVEE, date__range=(depuis, aujourdhui()),
    )  # fmt: skip
    avec = ("enfant", "famille", "activite", "ouverture__unite", "absence")
    lignes = choisies.select_related(*avec).order_by("-date", "enfant__nom", "pk")
    absentes = [
        une
        for une in lignes
        if (une.enfant_id, une.ouverture_id) not in presents
        and ((une.enfant_id, une.ouverture_id) in pointes or absence_qui_tient(une))
    ]
    excusees = excusees_par_le_service(absentes)
    return [une for une in absentes if une.pk not in excusees]


def absence_qui_tient(reservation: Reservation) -> Absence | None:
    """The absence declared on this booking, unless it was taken back."""
    absence: Absence | None = getattr(reservation, "absence", None)
    return absence if absence is not None and absence.etat == Absence.Etat.DECLAREE else None


def reservation_absente(agent: Agent, cle: int) -> Reservation:
    """A booking of this agent's centres; `Introuvable` otherwise."""
    siennes = Reservation.objects.filter(pk=cle, activite__in=activites_de(agent).order_by())
    reservation = siennes.select_related("enfant", "activite", "ouverture__unite", "absence").first()
    if reservation is None:
        raise Introuvable("Cette réservation n’existe pas.")
    return reservation


@transaction.atomic
def justifier(agent: Agent, reservation: Reservation, motif: str, recue_le: datetime, excuse: Excuse | None) -> Absence:
    """Accept the proof of an absence, received at `recue_le`. `excuse`: what the tariffs say of that motif, if anything.

    Raises `Refus`, and changes nothing: the child was there, the motif excuses nothing, the proof is of a day to come or
    came after its deadline."""
    _exiger_absent(reservation)
    if recue_le > maintenant():
        raise Refus("Un justificatif est reçu aujourd’hui ou avant : corrigez sa date.")
    if excuse is None:
        raise Refus("Les tarifs n’excusent pas ce motif : l’absence reste facturée comme prévu.")
    if excuse.preuve_heures is not None:
        debut = debut_de(reservation.ouverture)
        heures = heures_apres(debut, recue_le.astimezone(PARIS))
        if heures > excuse.preuve_heures:
            limite = (debut.replace(tzinfo=None) + timedelta(hours=excuse.preuve_heures)).replace(tzinfo=PARIS)
            raise Refus(
                f"Ce justificatif arrive trop tard : il fallait le recevoir avant le {instant(limite, aujourdhui().year)} "
                f"({compte(excuse.preuve_heures, 'heure')} après le début de l’absence). L’absence reste facturée."
            )
    return _dire(agent, reservation, Justification.ACCEPTEE, motif=motif, recue_le=recue_le)


@transaction.atomic
def ne_pas_justifier(agent: Agent, reservation: Reservation, raison: str) -> Absence:
    """Say that an absence has no valid proof, and why: it is billed without excuse. Raises `Refus` without a reason."""
    _exiger_absent(reservation)
    if not raison.strip():
        raise Refus("Dites pourquoi cette absence n’est pas justifiée : l’équipe le lira au moment de facturer.")
    return _dire(agent, reservation, Justification.REFUSEE, raison=raison.strip())


def _exiger_absent(reservation: Reservation) -> None:
    if reservation.etat != Reservation.Etat.RESERVEE:
        raise Refus("Cette réservation est annulée : il n’y a plus d’absence à examiner.")
    pointages = Pointage.objects.filter(enfant=reservation.enfant_id, ouverture=reservation.ouverture_id)
    un = pointages.first()
    if un is not None and un.etat == Pointage.Etat.PRESENT:
        raise Refus(f"{reservation.enfant} est pointé présent ce jour-là : corrigez d’abord la liste des présences.")
    if un is None and absence_qui_tient(reservation) is None:
        raise Refus("Personne n’a dit cet enfant absent : pointez-le d’abord absent.")


def _dire(
    agent: Agent,
    reservation: Reservation,
    justification: str,
    *,
    motif: str = "",
    recue_le: datetime | None = None,
    raison: str = "",
) -> Absence:
    absence = Absence.objects.filter(reservation=reservation).first() or Absence(reservation=reservation)
    if absence.etat == Absence.Etat.RETIREE:
        absence.declaree_le, absence.motif, absence.message = None, "", ""
    absence.etat = Absence.Etat.DECLAREE
    absence.motif = motif or absence.motif
    absence.justification, absence.preuve_recue_le, absence.refus = justification, recue_le, raison
    absence.justifiee_le, absence.justifiee_par = maintenant(), agent
    absence.save()
    etats = Pointage.Etat
    acceptee = justification == Justification.ACCEPTEE
    siens = Pointage.objects.filter(enfant=reservation.enfant_id, ouverture=reservation.ouverture_id)
    siens.exclude(etat=etats.PRESENT).update(etat=etats.ABSENT_JUSTIFIE if acceptee else etats.ABSENT_INJUSTIFIE)
    noter(
        agent.compte, "absence.justifiee" if acceptee else "absence.non_justifiee", reservation,
        dossier=f"famille:{reservation.famille_id}", enfant=reservation.enfant_id, jour=reservation.date.isoformat(),
    )  # fmt: skip
    return absence
