"""May this action be done on this day, now? One verdict a day, alone or within a whole request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from marelle.regles.bornes import PARIS
from marelle.regles.calendrier import Calendrier
from marelle.regles.capacite import issue_des_places
from marelle.regles.delais import limite_du_delai
from marelle.regles.fenetres import Fenetre, Ouverture, Phase, derniere_fermeture, etat_de_la_fenetre
from marelle.regles.portes import manques_bloquants
from marelle.regles.refus import (
    refus_de_la_porte,
    refus_de_principe,
    refus_des_publics,
    refus_du_maximum,
    refus_du_motif,
    refus_ferme,
    refus_hors_fenetre,
    refus_pas_ouvert,
    refus_passe,
    refus_sans_limite,
    refus_sans_reservation,
    refus_trop_tard,
    verdict_des_places,
    verdict_du_maximum,
    verdict_possible,
)
from marelle.regles.regle import Regle
from marelle.regles.situation import Action, Contexte, Jour
from marelle.regles.verdict import Issue, Verdict

if TYPE_CHECKING:
    from marelle.regles.reglement import Reglement

PRENNENT_UNE_PLACE = (Action.RESERVER, Action.MODIFIER)
SANS_PHASE = (Ouverture(Phase()),)


class Acces(NamedTuple):
    """The action is open on this day: its deadline, the phases open and to come before it, the regime."""

    delai: datetime | None
    ouvertes: tuple[Ouverture, ...] = SANS_PHASE
    prochaines: tuple[Ouverture, ...] = ()
    regime: str = ""

    def limite(self, convient: Callable[[Phase], bool] = lambda _: True) -> datetime | None:
        """The last instant at which a phase that suits the day is open before the deadline."""
        siennes = [ouverture for ouverture in (*self.ouvertes, *self.prochaines) if convient(ouverture.phase)]
        return _plus_tot(self.delai, derniere_fermeture(siennes))


class Etude(NamedTuple):
    """One day under one rule at one instant. `instant` is in UTC so that comparisons are exact across a change of hour."""

    regle: Regle
    calendrier: Calendrier
    contexte: Contexte
    jour: Jour
    instant: datetime
    aujourdhui: date

    @property
    def annee(self) -> int:
        return self.aujourdhui.year


def examiner(reglement: Reglement, calendrier: Calendrier, contexte: Contexte, jour: Jour) -> Verdict:
    """The verdict of one day alone: what a cell of the calendar shows. Patterns over several days are not looked at.

    Raises ValueError when `contexte.maintenant` has no zone."""
    etude = _etude(reglement, calendrier, contexte, jour)
    acces = _acces(etude)
    return _conclure(etude, acces, None) if isinstance(acces, Acces) else acces


def examiner_demande(
    reglement: Reglement, calendrier: Calendrier, contexte: Contexte, jours: Sequence[Jour]
) -> tuple[Verdict, ...]:
    """The verdicts of a whole request, in the same order: adds patterns (R8), and maxima that count the days of the
    request (R9), the first ones passing and the rest refused or put on the waiting list (R10)."""
    etudes = [_etude(reglement, calendrier, contexte, jour) for jour in jours]
    tous = [_acces(etude) for etude in etudes]
    dates = frozenset(e.jour.date for e, acces in zip(etudes, tous) if isinstance(acces, Acces)) | contexte.deja
    verdicts = []
    for etude, acces in zip(etudes, tous):
        verdict = acces
        if isinstance(verdict, Acces):
            verdict = _conclure(etude._replace(contexte=contexte), verdict, dates)
            contexte = _retenir(contexte, etude.jour, verdict)
        verdicts.append(verdict)
    return tuple(verdicts)


def limite(reglement: Reglement, calendrier: Calendrier, contexte: Contexte, jour: Jour) -> datetime | None:
    """The last instant of the action on the day in its ordinary regime: its deadline or the end of its window."""
    etude = _etude(reglement, calendrier, contexte, jour)
    delai = limite_du_delai(etude.regle.delai, calendrier, jour)
    fenetre = _fenetre(etude)
    a_portee = (*fenetre.ouvertes, *_avant(fenetre.prochaines, delai))
    return _plus_tot(delai, derniere_fermeture(a_portee) if a_portee else fenetre.fermee_le)


def reste(reglement: Reglement, contexte: Contexte, jour: Jour) -> int | None:
    """How many days (or weeks) the maxima still allow in the day's cycle; None when there is no maximum."""
    regle = reglement.regle(contexte.activite, contexte.action, jour.date, contexte.maintenant)
    return min((maximum.reste(contexte.deja, jour) for maximum in regle.maxima), default=None)


