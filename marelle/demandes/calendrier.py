"""A child's calendar in an activity: the state of each day, with the words that explain it. Its cost does not depend on how many
bookings exist: counters are read, never counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from marelle.activites.evenements import Ecrits, codes_prevus
from marelle.activites.models import Activite, Groupe, Ouverture, Unite
from marelle.activites.ouvertures import groupe_a_l_age
from marelle.collectivite.identite import calendrier, reglement
from marelle.familles.models import Enfant, Famille
from marelle.regles.examen import limite as limite_des_regles
from marelle.regles.phrases import dire_date_courte, dire_limite
from marelle.regles.situation import Action, Places
from marelle.regles.verdict import Issue, Verdict
from marelle.reservations.models import Reservation
from marelle.reservations.selection import ABSENTE, ETAT_DIT, MOTIF_DIT

from .absences import dire_le_motif
from .autre_foyer import (
    AILLEURS,
    DEMANDE_AILLEURS,
    MOT,
    QUI_TIENNENT,
    RESERVE_AILLEURS,
    Reservee,
    demande_se_voit,
    reservation_vue,
)
from .contexte import Examen, JourOuvert, a_un_maximum, contexte_des_regles, dates_deja, jour_des_regles
from .dossier import EtatDossier, etat_du_dossier
from .models import JourDemande
from .passages import Etat
from .rangs import Rang, rangs

EN_ATTENTE = {"annulation": "Annulation en attente", "absence": "Absence en attente"}
PRESQUE = 3  # places left from which a day is « presque complet »
AFFICHES = (Etat.PANIER, Etat.DEPOSEE, Etat.LISTE_ATTENTE, Etat.PROPOSEE, Etat.A_CORRIGER, Etat.REFUSEE)


@dataclass(frozen=True, slots=True)
class Case:
    """One day of the calendar. `etat` is one of look.md's; `raison` explains it whole, `detail` in a few words. `evenements`:
    what the day has besides, by the codes of the tariffs."""

    date: date
    etat: str
    mot: str = ""
    detail: str = ""
    raison: str = ""
    est_actionnable: bool = False
    restantes: int = 0
    demande_id: int | None = None
    unite: str = ""
    evenements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ligne:
    """A jour de demande of the child, as read in one query."""

    pk: int
    date: date
    demande_id: int
    nature: str
    etat: str
    unite: str
    depose_le: datetime | None
    motif: str
    famille_id: int


Creneau = tuple[int, date]  # the unité of a square, and its date


class CalendrierEnfant:
    """Reads what one child's calendar in one activity needs, once, then answers day by day."""

    def __init__(
        self,
        famille: Famille,
        enfant: Enfant,
        unite: Unite,
        debut: date,
        fin: date,
        maintenant: datetime,
        dossier: EtatDossier | None = None,
    ) -> None:
        self.famille, self.enfant, self.unite, self.activite = famille, enfant, unite, unite.activite
        self.maintenant = maintenant
        self.dossier = dossier or etat_du_dossier(famille, enfant)
        self.unites = self._unites_montrees()
        self.jours = ouvertures_des_unites(self.activite, self.unites, enfant, debut, fin)
        self._lignes = self._lire_les_demandes(debut, fin)
        self._reservations = self._lire_les_reservations(debut, fin)
        self._rangs = self._lire_les_rangs()
        self._examen = Examen(self.activite, maintenant, self.dossier.manques, self._deja())

    def cases(self) -> list[Case]:
        """Every day on which the activity opens for the child, in order."""
        return [
            replace(self._case(jour), evenements=jour.evenements)
            if jour.evenements and not jour.fermeture
            else self._case(jour)
            for jour in self.jours
        ]

    def _unites_montrees(self) -> list[Unite]:
        return [self.unite]

    def _colonnes(self, unite_id: int) -> Iterable[int]:
        """The unités shown on which a booking of that unité is to be read: those that share a part of the day with it."""
        quoi = next((une for une in self.activite.unites.all() if une.pk == unite_id), None)
        return [une.pk for une in self.unites if quoi is not None and se_chevauchent(une, quoi)]

    def _lire_les_demandes(self, debut: date, fin: date) -> dict[Creneau, _Ligne]:
        """The latest demande of each day that is not over; a refusal is forgotten when the day is asked again."""
        lignes = (
            JourDemande.objects.filter(
                demande__enfant=self.enfant,
                demande__activite=self.activite,
                demande__etat__in=AFFICHES,
                date__range=(debut, fin),
            )
            .order_by("date", "demande_id")
            .values_list(
                *("pk", "date", "demande_id", "demande__nature", "demande__etat"),
                *("ouverture__unite__nom", "demande__depose_le", "demande__motif", "demande__famille_id"),
                "ouverture__unite_id",
            )
        )
        par_creneau: dict[Creneau, _Ligne] = {}
        for *valeurs, unite in lignes:
            ligne = _Ligne(*valeurs)
            if not demande_se_voit(self.famille, ligne.famille_id, ligne.nature, ligne.etat):
                continue
            for creneau in [(colonne, ligne.date) for colonne in self._colonnes(unite)]:
                if creneau not in par_creneau or ligne.etat != Etat.REFUSEE:
                    par_creneau[creneau] = ligne
        return par_creneau

    def _lire_les_reservations(self, debut: date, fin: date) -> dict[Creneau, Reservee]:
        lignes = (
            # The activity is compared here: asked of SQLite, it would walk through all the bookings of the activity.
            Reservation.objects.filter(enfant=self.enfant, date__range=(debut, fin))
            .exclude(etat=Reservation.Etat.ANNULEE)
            .order_by("pk")
            .values_list(
                *("activite_id", "date", "ouverture__unite_id", ETAT_DIT),
                *("est_directe", "ouverture__unite__nom", MOTIF_DIT, "famille_id"),
            )
        )
        par_creneau: dict[Creneau, Reservee] = {}
        for activite_id, jour, unite, *valeurs, famille in lignes:
            if (
                activite_id != self.activite.pk
                or (une := reservation_vue(self.famille, famille, tuple(valeurs))) is None
            ):
                continue
            for creneau in [(colonne, jour) for colonne in self._colonnes(unite)]:
                if creneau not in par_creneau or une[0] in QUI_TIENNENT:
                    par_creneau[creneau] = une
        return par_creneau

    def _lire_les_rangs(self) -> dict[int, Rang]:
        attentes = list({ligne.pk for ligne in self._lignes.values() if ligne.etat == Etat.LISTE_ATTENTE})
        return rangs(attentes) if attentes else {}

    def _deja(self) -> dict[Action, frozenset[date]]:
        if not self.jours:
            return {}
        jour = self.jours[0].date
        comptees = [
            action
            for action in (Action.RESERVER, Action.ANNULER)
            if a_un_maximum(self.activite, action, jour, self.maintenant)
        ]
        if not comptees:
            return {}
        toutes = dates_deja([self.enfant.pk], comptees)
        return {action: toutes.get((self.enfant.pk, self.activite.pk, action), frozenset()) for action in comptees}

    def _case(self, jour: JourOuvert) -> Case:
        ligne = self._lignes.get((jour.unite_id, jour.date))
        reservation = self._reservations.get((jour.unite_id, jour.date))
        if ligne is not None and ligne.famille_id != self.famille.pk:
            return _case_d_ailleurs(jour, DEMANDE_AILLEURS)
        if ligne is not None and ligne.etat != Etat.REFUSEE:
            return self._case_demandee(jour, ligne)
        if reservation is not None:
            return self._case_reservee(jour, *reservation)
        verdict = self._examen.jour(Action.RESERVER, jour)
        if ligne is not None and verdict.est_possible:
            return Case(
                jour.date,
                "refuse",
                detail="Voir le motif",
                raison=f"{ligne.motif} Vous pouvez redemander ce jour.",
                est_actionnable=True,
                demande_id=ligne.demande_id,
            )
        return _case_du_verdict(jour, verdict)

    def _autre(self, jour: JourOuvert, nom: str) -> str:
        """The name of what is asked or booked, when it is not the unité of the square."""
        return "" if any(une.pk == jour.unite_id and une.nom == nom for une in self.unites) else nom

    def _case_demandee(self, jour: JourOuvert, ligne: _Ligne) -> Case:
        autre = self._autre(jour, ligne.unite)
        case = Case(jour.date, "attente", detail=autre, est_actionnable=True, demande_id=ligne.demande_id, unite=autre)
        if ligne.etat == Etat.PANIER:
            return replace(case, etat="panier" if ligne.nature == "reservation" else "annuler")
        if ligne.etat == Etat.LISTE_ATTENTE:
            rang = self._rangs.get(ligne.pk)
            return replace(case, etat="liste", detail=rang.dit if rang else "")
        if ligne.etat == Etat.PROPOSEE:
            return replace(case, mot="Place proposée")
        if ligne.etat == Etat.A_CORRIGER:
            return replace(case, mot="À corriger")
        return replace(case, mot=EN_ATTENTE.get(ligne.nature, ""))

    def _case_reservee(self, jour: JourOuvert, etat: str, directe: bool, unite: str, motif: str) -> Case:
        if etat == AILLEURS:
            return _case_d_ailleurs(jour, RESERVE_AILLEURS)
        if etat == Reservation.Etat.ANNULEE_CENTRE:
            return Case(jour.date, "annule", detail=motif, raison=motif)
        autre = self._autre(jour, unite)
        verdict = self._examen.jour(Action.ANNULER, jour)
        detail = _annulable(verdict) if verdict.est_possible else ""
        return Case(
            jour.date,
            ABSENTE if etat == ABSENTE else "direct" if directe else "reserve",
            detail=autre or (dire_le_motif(motif) if etat == ABSENTE else detail),
            raison=detail or verdict.phrase,
            est_actionnable=verdict.est_possible,
            unite=autre,
        )


