"""The days that count, as they stand: booked, cancelled in time or late, absent, present without a booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from marelle.activites.models import Ouverture, Unite
from marelle.regles.pointage import heures_apres
from marelle.regles.presences import Absence as AbsenceDuTarif
from marelle.reservations.models import Absence, Pointage, Reservation
from marelle.reservations.presences import PointageLu, presences_de
from marelle.socle.horloge import PARIS, annee_scolaire
from marelle.tarification.retenus import Retenu, quotients_retenus

from .excuses import lire_les_excuses, n_est_pas_venue
from .selection import Selection, enfants_de

Faits = dict[tuple[int, int], PointageLu]  # by child and ouverture

LOT = 5000  # keys in one query
CHAMPS = (
    *("pk", "enfant_id", "famille_id", "ouverture_id", "ouverture__unite_id", "activite_id", "date", "etat"),
    *("absence__etat", "absence__motif", "absence__place_rendue", "absence__justification"),
    "absence__preuve_recue_le",
)


@dataclass(slots=True)
class Journee:
    """One thing that may be billed. `cle` names it for ever. `situation`: everything that is not the household's, in one
    word, kept on the line: as long as it does not change, what was billed stands."""

    cle: str
    enfant_id: int
    famille_id: int
    unite: Unite
    activite: str
    jour: date
    est_reservee: bool = True
    est_pointee: bool = False
    jour_est_pointe: bool = False
    absence: AbsenceDuTarif | None = None
    est_tardive: bool = False
    est_sans_reservation: bool = False
    minutes_de_retard: int = 0
    retards_avant: int = 0
    sans_reservation_avant: int = 0
    evenements: tuple[str, ...] = ()
    collectives: tuple[str, ...] = ()
    est_absent_ecole: bool = False
    retenu: Retenu | None = None
    est_annulee: bool = False
    est_annulee_par_le_centre: bool = False
    est_a_facturer: bool = True
    absente: _Absence | None = field(default=None, repr=False)

    @property
    def situation(self) -> str:
        une = self.absence
        dite = f"sans_reservation:{self.sans_reservation_avant}" if self.est_sans_reservation else "present"
        if une is not None:
            dite = f"absence:{une.motif}:{une.est_prevenue:d}:{une.preuve_apres_heures}:{une.jour}:{une.injustifiees_avant}"
            dite += ":dispense" if une.motif in une.dispenses else ""
            dite += ":service" if une.par_le_service else ""
            dite += f":collective:{'+'.join(une.collectives)}" if une.collectives else ""
            dite += ":ecole" if une.est_absent_ecole else ""
        retard = f":retard:{self.minutes_de_retard}:{self.retards_avant}" if self.minutes_de_retard else ""
        sorties = f":evenements:{'+'.join(self.evenements)}" if self.evenements else ""
        return f"{dite}{retard}{':tardive' if self.est_tardive else ''}{sorties}"


@dataclass(frozen=True, slots=True)
class _Absence:
    """What is known of an absence before its rank in a row is."""

    motif: str
    est_prevenue: bool
    preuve_recue_le: datetime | None
    est_refusee: bool = False


def journees(selection: Selection, unites: dict[int, Unite], lue: Selection) -> list[Journee]:
    """Every day of the selection, each child's in order, with those of `lue` that rank and count them and are not billed.

    Of some households only: their children's, whoever booked, so that they are priced as in a run of all."""
    codes = {cle: code for code, cle in lue.activites.items()}
    leurs = _les_leurs(lue)
    faits = presences_de(lue.premier_jour, lue.fin, list(codes), leurs)
    lues, reservees = [], set()
    for ligne in _des_jours(lue).filter(leurs or Q()).order_by("pk").values_list(*CHAMPS):
        lues.append(_journee(ligne, unites, codes, faits))
        if lues[-1].est_reservee:
            reservees.add((ligne[1], ligne[3]))
    venus = [un for cle, un in faits.items() if un.sans_reservation and un.est_present and cle not in reservees]
    lues += _sans_reservation(venus, unites, codes)
    lues.sort(key=lambda une: (une.enfant_id, une.activite, une.jour, une.cle))
    _annulees_tard(lues, selection)
    _marquer_les_jours_pointes(lues, lue, faits)
    lire_les_excuses(lues)
    _ranger_les_absences(lues)
    for une in lues:
        une.est_a_facturer = selection.regarde(une.activite, une.jour)
    return sorted(lues, key=lambda une: (une.enfant_id, une.jour, une.cle))


