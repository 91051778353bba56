"""« Ensemble sinon rien »: brothers and sisters of a cart are asked a day all together or not at all. Which days fail, why?"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from marelle.familles.models import Famille
from marelle.regles.verdict import Issue, Option, Verdict
from marelle.reservations.models import Reservation
from marelle.socle.francais import de

from .models import Demande, JourDemande
from .passages import Etat

CLAUSE = "ensemble"
Ligne = tuple[Demande, JourDemande, Verdict]


def lier(famille: Famille, *, ensemble: bool) -> int:
    """Mark the bookings of the cart as going together, or no more; the number of demandes marked (one per child and activity)."""
    cle = uuid.uuid4() if ensemble else None
    return _au_panier(famille).update(ensemble=cle)


def est_lie(famille: Famille) -> bool:
    """Whether the household asks its cart for all or for none."""
    return _au_panier(famille).filter(ensemble__isnull=False).exists()


def _au_panier(famille: Famille) -> QuerySet[Demande]:
    return Demande.objects.filter(famille=famille, etat=Etat.PANIER, nature="reservation", enfant__isnull=False)


def jours_perdus(lignes: Iterable[Ligne]) -> dict[int, Verdict]:
    """For each jour de demande that goes because a sibling cannot come that day: the refusal that says so.

    A day on the waiting list fails too: its place would come alone, later, and one child would go without the other.
    """
    par_date: dict[date, list[Ligne]] = defaultdict(list)
    for demande, jour, verdict in lignes:
        if demande.ensemble is not None and demande.nature == "reservation":
            par_date[jour.date].append((demande, jour, verdict))
    perdus: dict[int, Verdict] = {}
    for siennes in par_date.values():
        if len({demande.enfant_id for demande, _, _ in siennes}) > 1:
            perdus.update(_perdus_ce_jour(siennes))
    return perdus


def _perdus_ce_jour(lignes: Sequence[Ligne]) -> dict[int, Verdict]:
    manques = [(demande, jour, verdict) for demande, jour, verdict in lignes if not _est_sur(verdict)]
    if not manques:
        return {}
    fautif, jour_fautif, _ = manques[0]
    assert fautif.enfant is not None
    perdus = {}
    for demande, jour, verdict in lignes:
        if verdict.issue is Issue.REFUSER:
            continue  # its own reason is the better one
        if verdict.issue is Issue.LISTE_ATTENTE:
            perdus[jour.pk] = _refus("Ce jour est complet.")
        elif demande.enfant_id == fautif.enfant_id:
            perdus[jour.pk] = _refus(f"{jour_fautif.ouverture.unite.nom} n’est pas possible ce jour-là.")
        else:
            perdus[jour.pk] = _refus(f"La place {de(fautif.enfant.prenom)} n’est pas possible ce jour-là.")
    return perdus


def _est_sur(verdict: Verdict) -> bool:
    return verdict.issue in (Issue.ACCEPTER, Issue.INSTRUIRE)


def _refus(fait: str) -> Verdict:
    phrase = f"{fait} Vous avez demandé « ensemble sinon rien » : retirez ce jour, ou décochez ce choix dans le panier."
    return Verdict(Issue.REFUSER, CLAUSE, phrase, option=Option.AUTRE_CHOIX)


def marquer_l_envoi(demandes: Sequence[Demande], cle: uuid.UUID) -> None:
    """Once sent, the demandes that went together carry one key, that of their sending; one child alone goes with nobody."""
    liees = [demande for demande in demandes if demande.ensemble is not None]
    if not liees:
        return
    finale = cle if len({demande.enfant_id for demande in liees}) > 1 else None
    Demande.objects.filter(pk__in=[demande.pk for demande in liees]).update(ensemble=finale)


def autres(demande: Demande) -> list[Demande]:
    """The demandes of the brothers and sisters that go together with this one, whatever became of them. One query at most."""
    if demande.ensemble is None:
        return []
    soeurs = Demande.objects.filter(ensemble=demande.ensemble).exclude(enfant=demande.enfant_id)
    return list(soeurs.select_related("enfant", "activite").order_by("enfant__prenom", "pk"))


def avec_qui(jour: date) -> dict[int, list[str]]:
    """For each child (by key) booked on this day together with others: the first names of the brothers and sisters who
    are booked too. One query."""
    lies = JourDemande.objects.filter(
        date=jour,
        demande__ensemble__isnull=False,
        demande__nature="reservation",
        reservation__etat=Reservation.Etat.RESERVEE,
    ).order_by("demande__enfant__prenom", "pk")
    par_cle: dict[uuid.UUID | None, dict[int, str]] = defaultdict(dict)
    for cle, enfant, prenom in lies.values_list("demande__ensemble", "demande__enfant_id", "demande__enfant__prenom"):
        par_cle[cle][enfant] = prenom
    trouves: dict[int, list[str]] = {}
    for siens in par_cle.values():
        for enfant in siens if len(siens) > 1 else ():
            trouves[enfant] = [prenom for autre, prenom in siens.items() if autre != enfant]
    return trouves
