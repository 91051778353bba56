"""The week of a whole household: all its children, all the services that open for them, day by day. Read in one pass: neither
children, nor services, nor days add queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from marelle.activites.evenements import Ecrits, codes_prevus
from marelle.activites.models import Activite, Groupe, Ouverture, Unite
from marelle.activites.ouvertures import groupe_a_l_age
from marelle.activites.selection import unites_offertes
from marelle.familles.models import Enfant, Famille
from marelle.regles.situation import Action, Places
from marelle.reservations.models import Reservation
from marelle.reservations.selection import ETAT_DIT, MOTIF_DIT

from .autre_foyer import QUI_TIENNENT, Reservee, demande_se_voit, reservation_vue
from .calendrier import AFFICHES, CalendrierEnfant, Case, Creneau, _Ligne
from .contexte import Examen, JourOuvert, a_un_maximum, dates_deja
from .dossier import etats_des_dossiers
from .models import JourDemande
from .passages import Etat
from .rangs import rangs

DEMANDEES = ("panier", "attente", "liste", "reserve", "direct")  # squares that say « this day is asked or booked »


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the week: an unité, and the square of each day on which it opens for the child."""

    unite: Unite
    cases: dict[date, Case]

    @property
    def dates_demandees(self) -> list[date]:
        """Days booked, or asked to be, in this unité: what a copy of the week repeats."""
        return [jour for jour, case in self.cases.items() if est_demandee(case)]


@dataclass(frozen=True, slots=True)
class SemaineEnfant:
    """What the week holds for one child."""

    enfant: Enfant
    services: list[Service]


def est_demandee(case: Case) -> bool:
    """Whether the child comes that day, or asks to. An annulation that waits asks the contrary."""
    return case.etat in DEMANDEES and not case.unite and "Annulation" not in case.mot


def lire(
    famille: Famille, enfants: Sequence[Enfant], debut: date, fin: date, maintenant: datetime
) -> list[SemaineEnfant]:
    """Each child with its services between two dates, both included; a service that does not open for it is left out."""
    lecture = _Lecture(famille, enfants, debut, fin, maintenant)
    return [SemaineEnfant(enfant, lecture.services(enfant)) for enfant in enfants]


class _CasesLues(CalendrierEnfant):
    """The calendar of a child, its rows already read with those of its siblings."""

    def __init__(self, lecture: _Lecture, enfant: Enfant, unite: Unite, jours: list[JourOuvert]) -> None:
        self.famille, self.enfant, self.unite, self.activite = lecture.famille, enfant, unite, unite.activite
        self.unites, self.maintenant = [unite], lecture.maintenant
        self.jours, self._rangs = jours, lecture.rangs
        self._lignes = lecture.lignes_de(enfant, unite)
        self._reservations = lecture.reservations_de(enfant, unite)
        self._examen = lecture.examen(enfant, unite.activite)