def _etude(reglement: Reglement, calendrier: Calendrier, contexte: Contexte, jour: Jour) -> Etude:
    maintenant = contexte.maintenant
    instant, aujourdhui = _reperes(maintenant, maintenant.fold)
    regle = reglement.regle(contexte.activite, contexte.action, jour.date, maintenant)
    return Etude(regle, calendrier, contexte, jour, instant, aujourdhui)


@lru_cache(maxsize=64)
def _reperes(maintenant: datetime, _fold: int) -> tuple[datetime, date]:
    """The instant in UTC and the day in Paris; the fold is a key because equal hours of October are not one instant."""
    if maintenant.tzinfo is None:
        raise ValueError("maintenant must be an aware datetime")
    return maintenant.astimezone(UTC), maintenant.astimezone(PARIS).date()


def _fenetre(etude: Etude) -> Fenetre:
    return etat_de_la_fenetre(etude.regle.phases, etude.calendrier, etude.contexte.publics, etude.jour, etude.instant)


def _retenir(contexte: Contexte, jour: Jour, verdict: Verdict) -> Contexte:
    """The context of the next days of the request: this one counts when it passes."""
    if verdict.issue is Issue.REFUSER:
        return contexte
    tardifs = contexte.deja_tardif | {jour.date} if verdict.regime else contexte.deja_tardif
    return replace(contexte, deja=contexte.deja | {jour.date}, deja_tardif=tardifs)


def _plus_tot(un: datetime | None, autre: datetime | None) -> datetime | None:
    if un is None or autre is None:
        return un or autre
    return min(un, autre)


def _prealables(etude: Etude) -> Verdict | None:
    """What closes the action whatever the hour: the day, the règlement's principles, the file."""
    regle, contexte, jour = etude.regle, etude.contexte, etude.jour
    if jour.fermeture is not None:
        return refus_ferme(jour, etude.annee)
    if jour.date < etude.aujourdhui:
        return refus_passe(jour, etude.annee)
    if regle.sans_reservation:
        return refus_sans_reservation()
    if not regle.est_prevue or regle.est_interdite:
        return refus_de_principe(regle.action, "interdit" if regle.est_interdite else "non_prevu")
    if regle.publics and not regle.publics & contexte.publics:
        return refus_des_publics(regle.action)
    if contexte.manques and regle.portes:
        manques = manques_bloquants(regle.portes, contexte.manques, jour.date)
        if manques:
            return refus_de_la_porte(manques)
    return None


def _acces(etude: Etude) -> Acces | Verdict:
    """Closed or past day, gates, window, deadline, late regime: a refusal, or the access they leave."""
    refus = _prealables(etude)
    if refus:
        return refus
    regle = etude.regle
    delai = limite_du_delai(regle.delai, etude.calendrier, etude.jour)
    if regle.delai and delai is None:
        return refus_sans_limite(regle.action, etude.jour, etude.annee)
    fenetre = _fenetre(etude) if regle.phases else None
    if fenetre and not fenetre.ouvertes:
        return _hors_fenetre(etude, fenetre, delai)
    if delai is not None and etude.instant > delai:
        return _apres(etude, "delai", delai)
    if fenetre is None:
        return Acces(delai)
    return Acces(delai, fenetre.ouvertes, _avant(fenetre.prochaines, delai))


def _avant(ouvertures: tuple[Ouverture, ...], delai: datetime | None) -> tuple[Ouverture, ...]:
    """The phases that open before the deadline."""
    return tuple(o for o in ouvertures if delai is None or (o.ouvre and o.ouvre <= delai))


def _hors_fenetre(etude: Etude, fenetre: Fenetre, delai: datetime | None) -> Acces | Verdict:
    """No phase is open: it will be, it was, or it is for others."""
    action = etude.regle.action
    prochaines = _avant(fenetre.prochaines, delai)
    if prochaines and prochaines[0].ouvre:
        derniere = _plus_tot(delai, derniere_fermeture(prochaines))
        return refus_pas_ouvert(action, etude.jour, prochaines[0].ouvre, derniere, etude.annee)
    if fenetre.fermee_le is not None:
        return _apres(etude, "fenetre", fenetre.fermee_le if delai is None else min(fenetre.fermee_le, delai))
    if fenetre.est_reservee:
        return refus_des_publics(action)
    if delai is not None and etude.instant > delai:
        return _apres(etude, "delai", delai)
    return refus_hors_fenetre(action, etude.jour, etude.annee)