def _journee(ligne: tuple[Any, ...], unites: dict[int, Unite], codes: dict[int, str], faits: Faits) -> Journee:
    cle, enfant, famille, ouverture, unite, activite, jour, etat, abs_etat, motif, rendue, juste, preuve = ligne
    fait = faits.get((enfant, ouverture))
    une = Journee(f"resa:{cle}", enfant, famille, unites[unite], codes[activite], jour)
    une.est_reservee, une.est_pointee = etat == Reservation.Etat.RESERVEE, fait is not None
    if not une.est_reservee:
        une.est_annulee = True
        une.absente = _Absence("", est_prevenue=True, preuve_recue_le=None)
        une.est_annulee_par_le_centre = etat == Reservation.Etat.ANNULEE_CENTRE
        return une
    if fait is not None and fait.est_present:
        une.minutes_de_retard = fait.minutes_de_retard
    elif abs_etat == Absence.Etat.DECLAREE:
        refusee = juste == Absence.Justification.REFUSEE
        recue = preuve if juste == Absence.Justification.ACCEPTEE else None
        une.absente = _Absence("" if refusee else motif, rendue and not refusee, recue, refusee)
    elif fait is not None:
        une.absente = _Absence("", est_prevenue=False, preuve_recue_le=None)
    return une


def _sans_reservation(venus: list[PointageLu], unites: dict[int, Unite], codes: dict[int, str]) -> list[Journee]:
    ouvertures = Ouverture.objects.filter(pk__in={un.ouverture_id for un in venus}).order_by("pk") if venus else ()
    unite_de = {une.pk: unites[une.unite_id] for une in ouvertures}
    return [
        Journee(
            f"presence:{un.enfant_id}:{un.ouverture_id}", un.enfant_id, un.famille_id, unite_de[un.ouverture_id],
            codes[un.activite_id], un.date, est_reservee=False, est_pointee=True, est_sans_reservation=True,
            minutes_de_retard=un.minutes_de_retard,
        )
        for un in venus
    ]  # fmt: skip


def _les_leurs(selection: Selection) -> Q | None:
    """What says something of these households and of their children: a hundred of them are issued without reading all the
    others."""
    if selection.familles is None:
        return None
    return Q(famille__in=selection.familles) | Q(enfant__in=enfants_de(selection.familles))


def _marquer_les_jours_pointes(lues: list[Journee], selection: Selection, faits: Faits) -> None:
    """A day of an activity on which some child was pointed, be it another household's: whoever was booked and was not is
    looked at. Of some households, only the days that ask for it are: each lot would read the attendance of everybody."""
    pointes = {(un.activite_id, un.date) for un in faits.values()}
    if selection.familles is not None:
        a_dire = [une for une in lues if une.est_reservee and not une.est_pointee]
        tous = Pointage.objects.filter(
            activite__in={une.unite.activite_id for une in a_dire}, date__in={une.jour for une in a_dire}
        ).order_by()
        pointes |= set(tous.values_list("activite_id", "date").distinct())
    for une in lues:
        une.jour_est_pointe = (une.unite.activite_id, une.jour) in pointes


def _annulees_tard(lues: list[Journee], selection: Selection) -> None:
    """A cancellation that passed under the late regime is not one in time; one by the centre always is."""
    annulees = {une.cle: une for une in lues if une.est_annulee}
    if not annulees:
        return
    tard = _du_regime_tardif(selection, "annulation", annulees.values()).filter(etat=Reservation.Etat.ANNULEE)
    for cle in tard.order_by("pk").values_list("pk", flat=True):
        if une := annulees.get(f"resa:{cle}"):
            une.absente = _Absence("", est_prevenue=False, preuve_recue_le=None)


