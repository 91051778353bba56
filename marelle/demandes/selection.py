"""What a family reads of its demandes: waiting, decided lately, history; its bookings of a month; what waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, Prefetch, Q, QuerySet

from marelle.familles.models import Enfant, Famille
from marelle.reservations.models import Reservation
from marelle.reservations.selection import ABSENTE, ETAT_DIT, MOTIF_DIT
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.transport.selection import dire_les_arrets

from .absences import dire_le_motif
from .models import Demande, JourDemande
from .natures import NATURES
from .passages import DECIDEES, EN_COURS, Etat
from .rangs import Rang, rangs

RECENT = timedelta(days=31)
URGENCES = {Etat.PROPOSEE: 0, Etat.A_CORRIGER: 1}  # what waits for the family: a place is held some hours only
VUES = ("attente", "traitees", "historique")
SUJETS = ("tout", "compte", "enfants")
PAR_PAGE = 50


def demandes_vues(famille: Famille, vue: str = "attente", sujet: str = "tout") -> QuerySet[Demande]:
    """Demandes of a household: `vue` is one of VUES, `sujet` filters the adults' (compte) or the children's."""
    demandes = Demande.objects.filter(famille=famille)
    if vue == "attente":
        demandes = demandes.filter(etat__in=EN_COURS).order_by("-depose_le", "-pk")
    elif vue == "traitees":
        limite = maintenant() - RECENT
        demandes = demandes.filter(etat__in=DECIDEES, decide_le__gte=limite).order_by("-decide_le", "-pk")
    else:
        demandes = demandes.filter(etat__in=[*DECIDEES, Etat.RETIREE], depose_le__isnull=False).order_by(
            "-decide_le", "-pk"
        )
    if sujet == "compte":
        demandes = demandes.filter(enfant__isnull=True)
    elif sujet == "enfants":
        demandes = demandes.filter(enfant__isnull=False)
    return demandes.select_related("enfant", "responsable", "activite", "envoi").prefetch_related(
        Prefetch("jours", JourDemande.objects.select_related("ouverture__unite", "trajet").order_by("date", "pk"))
    )


def compter(famille: Famille) -> dict[str, int]:
    """How many demandes wait, and how many have been decided lately."""
    etats = Demande.objects.filter(famille=famille, etat__in=[*EN_COURS, *DECIDEES]).values_list("etat", "decide_le")
    limite = maintenant() - RECENT
    compte = {"attente": 0, "traitees": 0}
    for etat, decide_le in etats:
        if etat in EN_COURS:
            compte["attente"] += 1
        elif decide_le and decide_le >= limite:
            compte["traitees"] += 1
    return compte


def demande_de(famille: Famille, demande_id: int) -> Demande | None:
    """A demande of this household that has been sent."""
    return (
        Demande.objects.filter(famille=famille, pk=demande_id, depose_le__isnull=False)
        .select_related("enfant", "responsable", "activite__centre", "envoi", "famille")
        .prefetch_related(
            "passages",
            Prefetch("jours", JourDemande.objects.select_related("ouverture__unite", "reservation", "trajet")),
        )
        .first()
    )


def rangs_de(demandes: Sequence[Demande]) -> dict[int, Rang]:
    """For demandes on the waiting list, the rank of their fullest day."""
    jours = {jour.pk: une.pk for une in demandes if une.etat == Etat.LISTE_ATTENTE for jour in une.jours.all()}
    if not jours:
        return {}
    trouves: dict[int, Rang] = {}
    for jour, rang in rangs(list(jours)).items():
        deja = trouves.get(jours[jour])
        if deja is None or (rang.rang, rang.sur) > (deja.rang, deja.sur):
            trouves[jours[jour]] = rang
    return trouves


@dataclass(frozen=True, slots=True)
class JourDeFamille:
    """A day of a child as *mon calendrier* and the home show it."""

    enfant_id: int
    date: date
    etat: str
    activite: str
    activite_id: int
    unite: str
    detail: str = ""
    demande_id: int | None = None
    reservation_id: int | None = None
    bus: str = ""


EN_ATTENTE = {"absence": "absence déclarée, en attente", "annulation": "annulation demandée, en attente"}
ETATS_DES_RESERVATIONS = {
    Reservation.Etat.RESERVEE.value: "reserve",
    Reservation.Etat.ANNULEE_CENTRE.value: "annule",
    ABSENTE: "absence",
}
ETATS_DES_DEMANDES = {
    Etat.DEPOSEE: "attente",
    Etat.A_CORRIGER: "attente",
    Etat.LISTE_ATTENTE: "liste",
    Etat.PROPOSEE: "attente",
    Etat.REFUSEE: "refuse",
}


def jours_de_famille(famille: Famille, enfants: Sequence[Enfant], debut: date, fin: date) -> list[JourDeFamille]:
    """Bookings, and demandes that stand for them, of these children between two dates, both included. Two queries."""
    cles = [enfant.pk for enfant in enfants]
    demandees = _demandees(famille, cles, debut, fin)
    absents = {(j.enfant_id, j.date, j.activite_id, j.unite) for j in demandees if j.detail in EN_ATTENTE.values()}
    reservees = _reservees(famille, cles, debut, fin)
    jours = [j for j in reservees if (j.enfant_id, j.date, j.activite_id, j.unite) not in absents] + demandees
    tenus = {(j.enfant_id, j.date, j.activite_id) for j in jours if j.etat not in ("refuse", "annule")}
    gardes = [
        j for j in jours if j.etat not in ("refuse", "annule") or (j.enfant_id, j.date, j.activite_id) not in tenus
    ]
    return sorted(gardes, key=lambda j: (j.date, j.enfant_id, j.activite_id))


def prochain_jour(famille: Famille, enfant: Enfant) -> date | None:
    """The next day on which the child comes."""
    a_venir = Reservation.objects.filter(
        famille=famille, enfant=enfant, date__gte=aujourdhui(), etat=Reservation.Etat.RESERVEE
    )
    premier: date | None = a_venir.aggregate(premier=Min("date"))["premier"]
    return premier


def _reservees(famille: Famille, enfants: list[int], debut: date, fin: date) -> list[JourDeFamille]:
    lignes = Reservation.objects.filter(
        famille=famille, enfant_id__in=enfants, date__range=(debut, fin), etat__in=list(ETATS_DES_RESERVATIONS)
    ).values_list(
        *(
            "enfant_id",
            "date",
            ETAT_DIT,
            "est_directe",
            "activite__nom",
            "activite_id",
            "ouverture__unite__nom",
            MOTIF_DIT,
        ),
        *("pk", "trajet__arret_aller_id", "trajet__arret_retour_id"),
    )
    return [
        JourDeFamille(
            enfant,
            jour,
            "direct" if directe and etat == Reservation.Etat.RESERVEE else ETATS_DES_RESERVATIONS[etat],
            activite,
            cle,
            unite,
            dire_le_motif(motif) if etat == ABSENTE else motif,
            reservation_id=reservation if etat == Reservation.Etat.RESERVEE else None,
            bus=dire_les_arrets(*arrets),
        )
        for enfant, jour, etat, directe, activite, cle, unite, motif, reservation, *arrets in lignes.order_by(
            "date", "pk"
        )
    ]


def _demandees(famille: Famille, enfants: list[int], debut: date, fin: date) -> list[JourDeFamille]:
    lignes = (
        JourDemande.objects.filter(
            demande__famille=famille,
            demande__enfant_id__in=enfants,
            demande__nature__in=("reservation", *EN_ATTENTE),
            demande__etat__in=list(ETATS_DES_DEMANDES),
            date__range=(debut, fin),
        )
        .exclude(demande__nature__in=list(EN_ATTENTE), demande__etat=Etat.REFUSEE)  # the booking stands, and says so
        .order_by("date", "pk")
        .values_list(
            *("demande__enfant_id", "date", "demande__etat", "demande__activite__nom", "demande__activite_id"),
            *("ouverture__unite__nom", "demande_id", "demande__nature"),
            *("trajet__arret_aller_id", "trajet__arret_retour_id"),
        )
    )
    return [
        JourDeFamille(
            enfant,
            jour,
            ETATS_DES_DEMANDES[Etat(etat)],
            activite,
            cle,
            unite,
            EN_ATTENTE.get(nature, ""),
            demande,
            bus=dire_les_arrets(*arrets),
        )
        for enfant, jour, etat, activite, cle, unite, demande, nature, *arrets in lignes
    ]


def a_lire(famille: Famille) -> list[Demande]:
    """What the home tells first: places offered, what the service sent back, the refusals of the last fortnight. Two queries."""
    limite = maintenant() - timedelta(days=14)
    a_lire = Q(etat__in=list(URGENCES)) | Q(etat=Etat.REFUSEE, decide_le__gte=limite)
    demandes = (
        Demande.objects.filter(a_lire, famille=famille)
        .select_related("enfant", "activite", "responsable")
        .prefetch_related(
            Prefetch("jours", JourDemande.objects.select_related("ouverture__unite", "trajet").order_by("date"))
        )
        .order_by("etat", "-pk")  # refusals come last, in the alphabet too
    )
    return sorted(demandes[:8], key=lambda une: URGENCES.get(Etat(une.etat), 2))


def resumer(demande: Demande) -> str:
    return NATURES[demande.nature].resumer(demande)