def _apres(etude: Etude, clause: str, passee: datetime) -> Acces | Verdict:
    """The cut-off is passed: the late regime while it lasts, else a refusal (R11)."""
    tardif = etude.regle.tardif
    jusqua = limite_du_delai(tardif.jusqua, etude.calendrier, etude.jour) if tardif else None
    derniere = passee if jusqua is None or jusqua <= passee else jusqua
    if etude.instant > derniere:
        return refus_trop_tard(etude.regle, clause, etude.jour, derniere, etude.annee)
    return Acces(derniere, regime="tardif")


def _conclure(etude: Etude, acces: Acces, dates: frozenset[date] | None) -> Verdict:
    """Pattern, maximum, places, then who decides, for a day that is open."""
    regle, jour = etude.regle, etude.jour
    phase = _phase_qui_convient(etude, acces, dates)
    if isinstance(phase, Verdict):
        return phase
    if _est_definitive(etude):
        return refus_de_principe(regle.action, "interdit")
    limite = acces.limite(lambda autre: not _faute(etude, autre, dates)) if regle.phases else acces.delai
    depasse = _maximum_depasse(etude, acces, phase, limite)
    if depasse:
        return depasse
    if phase.issue is not Issue.LISTE_ATTENTE and jour.places is not None and regle.action in PRENNENT_UNE_PLACE:
        issue = issue_des_places(jour.places, regle.retient_places, regle.liste_attente)
        if issue:
            return verdict_des_places(issue, jour, regle.retient_places, limite, etude.annee)
    return verdict_possible(regle, _issue(regle, acces, phase), limite, etude.annee, acces.regime)


def _phase_qui_convient(etude: Etude, acces: Acces, dates: frozenset[date] | None) -> Phase | Verdict:
    """The first open phase whose pattern the day (and its request, when `dates` are given) draws."""
    premiere = ""
    for ouverture in acces.ouvertes:
        faute = _faute(etude, ouverture.phase, dates)
        if not faute:
            return ouverture.phase
        premiere = premiere or faute
    prochaine = next((o.ouvre for o in acces.prochaines if not _faute(etude, o.phase, dates)), None)
    return refus_du_motif(etude.regle.action, premiere, acces.limite(), prochaine, etude.annee)


def _faute(etude: Etude, phase: Phase, dates: frozenset[date] | None) -> str:
    for motif in (etude.regle.motif, phase.motif):
        faute = motif.faute_du_jour(etude.jour) if motif else ""
        if motif and not faute and dates is not None:
            faute = motif.faute_de_la_demande(etude.calendrier, etude.contexte, etude.jour, dates)
        if faute:
            return faute
    return ""


def _est_definitive(etude: Etude) -> bool:
    """Was the day booked during a phase whose bookings cannot be cancelled?"""
    phases, reserve_le = etude.regle.phases_de_reservation, etude.jour.reserve_le
    if not phases or reserve_le is None:
        return False
    fenetre = etat_de_la_fenetre(phases, etude.calendrier, etude.contexte.publics, etude.jour, reserve_le)
    return bool(fenetre.ouvertes) and not fenetre.ouvertes[0].phase.est_annulable


def _maximum_depasse(etude: Etude, acces: Acces, phase: Phase, limite: datetime | None) -> Verdict | None:
    regle, contexte, jour = etude.regle, etude.contexte, etude.jour
    tardif = regle.tardif.maximum if regle.tardif and acces.regime else None
    if tardif and tardif.est_depasse(contexte.deja_tardif, jour):
        return refus_du_maximum(regle.action, tardif, limite, "tardif")
    for maximum in regle.maxima + phase.maxima:
        if maximum.est_depasse(contexte.deja, jour):
            return verdict_du_maximum(regle.action, maximum, limite)
    return None


def _issue(regle: Regle, acces: Acces, phase: Phase) -> Issue:
    if phase.issue:
        return phase.issue
    decision = (regle.tardif.decision if regle.tardif and acces.regime else "") or regle.decision
    return Issue.ACCEPTER if decision == "automatique" else Issue.INSTRUIRE
