"""At which instant a cut-off or an opening falls for a day of care: anchor, offset, unit, hour, table of weekdays, shift."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from marelle.regles.calendrier import LUNDI_A_DIMANCHE, UN_JOUR, Calendrier, lundi_de
from marelle.regles.lecture import FIN_DE_JOURNEE, Table
from marelle.regles.situation import Jour

PARIS = ZoneInfo("Europe/Paris")
PAS_DE_FIN = 800  # days: no holidays last longer; keeps a shift from running away on an absurd calendar


class Ancre(StrEnum):
    """What a cut-off is counted back from (R2)."""

    JOUR = "jour"
    SEMAINE = "semaine"  # its Monday
    MOIS = "mois"  # its 1st
    PERIODE = "periode"  # its first day
    VACANCES = "vacances"  # the first day of the school holidays that contain the day
    DATES = "dates"  # the last date of a fixed list that is not after the day


class Unite(StrEnum):
    """What is counted (R5)."""

    CALENDAIRES = "jours_calendaires"
    OUVRES = "jours_ouvres"
    FRANCS = "jours_francs"  # n whole days between the cut-off's day and the anchor
    HEURES = "heures"  # wall-clock: the same hour two days before for 48 h, also across a change of hour
    SEMAINES = "semaines"
    MOIS = "mois"


DECALAGES = ("plus_tot", "plus_tard")
CATEGORIES = (*LUNDI_A_DIMANCHE, "feries", "vacances")


@dataclass(frozen=True, slots=True)
class Jours:
    """A category of days: weekdays, public holidays, school holidays."""

    semaine: frozenset[int]
    feries: bool
    vacances: bool

    def contient(self, calendrier: Calendrier, jour: date) -> bool:
        return (
            jour.weekday() in self.semaine
            or (self.feries and (calendrier.est_ferie(jour) or jour in calendrier.jours_fermes))
            or (self.vacances and calendrier.est_vacances(jour))
        )


WEEKENDS_ET_FERIES = Jours(frozenset({5, 6}), feries=True, vacances=False)


@dataclass(frozen=True, slots=True)
class Borne:
    """A moment relative to a day of care, or a fixed one. `heure` 23:59:59.999999 is « minuit », the end of the day."""

    nombre: int = 0
    unite: Unite = Unite.CALENDAIRES
    avant: Ancre = Ancre.JOUR
    jour: int | None = None  # then the last such weekday strictly before (0 is Monday)
    heure: time = FIN_DE_JOURNEE
    decalage: str = ""  # one of DECALAGES: when the moment falls on one of `evites` (R6)
    decalage_ancre: str = ""  # the same for the anchor
    evites: Jours = WEEKENDS_ET_FERIES
    non_comptes: Jours | None = None  # for jours_ouvres, instead of the calendar's own working days
    dates: tuple[date, ...] = ()
    table: tuple[Borne | None, ...] = ()  # one per weekday of the day of care (R4)
    est_par_defaut: bool = True  # False: days out of the table have no moment
    fixe: datetime | None = None

    def instant(self, calendrier: Calendrier, jour: Jour) -> datetime | None:
        """The moment for this day, aware (Europe/Paris); None when the rule says nothing for it."""
        if self.fixe is not None:
            return self.fixe
        if self.table:
            propre = self.table[jour.date.weekday()]
            if propre is not None:
                return propre.instant(calendrier, jour)
            if not self.est_par_defaut:
                return None
        ancre = self._ancre(calendrier, jour)
        if ancre is None:
            return None
        if self.decalage_ancre:
            ancre = self._decaler(calendrier, ancre, self.decalage_ancre)
        if self.unite is Unite.HEURES:
            depart = jour.heure_debut if self.avant is Ancre.JOUR else time(0)
            mur = datetime.combine(ancre, depart) - timedelta(hours=self.nombre)
            quand, heure = mur.date(), mur.time()
        else:
            quand, heure = self._reculer(calendrier, ancre), self.heure
        if self.decalage:
            quand = self._decaler(calendrier, quand, self.decalage)
        return datetime.combine(quand, heure, PARIS)

    def _ancre(self, calendrier: Calendrier, jour: Jour) -> date | None:
        match self.avant:
            case Ancre.JOUR:
                return jour.date
            case Ancre.SEMAINE:
                return lundi_de(jour.date)
            case Ancre.MOIS:
                return jour.date.replace(day=1)
            case Ancre.PERIODE:
                return jour.periode.debut if jour.periode else None
            case Ancre.VACANCES:
                vacances = calendrier.vacances_du(jour.date)
                return vacances.debut if vacances else None
            case Ancre.DATES:
                return max((d for d in self.dates if d <= jour.date), default=None)

    def _reculer(self, calendrier: Calendrier, ancre: date) -> date:
        quand = reculer(calendrier, ancre, self.nombre, self.unite, self.non_comptes)
        if self.jour is not None:
            quand -= UN_JOUR * ((quand.weekday() - self.jour - 1) % 7 + 1)
        return quand

    def _decaler(self, calendrier: Calendrier, quand: date, sens: str) -> date:
        pas = -UN_JOUR if sens == "plus_tot" else UN_JOUR
        for _ in range(PAS_DE_FIN):
            if not self.evites.contient(calendrier, quand):
                break
            quand += pas
        return quand


def fin_du_jour(jour: Jour) -> datetime:
    """The last instant of the day of care: nothing is possible later."""
    return datetime.combine(jour.date, FIN_DE_JOURNEE, PARIS)


def reculer(calendrier: Calendrier, depuis: date, nombre: int, unite: Unite, non_comptes: Jours | None = None) -> date:
    """The day `nombre` units before `depuis`, in days, weeks or months (hours are counted on instants)."""
    match unite:
        case Unite.OUVRES:
            if non_comptes is None:
                return calendrier.ouvres_avant(depuis, nombre)
            for _ in range(PAS_DE_FIN):
                if nombre <= 0:
                    break
                depuis -= UN_JOUR
                nombre -= not non_comptes.contient(calendrier, depuis)
            return depuis
        case Unite.FRANCS:
            return depuis - UN_JOUR * (nombre + 1)
        case Unite.SEMAINES:
            return depuis - UN_JOUR * 7 * nombre
        case Unite.MOIS:
            annee, mois = divmod(depuis.year * 12 + depuis.month - 1 - nombre, 12)
            return date(annee, mois + 1, min(depuis.day, monthrange(annee, mois + 1)[1]))
        case _:
            return depuis - UN_JOUR * nombre


_CLES = {
    "nombre", "unite", "avant", "jour", "heure", "decalage", "decalage_ancre", "jours_evites", "non_comptes", "dates", "table",
}  # fmt: skip
_CLES_DE_LIGNE = {"pour", "le", "heure", "nombre", "unite"}


def lire_borne(table: Table, heure: time = FIN_DE_JOURNEE) -> Borne:
    """A moment from its table; `heure` is taken when none is written (the end of the day for a cut-off)."""
    table.verifier(_CLES)
    borne = Borne(
        nombre=table.entier("nombre", maxi=1000),
        unite=Unite(table.choix("unite", list(Unite), Unite.CALENDAIRES)),
        avant=Ancre(table.choix("avant", list(Ancre), Ancre.JOUR)),
        jour=LUNDI_A_DIMANCHE.index(table.choix("jour", LUNDI_A_DIMANCHE)) if "jour" in table else None,
        heure=table.heure("heure", heure),
        decalage=table.choix("decalage", DECALAGES),
        decalage_ancre=table.choix("decalage_ancre", DECALAGES),
        evites=lire_jours(table, "jours_evites") or WEEKENDS_ET_FERIES,
        non_comptes=lire_jours(table, "non_comptes"),
        dates=tuple(sorted(table.jours("dates"))),
    )
    _verifier_l_accord(table, borne)
    if "table" not in table:
        return borne
    return replace(borne, table=_lire_table(table, borne), est_par_defaut=bool({"nombre", "jour"} & set(table.cles)))


def lire_moment(table: Table, cle: str, heure: time) -> Borne | None:
    """An opening or a closing: a date, a local instant, or a table as for a cut-off; None when it is not written."""
    if cle not in table:
        return None
    if isinstance(table.donnees[cle], dict):
        return lire_borne(table.table(cle), heure)
    fixe = table.instant(cle, heure)
    return Borne(fixe=fixe.replace(tzinfo=PARIS)) if fixe else None


def lire_jours(table: Table, cle: str) -> Jours | None:
    noms = set(table.textes(cle, CATEGORIES))
    if not noms:
        return None
    semaine = frozenset(LUNDI_A_DIMANCHE.index(nom) for nom in noms if nom in LUNDI_A_DIMANCHE)
    return Jours(semaine, feries="feries" in noms, vacances="vacances" in noms)


def _verifier_l_accord(table: Table, borne: Borne) -> None:
    if "non_comptes" in table and borne.unite is not Unite.OUVRES:
        raise table.refuser("non_comptes", 'cette clé ne va qu’avec unite = "jours_ouvres".')
    if borne.non_comptes and len(borne.non_comptes.semaine) == 7:
        raise table.refuser("non_comptes", "il faut laisser au moins un jour de la semaine qui compte.")
    if borne.unite is Unite.HEURES and ("heure" in table or "jour" in table):
        cle = "heure" if "heure" in table else "jour"
        raise table.refuser(cle, "des heures se comptent depuis le début de l’accueil : retirez cette clé.")
    if (borne.avant is Ancre.DATES) != bool(borne.dates):
        raise table.refuser("dates", '« dates » et avant = "dates" vont ensemble.')
    if "nombre" in table and borne.nombre and "unite" not in table:
        raise table.refuser("unite", f"cette clé manque : il faut l’une de {', '.join(Unite)}.")
    if "jours_evites" in table and not (borne.decalage or borne.decalage_ancre):
        raise table.refuser("jours_evites", "cette clé ne va qu’avec « decalage » ou « decalage_ancre ».")


def _lire_table(table: Table, borne: Borne) -> tuple[Borne | None, ...]:
    lignes: list[Borne | None] = [None] * 7
    for ligne in table.tables("table"):
        ligne.verifier(_CLES_DE_LIGNE, exigees=("pour",))
        if ("le" in ligne) == ("nombre" in ligne):
            raise ligne.refuser(
                "", "il faut « le » (un jour de la semaine) ou « nombre » avec « unite », et un seul des deux."
            )
        propre = replace(
            borne,
            nombre=ligne.entier("nombre", maxi=1000),
            unite=Unite(ligne.choix("unite", list(Unite), Unite.CALENDAIRES)),
            avant=Ancre.JOUR,
            jour=LUNDI_A_DIMANCHE.index(ligne.choix("le", LUNDI_A_DIMANCHE)) if "le" in ligne else None,
            heure=ligne.heure("heure", borne.heure),
            dates=(),
        )
        for numero in ligne.semaine("pour"):
            if lignes[numero] is not None:
                raise ligne.refuser("pour", f"« {LUNDI_A_DIMANCHE[numero]} » est déjà dans la table.")
            lignes[numero] = propre
    return tuple(lignes)
