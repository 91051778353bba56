"""The rank of those who wait, why it is theirs, and how many places came free lately: what the family and the desk read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from marelle.regles.phrases import accorder, enumerer
from marelle.reservations.models import Place
from marelle.socle.francais import accorde, compte
from marelle.socle.francais import instant as dire_instant
from marelle.socle.horloge import PARIS, maintenant

from .classement import attente_de
from .models import Demande, JourDemande, RangAttente
from .passages import Etat, Verbe

RECEMMENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rang:
    """Where one stands in the line, on the fullest moment of the day."""

    rang: int
    sur: int

    @property
    def dit(self) -> str:
        """« 3e sur 7 »."""
        return f"{'1er' if self.rang == 1 else f'{self.rang}e'} sur {self.sur}"


def rangs(references: Sequence[int]) -> dict[int, Rang]:
    """The rank in the line of these jours de demande: 1 is the next to be served. One query; nobody else is read."""
    devant = (
        Place.objects.filter(
            Q(ordre__lt=OuterRef("ordre")) | Q(ordre=OuterRef("ordre"), reference__lt=OuterRef("reference")),
            jauge=OuterRef("jauge"),
            etat=Place.Etat.ATTENTE,
        )
        .order_by()
        .values("jauge")
        .annotate(combien=Count("pk"))
        .values("combien")
    )
    siennes = Place.objects.filter(reference__in=list(references), etat=Place.Etat.ATTENTE)
    lues = siennes.annotate(devant=Coalesce(Subquery(devant), 0), sur=F("jauge__attente"))
    trouves: dict[int, Rang] = {}
    for reference, combien, sur in lues.values_list("reference", "devant", "sur"):
        dernier = trouves.get(reference)
        if dernier is None or (combien + 1, sur) > (dernier.rang, dernier.sur):
            trouves[reference] = Rang(combien + 1, sur)
    return trouves


@dataclass(frozen=True, slots=True)
class JourAttendu:
    """A day that waits, as it is told: its rank and the sentences that say why."""

    jour: JourDemande
    rang: Rang | None
    raisons: tuple[str, ...]


def jours_attendus(demande: Demande, jours: Sequence[JourDemande]) -> list[JourAttendu]:
    """The days of a demande that waits, each with its rank and why. Two queries."""
    if demande.etat != Etat.LISTE_ATTENTE:
        return []
    trouves = rangs([jour.pk for jour in jours])
    comptes = {une.jour_id: une for une in RangAttente.objects.filter(jour__in=[jour.pk for jour in jours])}
    return [
        JourAttendu(jour, trouves.get(jour.pk), tuple(dire_pourquoi(demande, jour, comptes.get(jour.pk))))
        for jour in jours
    ]


def dire_pourquoi(demande: Demande, jour: JourDemande, rang: RangAttente | None) -> list[str]:
    """Why this day has its rank, one sentence each."""
    if demande.est_en_reserve:
        return ["Le service garde cette demande en réserve : il vous répondra lui-même."]
    if rang is not None and rang.place_forcee is not None:
        return [f"Rang modifié par le service : « {rang.motif} »"]
    phrases = []
    if attente_de(demande.activite, jour.date, demande.depose_le).criteres:
        phrases.append(_dire_les_points(rang))
    if rang is not None and demande.depose_le and rang.arrivee > int(demande.depose_le.timestamp() * 1_000_000):
        return [*phrases, "Une place proposée est restée sans réponse : la demande est passée à la fin de la liste."]
    if demande.depose_le is None:
        return phrases
    arrivee = dire_instant(demande.depose_le.astimezone(PARIS), maintenant().year)
    egalite = "À points égaux, l’ordre d’arrivée" if phrases else "L’ordre d’arrivée"
    return [*phrases, f"{egalite} : demande arrivée {arrivee}."]


def _dire_les_points(rang: RangAttente | None) -> str:
    if rang is None or not rang.criteres:
        return "0 point : aucun des critères du règlement n’est rempli."
    dits = [str(dit) for dit in rang.criteres]
    if len(dits) == 1:  # its points are the total
        dits = [dits[0].rpartition(" (")[0]]
    return f"{accorder(rang.points, 'point')} : {enumerer(dits)}."


def places_liberees(activite_id: int) -> list[date]:
    """The days whose places came, these last thirty days, to children who waited: one date per child. One query."""
    depuis = maintenant() - RECEMMENT
    servis = JourDemande.objects.filter(
        demande__activite=activite_id,
        demande__passages__verbe__in=[Verbe.REMETTRE_EN_FILE, Verbe.PROPOSER],
        demande__passages__quand__gte=depuis,
    )
    return [jour for _, jour in servis.order_by("date", "pk").values_list("pk", "date").distinct()]


def dire_les_places_liberees(liberees: Sequence[date], jours: Sequence[date]) -> str:
    """« Ces 30 derniers jours, 6 places de cette activité se sont libérées pour ceux qui attendaient, dont 2 ces jours-là. »"""
    if not liberees:
        return "Ces 30 derniers jours, aucune place ne s’est libérée dans cette activité pour ceux qui attendaient."
    nombre, siennes = len(liberees), sum(jour in set(jours) for jour in liberees)
    ou = "ce jour-là" if len(set(jours)) == 1 else "ces jours-là"
    dont = f", dont {siennes} {ou}" if siennes else f", aucune {ou}"
    verbe = accorde(nombre, "s’est libérée,se sont libérées")
    return (
        f"Ces 30 derniers jours, {compte(nombre, 'place')} de cette activité {verbe} pour ceux qui attendaient{dont}."
    )