@dataclass
class _Lecture:
    famille: Famille
    enfants: Sequence[Enfant]
    debut: date
    fin: date
    maintenant: datetime
    lignes: dict[tuple[int, int], list[tuple[int, _Ligne]]] = field(default_factory=lambda: defaultdict(list))
    reservations: dict[tuple[int, int], list[tuple[int, date, Reservee]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    examens: dict[tuple[int, int], Examen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cles = [enfant.pk for enfant in self.enfants]
        self.unites = unites_offertes()
        self.parties = {unite.pk: frozenset(unite.parties) for unite in self.unites}
        self.dossiers = etats_des_dossiers(self.famille, self.cles)
        self.ouvertures = _lire_les_ouvertures(self.unites, self.debut, self.fin)
        self._lire_les_demandes()
        self._lire_les_reservations()
        attentes = [ligne.pk for deux in self.lignes.values() for _, ligne in deux if ligne.etat == Etat.LISTE_ATTENTE]
        self.rangs = rangs(attentes) if attentes else {}
        self.deja = self._lire_deja()

    def services(self, enfant: Enfant) -> list[Service]:
        trouves = []
        for unite in self.unites:
            jours = [jour for groupe, jour in self.ouvertures.get(unite.pk, ()) if _recoit(unite, groupe, enfant, jour)]
            if jours:
                cases = _CasesLues(self, enfant, unite, jours).cases()
                trouves.append(Service(unite, {case.date: case for case in cases}))
        return trouves

    def lignes_de(self, enfant: Enfant, unite: Unite) -> dict[Creneau, _Ligne]:
        """The latest demande of each day that touches the unité's moments; a refusal is forgotten when the day is asked again."""
        par_creneau: dict[Creneau, _Ligne] = {}
        for autre, ligne in self.lignes.get((enfant.pk, unite.activite_id), ()):
            if self._se_croisent(autre, unite):
                creneau = (unite.pk, ligne.date)
                if creneau not in par_creneau or ligne.etat != Etat.REFUSEE:
                    par_creneau[creneau] = ligne
        return par_creneau

    def reservations_de(self, enfant: Enfant, unite: Unite) -> dict[Creneau, Reservee]:
        par_creneau: dict[Creneau, Reservee] = {}
        for autre, jour, une in self.reservations.get((enfant.pk, unite.activite_id), ()):
            creneau = (unite.pk, jour)
            if self._se_croisent(autre, unite) and (creneau not in par_creneau or une[0] in QUI_TIENNENT):
                par_creneau[creneau] = une
        return par_creneau

    def examen(self, enfant: Enfant, activite: Activite) -> Examen:
        cle = (enfant.pk, activite.pk)
        if cle not in self.examens:
            deja = {action: dates for (qui, quoi, action), dates in self.deja.items() if (qui, quoi) == cle}
            self.examens[cle] = Examen(activite, self.maintenant, self.dossiers[enfant.pk].manques, deja)
        return self.examens[cle]

    def _se_croisent(self, autre: int, unite: Unite) -> bool:
        """Two unités of an activity that share no moment of the day are two days, not one (decision 0010)."""
        return autre == unite.pk or bool(self.parties.get(autre, self.parties[unite.pk]) & self.parties[unite.pk])

    def _lire_les_demandes(self) -> None:
        lignes = (
            JourDemande.objects.filter(
                demande__enfant_id__in=self.cles,
                demande__etat__in=AFFICHES,
                date__range=(self.debut, self.fin),
            )
            .order_by("date", "demande_id")
            .values_list(
                *("demande__enfant_id", "demande__activite_id", "ouverture__unite_id"),
                *("pk", "date", "demande_id", "demande__nature", "demande__etat"),
                *("ouverture__unite__nom", "demande__depose_le", "demande__motif", "demande__famille_id"),
            )
        )
        for enfant_id, activite_id, unite_id, *reste in lignes:
            ligne = _Ligne(*reste)
            if demande_se_voit(self.famille, ligne.famille_id, ligne.nature, ligne.etat):
                self.lignes[(enfant_id, activite_id)].append((unite_id, ligne))

    def _lire_les_reservations(self) -> None:
        lignes = (
            Reservation.objects.filter(enfant_id__in=self.cles, date__range=(self.debut, self.fin))
            .exclude(etat=Reservation.Etat.ANNULEE)
            .order_by("pk")
            .values_list(
                *("enfant_id", "activite_id", "ouverture__unite_id"),
                *("famille_id", "date", ETAT_DIT, "est_directe", "ouverture__unite__nom", MOTIF_DIT),
            )
        )
        for enfant_id, activite_id, unite_id, famille, jour, *valeurs in lignes:
            if (une := reservation_vue(self.famille, famille, tuple(valeurs))) is not None:
                self.reservations[(enfant_id, activite_id)].append((unite_id, jour, une))

    def _lire_deja(self) -> dict[tuple[int, int, Action], frozenset[date]]:
        """Days that count against a maximum, when some rule counts them."""
        activites = {unite.activite_id: unite.activite for unite in self.unites if unite.pk in self.ouvertures}
        comptees = {
            action
            for action in (Action.RESERVER, Action.ANNULER)
            for activite in activites.values()
            if a_un_maximum(activite, action, self.debut, self.maintenant)
        }
        return dates_deja(self.cles, comptees) if comptees else {}


def _recoit(unite: Unite, groupe_id: int | None, enfant: Enfant, jour: JourOuvert) -> bool:
    """Whether the ouverture is for the age that the child has that day."""
    activite = unite.activite
    age = enfant.age_le(jour.date)
    if not activite.age_min <= age <= activite.age_max:
        return False
    if groupe_id is None:
        return True
    voulu = groupe_a_l_age(_groupes(activite), age)
    return voulu is not None and voulu.pk == groupe_id


def _groupes(activite: Activite) -> Iterable[Groupe]:
    return activite.groupes.all()  # prefetched


def _lire_les_ouvertures(
    unites: Sequence[Unite], debut: date, fin: date
) -> dict[int, list[tuple[int | None, JourOuvert]]]:
    """The days on which these unités open, with the tightest of their jauges, by unité: one query, plain rows."""
    par_cle = {unite.pk: unite for unite in unites}
    lignes = (
        Ouverture.jauges.through.objects.filter(
            ouverture__unite_id__in=list(par_cle), ouverture__date__range=(debut, fin)
        )
        .order_by("ouverture__date", "ouverture_id", "jauge_id")
        .values_list(
            *("ouverture_id", "ouverture__unite_id", "ouverture__date", "ouverture__fermeture", "ouverture__groupe_id"),
            *("ouverture__evenements", "jauge_id", "jauge__places"),
            *("jauge__prises", "jauge__retenues", "jauge__attente"),
        )
    )
    entetes: dict[int, tuple[Unite, date, str, int | None, Ecrits]] = {}
    jauges: dict[int, list[tuple[int, Places]]] = defaultdict(list)
    for cle, unite_id, jour, fermeture, groupe_id, evenements, jauge, places, prises, retenues, attente in lignes:
        unite = par_cle[unite_id]
        entetes[cle] = (unite, jour, fermeture, groupe_id, evenements)
        tenues = retenues if unite.activite.retient_places else 0
        libres = places - prises - tenues
        jauges[cle].append((jauge, Places(places, prises, tenues, 0 if libres > 0 else attente)))
    ouverts: dict[int, list[tuple[int | None, JourOuvert]]] = defaultdict(list)
    for cle, (unite, jour, fermeture, groupe_id, evenements) in entetes.items():
        compte = min((places for _, places in jauges[cle]), key=lambda p: (p.restantes, -p.attente))
        numeros = tuple(numero for numero, _ in jauges[cle])
        quand = (jour, unite.heure_debut, fermeture)
        ouvert = JourOuvert(cle, unite.pk, unite.code, *quand, numeros, compte, codes_prevus(evenements))
        ouverts[unite.pk].append((groupe_id, ouvert))
    return ouverts
