"""Who gets on or off where: the list of one run, stop by stop, with whom to call."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from marelle.familles.models import Enfant, PersonneAutorisee, Responsable
from marelle.reservations.models import Absence, Reservation

from .models import Course, Sens, Trajet
from .selection import Desserte, dessertes_de, lignes


@dataclass(frozen=True, slots=True)
class Passager:
    """A child on the bus. `absent`: the family declared that it will not come. `contacts`: (who, telephone)."""

    enfant: Enfant
    age: int
    activite: str
    absent: bool
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Halte:
    """A stop of the run and who gets on (or off) there, by name."""

    desserte: Desserte
    passagers: tuple[Passager, ...]


def courses_du_jour(jour: date, activites: Collection[int]) -> list[Course]:
    """The runs of the day that serve one of these activities, line by line, *Départ* before *Retour*."""
    servies = [un.pk for un in lignes() if {une.pk for une in un.activites.all()} & set(activites)]
    trouvees = Course.objects.filter(date=jour, ligne__in=servies).select_related("ligne", "jauge")
    return sorted(trouvees.order_by("pk"), key=lambda une: (une.ligne.ordre, une.ligne_id, une.sens))


def jours_de_bus(jour: date, activites: Collection[int]) -> tuple[date | None, date | None]:
    """The days with a bus before and after this one."""
    courses = Course.objects.filter(ligne__activites__in=list(activites))
    avant = courses.filter(date__lt=jour).order_by("-date").values_list("date", flat=True).first()
    apres = courses.filter(date__gt=jour).order_by("date").values_list("date", flat=True).first()
    return avant, apres


def haltes(course: Course, activites: Collection[int]) -> list[Halte]:
    """The stops of the run in order, with the children of these activities. Four queries, whatever their number."""
    est_aller = course.sens == Sens.ALLER
    trajets = (
        Trajet.objects.filter(
            **{"aller" if est_aller else "retour": course},
            reservation__etat=Reservation.Etat.RESERVEE,
            reservation__activite__in=list(activites),
        )
        .select_related("reservation__enfant", "reservation__activite", "reservation__famille", "reservation__absence")
        .prefetch_related("reservation__enfant__personnes_autorisees", "reservation__famille__responsables")
        .order_by("reservation__enfant__nom", "reservation__enfant__prenom", "pk")
    )
    par_arret: dict[int, list[Passager]] = {}
    for trajet in trajets:
        arret = trajet.arret_aller_id if est_aller else trajet.arret_retour_id
        assert trajet.reservation is not None
        par_arret.setdefault(arret or 0, []).append(_passager(trajet.reservation))
    ligne = next(une for une in lignes() if une.pk == course.ligne_id)
    return [Halte(une, tuple(par_arret.get(une.cle, ()))) for une in dessertes_de(ligne, Sens(course.sens))]


def _passager(reservation: Reservation) -> Passager:
    absence: Absence | None = getattr(reservation, "absence", None)
    enfant = reservation.enfant
    return Passager(
        enfant,
        enfant.age_le(reservation.date),
        reservation.activite.nom,
        absence is not None and absence.etat == Absence.Etat.DECLAREE,
        tuple(_contacts(reservation.famille.responsables.all(), enfant.personnes_autorisees.all())),
    )


def _contacts(adultes: Iterable[Responsable], personnes: Iterable[PersonneAutorisee]) -> Iterable[tuple[str, str]]:
    """The adults of the household, then those who may collect the child: whoever has a telephone."""
    for adulte in adultes:
        if numero := adulte.mobile or adulte.telephone:
            yield str(adulte), numero
    for une in personnes:
        if une.peut_recuperer and une.telephone:
            yield f"{une} ({une.lien})" if une.lien else str(une), une.telephone
