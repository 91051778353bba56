"""The agenda of a child: the days of a month with what each holds, and what may be done on one of them, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from marelle.activites.evenements import codes_prevus
from marelle.activites.models import Activite, Jauge, Ouverture, Unite
from marelle.familles.models import Enfant, Famille
from marelle.regles.situation import Action
from marelle.regles.verdict import Verdict
from marelle.reservations.models import Absence, Reservation
from marelle.socle.horloge import maintenant

from .contexte import Examen, JourOuvert, a_un_maximum, dates_deja, est_de_l_age, jour_ouvert
from .dossier import etat_du_dossier
from .models import JourDemande
from .natures.absence import dire_l_absence
from .panier import deja_demandees
from .passages import EN_COURS, Etat
from .selection import JourDeFamille, jours_de_famille


@dataclass(frozen=True, slots=True)
class JourAgenda:
    """A day of the list: what the child has on it, and why it is closed when it is. `evenements`: what its unités (by key)
    have besides, by code."""

    date: date
    faits: tuple[JourDeFamille, ...]
    fermeture: str = ""
    evenements: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Possible:
    """What may be asked that day, or why not; with what the day has besides, by code."""

    unite: Unite
    verdict: Verdict
    evenements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reserve:
    """A booking of that day. `absence`: declared and accepted; `en_cours`: a demande about it waits already."""

    reservation: Reservation
    absence: str
    en_cours: bool
    peut_annuler: Verdict
    peut_declarer: Verdict

    @property
    def est_declarable(self) -> bool:
        return not self.absence and not self.en_cours and self.peut_declarer.est_possible

    @property
    def est_annulable(self) -> bool:
        return not self.en_cours and self.peut_annuler.est_possible


@dataclass(frozen=True, slots=True)
class Possibilites:
    """All that a gesture on one day may be."""

    possibles: tuple[Possible, ...]
    reserves: tuple[Reserve, ...]

    @property
    def demandables(self) -> list[Possible]:
        return [un for un in self.possibles if un.verdict.est_possible]

    @property
    def declarables(self) -> list[Reserve]:
        return [une for une in self.reserves if une.est_declarable]

    @property
    def annulables(self) -> list[Reserve]:
        return [une for une in self.reserves if une.est_annulable]


def jours_de_l_agenda(famille: Famille, enfant: Enfant, debut: date, fin: date) -> list[JourAgenda]:
    """The days on which something opens for the child, or on which it has something. Three queries."""
    ages = ("activite__age_min", "activite__age_max", "groupe__age_min", "groupe__age_max")
    champs = ("date", "fermeture", "unite_id", "evenements")
    lignes = _offertes().filter(date__range=(debut, fin)).order_by("date", "unite__ordre", "pk")
    ouverts: dict[date, list[str]] = {}
    evenements: dict[date, list[tuple[int, tuple[str, ...]]]] = {}
    for jour, fermeture, unite, ecrits, mini, maxi, groupe_mini, groupe_maxi in lignes.values_list(*champs, *ages):
        age = enfant.age_le(jour)
        if mini <= age <= maxi and (groupe_mini is None or groupe_mini <= age <= groupe_maxi):
            ouverts.setdefault(jour, []).append(fermeture)
            if codes := codes_prevus(ecrits):
                evenements.setdefault(jour, []).append((unite, codes))
    faits: dict[date, list[JourDeFamille]] = {}
    for un in jours_de_famille(famille, [enfant], debut, fin):
        faits.setdefault(un.date, []).append(un)
    return [
        JourAgenda(jour, tuple(faits.get(jour, ())), _ferme(ouverts.get(jour, [])), tuple(evenements.get(jour, ())))
        for jour in sorted({*ouverts, *faits})
    ]


def possibilites(famille: Famille, enfant: Enfant, jour: date) -> Possibilites:
    """What may be done on this day, each with the verdict of the rules."""
    ouvertures = [
        une
        for une in _offertes()
        .filter(date=jour)
        .select_related("unite", "groupe", "activite")
        .prefetch_related("jauges")
        .order_by("activite__ordre", "activite_id", "unite__ordre", "pk")
        if est_de_l_age(enfant, une, une.activite)
    ]
    examens = _Examens(famille, enfant, jour)
    deja = deja_demandees(famille, enfant, ouvertures, "reservation") if ouvertures else {}
    return Possibilites(
        tuple(
            Possible(
                une.unite,
                examens.juger(une.activite, Action.RESERVER, _ouvert(une)),
                codes_prevus(une.evenements),
            )
            for une in ouvertures
            if une.pk not in deja
        ),
        _reserves(famille, enfant, jour, examens),
    )


class _Examens:
    """The rules of each activity of the day for one child; its file is read when a booking is examined, once."""

    def __init__(self, famille: Famille, enfant: Enfant, jour: date) -> None:
        self.famille, self.enfant, self.jour = famille, enfant, jour
        self.maintenant = maintenant()
        self._examens: dict[int, Examen] = {}
        self._deja: dict[tuple[int, int, Action], frozenset[date]] | None = None
        self._dossier = None if jour < self.maintenant.date() else etat_du_dossier(famille, enfant)

    def juger(self, activite: Activite, action: Action, ouvert: JourOuvert) -> Verdict:
        examen = self._examens.get(activite.pk)
        if examen is None:
            manques = self._dossier.manques if self._dossier else ()
            examen = self._examens[activite.pk] = Examen(activite, self.maintenant, manques)
        if a_un_maximum(activite, action, self.jour, self.maintenant):
            examen.deja[action] = self._dates(activite, action)
        return examen.jour(action, ouvert)

    def _dates(self, activite: Activite, action: Action) -> frozenset[date]:
        if self._deja is None:
            self._deja = dates_deja([self.enfant.pk])
        return self._deja.get((self.enfant.pk, activite.pk, action), frozenset())


def _reserves(famille: Famille, enfant: Enfant, jour: date, examens: _Examens) -> tuple[Reserve, ...]:
    reservations = list(
        Reservation.objects.filter(famille=famille, enfant=enfant, date=jour, etat=Reservation.Etat.RESERVEE)
        .select_related("activite", "ouverture__activite", "ouverture__unite", "absence")
        .prefetch_related("ouverture__jauges")
        .order_by("activite__ordre", "pk")
    )
    en_cours = _en_cours(reservations)
    return tuple(
        Reserve(
            une,
            _absence(une),
            une.pk in en_cours,
            examens.juger(une.activite, Action.ANNULER, _ouvert(une.ouverture)),
            examens.juger(une.activite, Action.DECLARER_ABSENCE, _ouvert(une.ouverture)),
        )
        for une in reservations
    )


def _en_cours(reservations: Sequence[Reservation]) -> set[int]:
    if not reservations:
        return set()
    jours = JourDemande.objects.filter(
        reservation__in=reservations, demande__nature__in=("absence", "annulation"), demande__etat__in=EN_COURS
    )
    jours = jours.exclude(
        demande__nature="absence", demande__etat=Etat.A_CORRIGER
    )  # it is corrected by declaring again
    return {cle for cle in jours.order_by().values_list("reservation_id", flat=True) if cle}


def _absence(reservation: Reservation) -> str:
    absence: Absence | None = getattr(reservation, "absence", None)
    return dire_l_absence(absence.motif) if absence and absence.etat == Absence.Etat.DECLAREE else ""


def _offertes() -> QuerySet[Ouverture]:
    return Ouverture.objects.filter(activite__est_active=True, activite__centre__est_actif=True)


def _ouvert(ouverture: Ouverture) -> JourOuvert:
    jauges: dict[int, Jauge] = {jauge.pk: jauge for jauge in ouverture.jauges.all()}
    return jour_ouvert(ouverture, jauges, retient=ouverture.activite.retient_places)


def _ferme(fermetures: Sequence[str]) -> str:
    """Why the day is closed, when all that would open is."""
    return fermetures[0] if fermetures and all(fermetures) else ""
