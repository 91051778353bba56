"""Events that the service puts on days of an activity, or takes away: an outing that the tariffs price.

Whoever had asked before keeps the price that it was told; a cart that holds one of these days must be read again before it is
sent. Nothing is counted here: an outing with fewer places is a day with a smaller capacity (`capacite`)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from marelle.activites.evenements import Ecrits, avec, codes_prevus, sans
from marelle.activites.models import Activite, Centre, Ouverture
from marelle.comptes.models import Agent
from marelle.courriels.service import ecrire
from marelle.familles.selection import adresses_de
from marelle.journal.service import noter
from marelle.regles.phrases import dire_date, enumerer
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.tarification.evenements import est_tarife, noms_des_evenements

from .models import Panier
from .passages import Etat

RIEN_A_METTRE = (
    "Rien n’a changé : ces jours ont déjà cette sortie, sont passés ou fermés, ou n’ont pas son prix dans les tarifs."
)
RIEN_A_RETIRER = "Rien n’a changé : aucun de ces jours n’a cette sortie."
Changer = Callable[[Ecrits, str, datetime], list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Choix:
    """Days of an activity, its unités (by key) and its age groups (by key, None: all ages)."""

    jours: Sequence[date]
    unites: Collection[int]
    groupes: Collection[int | None]


@dataclass(frozen=True, slots=True)
class Bilan:
    """What has changed: days, ouvertures, households that had booked them already, carts to read again."""

    jours: set[date]
    ouvertures: int
    familles: set[int]
    paniers: int


@dataclass(frozen=True, slots=True)
class JourPrevu:
    """A day that may have events: those it has, in words, and how many households have booked it."""

    date: date
    evenements: tuple[str, ...]
    familles: int


def cle_de_sortie(unite_id: int, jour: date, code: str) -> str:
    """« 12-2026-12-09-piscine »: an outing of a square, as a page that sends at once gives back what it showed."""
    return f"{unite_id}-{jour.isoformat()}-{code}"


def refuser_les_non_vues(ouvertures: Sequence[Ouverture], vues: Collection[str] | None) -> None:
    """A page left open does not ask for an outing that it never showed. `vues` None: nobody was shown a page."""
    if vues is None:
        return
    for une in ouvertures:
        if any(cle_de_sortie(une.unite_id, une.date, code) not in vues for code in codes_prevus(une.evenements)):
            jour = dire_date(une.date, aujourdhui().year)
            raise Refus(f"Une sortie vient d’être prévue le {jour} : relisez le prix, puis validez.")


def mettre(activite: Activite, choix: Choix, codes: Sequence[str], agent: Agent, *, prevenir: bool) -> Bilan:
    """Put these events on these days from now on. `prevenir`: write to the households that have booked them.

    Raises `Refus` when nothing of it is open to come and priced, or when all of it is there already."""
    return _changer(activite, choix, codes, agent, avec, prevenir=prevenir)


def retirer(activite: Activite, choix: Choix, codes: Sequence[str], agent: Agent, *, prevenir: bool) -> Bilan:
    """Take these events away: nobody owes them any more. The same refusals."""
    return _changer(activite, choix, codes, agent, sans, prevenir=prevenir)


def jours_a_prevoir(activite: Activite, premier: date, dernier: date) -> list[JourPrevu]:
    """The open days to come of a stretch, with their events and who has booked them. Two queries."""
    debut = max(premier, aujourdhui())
    ouvertures = Ouverture.objects.filter(activite=activite, date__range=(debut, dernier), fermeture="")
    lues = ouvertures.select_related("unite", "groupe").order_by("date", "unite__ordre", "groupe__age_min", "pk")
    par_jour: dict[date, list[Ouverture]] = {}
    for une in lues:
        par_jour.setdefault(une.date, []).append(une)
    reservees = Reservation.objects.filter(
        activite=activite, date__range=(debut, dernier), etat=Reservation.Etat.RESERVEE
    )
    familles = dict(reservees.order_by().values_list("date").annotate(n=Count("famille", distinct=True)))
    return [
        JourPrevu(jour, tuple(_dire_les_evenements(activite, jour, siennes)), familles.get(jour, 0))
        for jour, siennes in par_jour.items()
    ]


def sorties_du_centre(centre: Centre, jour: date) -> list[str]:
    """« Chaveignes mercredis : Sortie à la piscine », for each open activity of the centre that goes out. One query."""
    ouvertures = Ouverture.objects.filter(activite__centre=centre, date=jour, fermeture="")
    lues = ouvertures.select_related("activite", "unite", "groupe").order_by(
        "activite__ordre", "activite", "unite__ordre", "pk"
    )
    par_activite: dict[Activite, list[Ouverture]] = {}
    for une in lues:
        par_activite.setdefault(une.activite, []).append(une)
    return [
        f"{activite.nom} : {nom}"
        for activite, siennes in par_activite.items()
        for nom in _dire_les_evenements(activite, jour, siennes)
    ]


def _dire_les_evenements(activite: Activite, jour: date, ouvertures: Sequence[Ouverture]) -> Iterable[str]:
    """« Sortie à la piscine », with what it is for when it is not for all: « (journée avec repas, 6-11 ans) »."""
    par_code: dict[str, list[Ouverture]] = {}
    for une in ouvertures:
        for code in codes_prevus(une.evenements):
            par_code.setdefault(code, []).append(une)
    for code, siennes in par_code.items():
        noms = dict.fromkeys(
            nom for une in siennes for nom in noms_des_evenements([code], activite.code, une.unite.code, jour)
        )
        pour = dict.fromkeys(", ".join(filter(None, (une.unite.nom.lower(), _nom_du_groupe(une)))) for une in siennes)
        yield next(iter(noms), code) + ("" if len(siennes) == len(ouvertures) else f" ({' ; '.join(pour)})")


def _nom_du_groupe(une: Ouverture) -> str:
    return une.groupe.nom if une.groupe else ""


def _changer(
    activite: Activite, choix: Choix, codes: Sequence[str], agent: Agent, changer: Changer, *, prevenir: bool
) -> Bilan:
    with transaction_de_places():
        choisies = _choisies(activite, choix)
        paniers = _relire_les_paniers([une.pk for une in choisies])
        changees = _ecrire(activite, choisies, codes, changer)
        if not changees:
            raise Refus(RIEN_A_METTRE if changer is avec else RIEN_A_RETIRER)
        jours = {une.date for une in changees}
        for jour in sorted(jours):
            geste = "activite.evenement" if changer is avec else "activite.evenement_retire"
            noter(agent.compte, geste, activite, jour=jour, codes=", ".join(codes))
        familles = _prevenir(activite, changees, codes, changer, prevenir=prevenir)
    return Bilan(jours, len(changees), familles, paniers)


def _choisies(activite: Activite, choix: Choix) -> list[Ouverture]:
    ages = Q(groupe__in=[cle for cle in choix.groupes if cle is not None])
    if None in choix.groupes:
        ages |= Q(groupe__isnull=True)
    a_venir = Ouverture.objects.filter(ages, activite=activite, date__gte=aujourdhui(), fermeture="")
    return list(
        a_venir.filter(unite__in=choix.unites, date__in=choix.jours)
        .select_related("unite")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def _relire_les_paniers(ouvertures: Sequence[int]) -> int:
    """A cart that holds one of these days was shown with another price: its jeton changes, so that it is not sent unread."""
    concernes = Panier.objects.filter(
        famille__demandes__etat=Etat.PANIER, famille__demandes__jours__ouverture__in=ouvertures
    )
    paniers = list(
        Panier.objects.select_for_update(no_key=True).filter(pk__in=concernes.order_by().values("pk")).order_by("pk")
    )
    for un in paniers:
        un.jeton = uuid.uuid4()
    Panier.objects.bulk_update(paniers, ["jeton"], batch_size=500)
    return len(paniers)


def _ecrire(
    activite: Activite, choisies: Sequence[Ouverture], codes: Sequence[str], changer: Changer
) -> list[Ouverture]:
    """Those of these ouvertures that are not as they were. An event without a price on the day is not put there."""
    instant, changees = maintenant(), []
    for une in choisies:
        avant = une.evenements
        for code in codes:
            if changer is sans or est_tarife(code, activite.code, une.unite.code, une.date):
                une.evenements = changer(une.evenements, code, instant)
        if une.evenements != avant:
            changees.append(une)
    Ouverture.objects.bulk_update(changees, ["evenements"], batch_size=500)
    return changees


def _prevenir(
    activite: Activite, changees: Sequence[Ouverture], codes: Sequence[str], changer: Changer, *, prevenir: bool
) -> set[int]:
    """The households that have booked these days; one e-mail each, for all that changes."""
    noms = {
        (une.unite_id, une.date): noms_des_evenements(codes, activite.code, une.unite.code, une.date)
        for une in changees
    }
    reservees = Reservation.objects.filter(ouverture__in=changees, etat=Reservation.Etat.RESERVEE)
    lignes: dict[int, list[str]] = {}
    for une in reservees.select_related("enfant", "ouverture").order_by("famille_id", "date", "enfant__prenom", "pk"):
        quoi = enumerer(noms[une.ouverture.unite_id, une.date])
        lignes.setdefault(une.famille_id, []).append(
            f"{dire_date(une.date, aujourdhui().year)}, {une.enfant.prenom} : {quoi[:1].lower()}{quoi[1:]}"
        )
    adresses = adresses_de(lignes) if prevenir else {}
    lien = settings.BASE_URL + reverse("espace_famille:demandes")
    for famille, siennes in lignes.items() if prevenir else ():
        contexte = {"activite": activite.nom, "lignes": siennes, "est_prevu": changer is avec, "lien": lien}
        ecrire("evenement", adresses.get(famille, []), contexte, dossier=f"famille:{famille}")
    return set(lignes)