def se_chevauchent(une: Unite, autre: Unite) -> bool:
    """Whether they share a part of the day: a child is booked on one of them only."""
    return une.pk == autre.pk or bool(set(une.parties) & set(autre.parties))


def _case_d_ailleurs(jour: JourOuvert, raison: str) -> Case:
    return Case(jour.date, "delai", mot=MOT, raison=raison)


def _annulable(verdict: Verdict) -> str:
    return f"Annulable jusqu’au {dire_limite(verdict.limite)}" if verdict.limite else "Annulable"


def _case_du_verdict(jour: JourOuvert, verdict: Verdict) -> Case:
    restantes = jour.places.restantes
    if verdict.issue is Issue.LISTE_ATTENTE:
        return Case(
            jour.date, "complet", detail="Liste d’attente possible", raison=verdict.phrase, est_actionnable=True
        )
    if verdict.est_possible:
        etat = "presque" if restantes <= PRESQUE else "libre"
        places = "1 place" if restantes == 1 else f"{restantes} places"
        return Case(jour.date, etat, detail=places, raison=verdict.phrase, est_actionnable=True, restantes=restantes)
    return _case_refusee(jour, verdict)


def _case_refusee(jour: JourOuvert, verdict: Verdict) -> Case:
    if jour.fermeture:
        return Case(jour.date, "ferme", detail=jour.fermeture, raison=verdict.phrase)
    racine = verdict.clause.split(".")[0]
    if racine == "portes":
        return Case(jour.date, "delai", mot="Dossier à compléter", raison=verdict.phrase)
    if verdict.clause.endswith("places"):
        return Case(jour.date, "complet", raison=verdict.phrase)
    if verdict.prochaine is not None and verdict.limite is not None and verdict.prochaine < verdict.limite:
        return Case(jour.date, "bientot", detail=dire_date_courte(verdict.prochaine.date()), raison=verdict.phrase)
    if "maximum" in verdict.clause:
        return Case(jour.date, "delai", mot="Maximum atteint", raison=verdict.phrase)
    depuis = f"depuis {dire_date_courte(verdict.limite.date())}" if verdict.limite else ""
    return Case(jour.date, "delai", detail=depuis, raison=verdict.phrase)


