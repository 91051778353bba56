"""Filling days at once: repeat a service, copy weeks, copy to a brother or sister. All goes in the cart, nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from marelle.activites.models import Unite
from marelle.familles.models import Enfant, Famille
from marelle.socle.erreurs import Refus

from .panier import JOURS_AU_PLUS, ajouter_dates
from .repetition import SEMAINE, Parite, derouler, lundi, repeter
from .semaine import SemaineEnfant, lire


@dataclass
class Bilan:
    """What became of the days asked: how many went in the cart, and each one refused, whose, when and why."""

    ajoutes: int = 0
    refuses: list[tuple[Enfant, date, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Souhait:
    """Days wanted for a child in an unité."""

    enfant: Enfant
    unite: Unite
    jours: Sequence[date]


def repeter_un_service(
    famille: Famille,
    enfants: Iterable[Enfant],
    unite: Unite,
    debut: date,
    fin: date,
    jours: Sequence[int],
    parite: Parite,
) -> Bilan:
    """Every one of these weekdays (0: Monday), in all, even or odd weeks. Raises `Refus` on dates in disorder or too far."""
    _verifier(debut, fin)
    dates = repeter(debut, fin, jours, parite)
    return _remplir(famille, [Souhait(enfant, unite, dates) for enfant in enfants])


def copier_les_semaines(
    famille: Famille, enfants: Sequence[Enfant], debut: date, longueur: int, fin: date, maintenant: datetime
) -> Bilan:
    """What the `longueur` weeks from `debut` hold for these children, again and again after them until `fin` included."""
    debut = lundi(debut)
    _verifier(debut, fin)
    modele = lire(famille, enfants, debut, _dernier(debut, longueur), maintenant)
    souhaits = [
        Souhait(une.enfant, service.unite, list(derouler(service.dates_demandees, longueur, fin)))
        for une in modele
        for service in une.services
        if service.dates_demandees
    ]
    if not souhaits:
        raise Refus("Rien à copier : cette semaine, ces enfants n’ont aucune journée réservée ou au panier.")
    return _remplir(famille, souhaits)


def copier_vers(
    famille: Famille, de: Enfant, vers: Sequence[Enfant], debut: date, longueur: int, maintenant: datetime
) -> Bilan:
    """The week of one child for its brothers and sisters; a service that does not receive one of them is said."""
    debut = lundi(debut)
    semaines = lire(famille, [de, *vers], debut, _dernier(debut, longueur), maintenant)
    modele, autres = semaines[0], semaines[1:]
    if not any(service.dates_demandees for service in modele.services):
        raise Refus("Rien à copier : cet enfant n’a aucune journée réservée ou au panier cette semaine.")
    bilan = Bilan()
    souhaits = [souhait for autre in autres for souhait in _souhaits_du_frere(modele, autre, bilan)]
    return _remplir(famille, souhaits, bilan)


def _souhaits_du_frere(modele: SemaineEnfant, autre: SemaineEnfant, bilan: Bilan) -> list[Souhait]:
    siens = {service.unite.pk: service for service in autre.services}
    souhaits = []
    for service in modele.services:
        ouverts = siens[service.unite.pk].cases if service.unite.pk in siens else {}
        souhaits.append(Souhait(autre.enfant, service.unite, [j for j in service.dates_demandees if j in ouverts]))
        phrase = f"{service.unite.activite.nom} ne reçoit pas les enfants de cet âge."
        bilan.refuses += [(autre.enfant, jour, phrase) for jour in service.dates_demandees if jour not in ouverts]
    return souhaits


def _remplir(famille: Famille, souhaits: Iterable[Souhait], bilan: Bilan | None = None) -> Bilan:
    bilan = bilan or Bilan()
    for souhait in souhaits:
        if souhait.jours:
            ajout = ajouter_dates(famille, souhait.enfant, souhait.unite, souhait.jours)
            bilan.ajoutes += len(ajout.ajoutes)
            bilan.refuses += [(souhait.enfant, jour, phrase) for jour, phrase in ajout.refuses]
    return bilan


def _verifier(debut: date, fin: date) -> None:
    if fin < debut:
        raise Refus("La date de fin vient avant la date de début : choisissez une date plus tard.")
    if (fin - debut).days > JOURS_AU_PLUS:
        raise Refus("La période est trop longue : choisissez une année au plus.")


def _dernier(debut: date, longueur: int) -> date:
    return debut + longueur * SEMAINE - timedelta(days=1)