def _des_jours(selection: Selection) -> QuerySet[Reservation]:
    jours = (selection.premier_jour, selection.fin)
    return Reservation.objects.filter(activite__in=selection.activites.values(), date__range=jours)


def _du_regime_tardif(selection: Selection, nature: str, lues: Iterable[Journee]) -> QuerySet[Reservation]:
    """Of some households, those of their children: each lot would read those of everybody."""
    reservations = _des_jours(selection)
    if selection.familles is not None:
        reservations = reservations.filter(enfant__in={une.enfant_id for une in lues})
    return reservations.filter(
        jours_demandes__demande__nature=nature,
        jours_demandes__demande__etat="acceptee",
        jours_demandes__demande__verdict__regime="tardif",
    )


def _ranger_les_absences(lues: list[Journee]) -> None:
    """The rank of each day in its absence: the same child, activity and reason, one booked day after the other, of one school
    year: nothing before its rentrée is read for sure."""
    precedente: Journee | None = None
    rang = 0
    for une in lues:
        if une.absente is None and n_est_pas_venue(une):
            une.absente = _Absence("", est_prevenue=False, preuve_recue_le=None)
        absente = une.absente
        if une.est_annulee and absente is not None:
            du_service = une.est_annulee_par_le_centre
            une.absence = _dire(une, AbsenceDuTarif(est_prevenue=absente.est_prevenue, par_le_service=du_service))
            continue
        if absente is None:
            precedente = None
            continue
        if precedente is None or not _se_suivent(precedente, une):
            rang = 1
        elif precedente.jour != une.jour:
            rang += 1
        une.absence = _dire(une, AbsenceDuTarif(absente.motif, absente.est_prevenue, _heures(une, absente), rang))
        precedente = une


def _dire(une: Journee, absence: AbsenceDuTarif) -> AbsenceDuTarif:
    """With what the service said of that day; a proof that it refused is not accepted from the school."""
    est_refusee = une.absente is not None and une.absente.est_refusee
    absent_ecole = une.est_absent_ecole and not est_refusee
    return replace(absence, collectives=une.collectives, est_absent_ecole=absent_ecole)


def _heures(une: Journee, absente: _Absence) -> int | None:
    """How long after the child should have come its proof did."""
    if absente.preuve_recue_le is None:
        return None
    debut = datetime.combine(une.jour, une.unite.heure_debut, tzinfo=PARIS)
    return heures_apres(debut, absente.preuve_recue_le.astimezone(PARIS))


def _se_suivent(avant: Journee, apres: Journee) -> bool:
    memes = (avant.enfant_id, avant.activite) == (apres.enfant_id, apres.activite)
    if not memes or avant.absente is None or apres.absente is None:
        return False
    return avant.absente.motif == apres.absente.motif and annee_scolaire(avant.jour) == annee_scolaire(apres.jour)


def lire_les_retenus(lues: list[Journee]) -> None:
    """The quotient kept with each booking to bill, where the policy is « à la réservation »."""
    par_cle = {
        int(une.cle.partition(":")[2]): une for une in lues if une.est_a_facturer and une.cle.startswith("resa:")
    }
    cles = list(par_cle)
    for debut in range(0, len(cles), LOT):
        for cle, retenu in quotients_retenus(cles[debut : debut + LOT]).items():
            par_cle[cle].retenu = retenu


def lire_les_tardives(lues: list[Journee], selection: Selection) -> None:
    """The bookings that passed under the late regime of the règlement, where the tariffs ask more for them."""
    par_cle = {une.cle: une for une in lues}
    for cle in _du_regime_tardif(selection, "reservation", lues).order_by("pk").values_list("pk", flat=True):
        if une := par_cle.get(f"resa:{cle}"):
            une.est_tardive = True
