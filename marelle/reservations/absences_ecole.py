"""Children that were absent from school too: noted by an agent, as the school, the family or the team said it.

Only where the tariffs of that day ask for it; the fact is the child's, for all its activities of the day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from marelle.activites.gestion import activites_de
from marelle.activites.models import Activite
from marelle.comptes.models import Agent
from marelle.familles.models import Enfant
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.tarification.identite import tarifs

from .models import Absence, AbsenceEcole, Pointage, Reservation

Source = AbsenceEcole.Source


@dataclass(slots=True)
class AttenduEcole:
    """A child that was expected that day and is not known to have come; where, and what is known of its absence."""

    enfant: Enfant
    ou: list[str]
    est_dite: bool
    notee: AbsenceEcole | None


def demandent_l_ecole(activites: Iterable[Activite], jour: date) -> set[int]:
    """Those whose tariffs of that day excuse an absence when the child was absent from school too."""
    lus = tarifs()
    if lus is None:
        return set()
    return {une.pk for une in activites if any(e.si_absent_ecole for e in lus.excuses_de(une.code, jour))}


def absents_de_l_ecole(jour: date, enfants: Collection[int]) -> set[int]:
    """Those of these children that were noted absent from school that day."""
    notees = AbsenceEcole.objects.filter(date=jour, enfant__in=enfants)
    return set(notees.order_by().values_list("enfant_id", flat=True))


def attendus(agent: Agent, jour: date) -> list[AttenduEcole]:
    """The children booked that day where the tariffs ask for it, those who came apart, by name. Four queries."""
    cles = demandent_l_ecole(activites_de(agent), jour)
    if not cles:
        return []
    venus = set(
        Pointage.objects.filter(date=jour, activite__in=cles, etat=Pointage.Etat.PRESENT)
        .order_by()
        .values_list("enfant_id", "ouverture_id")
    )
    reservees = Reservation.objects.filter(date=jour, activite__in=cles, etat=Reservation.Etat.RESERVEE)
    trouves: dict[int, AttenduEcole] = {}
    avec = reservees.select_related("enfant", "activite", "ouverture__unite", "absence")
    for une in avec.order_by("enfant__nom", "enfant__prenom", "enfant_id", "ouverture__unite__ordre", "pk"):
        if (une.enfant_id, une.ouverture_id) in venus:
            continue
        lui = trouves.setdefault(une.enfant_id, AttenduEcole(une.enfant, [], est_dite=False, notee=None))
        lui.ou.append(f"{une.activite.nom}, {une.ouverture.unite.nom[:1].lower()}{une.ouverture.unite.nom[1:]}")
        absence: Absence | None = getattr(une, "absence", None)
        lui.est_dite |= absence is not None and absence.etat == Absence.Etat.DECLAREE
    for notee in AbsenceEcole.objects.filter(date=jour, enfant__in=trouves).select_related("notee_par"):
        trouves[notee.enfant_id].notee = notee
    return list(trouves.values())


@transaction.atomic
def noter_l_ecole(
    agent: Agent, jour: date, absents: Collection[int] = (), presents: Collection[int] = (), source: str = Source.ECOLE
) -> int:
    """Note that these children were absent from school that day, and take back what was noted of those; how many changes.

    Raises `Refus` for a day to come, `Introuvable` for a child that nobody expects in this agent's centres."""
    if jour > aujourdhui():
        raise Refus("Ce jour est à venir : notez qui manque l’école le jour même, ou après.")
    if source not in Source.values:
        raise Refus("Dites qui vous l’a appris : l’école, la famille ou l’équipe.")
    voulus = set(absents) | set(presents)
    siens = {une.pk: une for une in Enfant.objects.select_for_update(no_key=True).filter(pk__in=voulus).order_by("pk")}
    attendues = Reservation.objects.filter(
        date=jour, enfant__in=voulus, activite__in=demandent_l_ecole(activites_de(agent), jour)
    )
    familles = dict(attendues.order_by("-pk").values_list("enfant_id", "famille_id"))
    if voulus - set(familles):
        raise Introuvable("Cet enfant n’est pas attendu ce jour-là.")
    deja = {une.enfant_id: une for une in AbsenceEcole.objects.filter(date=jour, enfant__in=voulus)}
    nouveaux = [cle for cle in sorted(set(absents)) if cle not in deja]
    repris = [deja[cle] for cle in sorted(set(presents) - set(absents)) if cle in deja]
    for cle in nouveaux:
        une = AbsenceEcole.objects.create(
            enfant=siens[cle], date=jour, source=source, notee_par=agent, notee_le=maintenant()
        )
        _noter(agent, "absence_ecole.notee", une, familles[cle])
    for une in repris:
        _noter(agent, "absence_ecole.reprise", une, familles[une.enfant_id])
        une.delete()
    return len(nouveaux) + len(repris)


def _noter(agent: Agent, action: str, une: AbsenceEcole, famille: int) -> None:
    jour, dossier = une.date.isoformat(), f"famille:{famille}"
    noter(agent.compte, action, une, dossier=dossier, enfant=une.enfant_id, jour=jour, source=une.source)