def ouvertures_lues(activite: Activite, unite: Unite, enfant: Enfant, debut: date, fin: date) -> list[JourOuvert]:
    """The days on which the unité opens for the child, with the tightest of their jauges: one query, plain rows."""
    return ouvertures_des_unites(activite, [unite], enfant, debut, fin)


def ouvertures_des_unites(
    activite: Activite, unites: Sequence[Unite], enfant: Enfant, debut: date, fin: date
) -> list[JourOuvert]:
    """The same for several unités of the activity, by date: still one query."""
    par_cle = {unite.pk: unite for unite in unites}
    groupes = list(activite.groupes.all())
    par_ouverture: dict[int, list[tuple[int, Places]]] = {}
    entetes: dict[int, tuple[Unite, date, str, Ecrits]] = {}
    for cle, unite, jour, fermeture, evenements, groupe, jauge, *compteurs in _jauges_lues(par_cle, debut, fin):
        if not _recoit(activite, groupes, groupe, enfant.age_le(jour)):
            continue
        places, prises, retenues, attente = compteurs
        tenues = retenues if activite.retient_places else 0
        libres = places - prises - tenues
        entetes[cle] = (par_cle[unite], jour, fermeture, evenements)
        par_ouverture.setdefault(cle, []).append((jauge, Places(places, prises, tenues, 0 if libres > 0 else attente)))
    return [
        JourOuvert(
            cle,
            unite.pk,
            unite.code,
            jour,
            unite.heure_debut,
            fermeture,
            tuple(jauge for jauge, _ in par_ouverture[cle]),
            min((compte for _, compte in par_ouverture[cle]), key=lambda p: (p.restantes, -p.attente)),
            codes_prevus(evenements),
        )
        for cle, (unite, jour, fermeture, evenements) in entetes.items()
    ]


def _jauges_lues(unites: Iterable[int], debut: date, fin: date) -> Iterable[tuple[Any, ...]]:
    """Each jauge of each opening, as plain rows, in the order of the days."""
    return (
        Ouverture.jauges.through.objects.filter(ouverture__unite__in=list(unites), ouverture__date__range=(debut, fin))
        .order_by("ouverture__date", "ouverture_id", "jauge_id")
        .values_list(
            *("ouverture_id", "ouverture__unite_id", "ouverture__date", "ouverture__fermeture"),
            *("ouverture__evenements", "ouverture__groupe_id", "jauge_id"),
            *("jauge__places", "jauge__prises", "jauge__retenues", "jauge__attente"),
        )
    )


def _recoit(activite: Activite, groupes: Sequence[Groupe], groupe: int | None, age: int) -> bool:
    """Whether an opening of this age group (None: all ages) is for a child of that age."""
    if not activite.age_min <= age <= activite.age_max:
        return False
    if groupe is None:
        return True
    voulu = groupe_a_l_age(groupes, age)
    return voulu is not None and voulu.pk == groupe


def limite_d_annulation(activite: Activite, jour: JourOuvert, maintenant: datetime) -> datetime | None:
    """Until when the day can be cancelled: an aware instant, None when no deadline applies."""
    contexte = contexte_des_regles(Action.ANNULER, activite, maintenant)
    return limite_des_regles(reglement(), calendrier(), contexte, jour_des_regles(jour, activite))
