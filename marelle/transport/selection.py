"""Where does the bus stop, for whom, at what hour; which choice of stops is one; and how a ride is said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from marelle.activites.models import Unite
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.francais import heure, typo
from marelle.socle.memoire import retenir

from .models import Arret, Course, LigneDeBus, Sens, Trajet

SANS_BUS = "Ne prend pas le bus"
AUCUN = "non"  # the value of that line of the list
ARRET_INCONNU = "Le bus ne s’arrête pas là pour cet accueil : choisissez un arrêt de la liste."


@dataclass(frozen=True, slots=True)
class Desserte:
    """A stop in one direction, at its hour."""

    cle: int
    ligne_id: int
    sens: Sens
    nom: str
    heure: time

    def __str__(self) -> str:
        return f"{self.nom} – {heure(self.heure)}"


@dataclass(frozen=True, slots=True)
class ChoixBus:
    """The stops that a family chose for some days; none in either direction: the child does not take the bus."""

    depart: Desserte | None = None
    retour: Desserte | None = None

    @property
    def dessertes(self) -> list[Desserte]:
        return [une for une in (self.depart, self.retour) if une is not None]

    @property
    def cles(self) -> tuple[str, str]:
        """The two stops, as the lists write them."""
        return (str(self.depart.cle) if self.depart else "", str(self.retour.cle) if self.retour else "")


PAS_DE_BUS = ChoixBus()


def lignes() -> list[LigneDeBus]:
    """Every line with its stops and the activities it serves, read again every few seconds."""

    def lire() -> list[LigneDeBus]:
        return list(LigneDeBus.objects.prefetch_related("activites", "arrets").order_by("ordre", "nom", "pk"))

    return retenir("lignes-de-bus", lire)


def est_desservie(activite_id: int | None) -> bool:
    """Whether a bus goes to that activity."""
    return any(une.pk == activite_id for ligne in lignes() for une in ligne.activites.all())


def dessertes(unite: Unite, sens: Sens) -> list[Desserte]:
    """The stops of a direction for who books this unité: line by line, in the order in which the bus meets them."""
    trouvees: list[Desserte] = []
    for ligne in lignes():
        parties = ligne.parties_aller if sens is Sens.ALLER else ligne.parties_retour
        desservies = {une.pk for une in ligne.activites.all()}
        if unite.activite_id in desservies and (not parties or set(parties) & set(unite.parties)):
            trouvees += dessertes_de(ligne, sens)
    return trouvees


def dessertes_de(ligne: LigneDeBus, sens: Sens) -> list[Desserte]:
    """The stops of a line in one direction, by hour."""
    toutes = [(un, un.heure_aller if sens is Sens.ALLER else un.heure_retour) for un in ligne.arrets.all()]
    trouvees = [Desserte(un.pk, ligne.pk, sens, un.nom, quand) for un, quand in toutes if quand is not None]
    return sorted(trouvees, key=lambda une: une.heure)


def lire_choix(unite: Unite, depart: str, retour: str) -> ChoixBus:
    """The stops chosen in two lists (empty: no bus). Raises `ErreurMarelle` for a stop that does not serve this unité."""
    return ChoixBus(_lire(unite, Sens.ALLER, depart), _lire(unite, Sens.RETOUR, retour))


def _lire(unite: Unite, sens: Sens, choisi: str) -> Desserte | None:
    if choisi in ("", AUCUN):
        return None
    trouvee = next((une for une in dessertes(unite, sens) if str(une.cle) == choisi), None)
    if trouvee is None:
        raise ErreurMarelle(ARRET_INCONNU)
    return trouvee


def choix_du(trajet: Trajet | None) -> tuple[str, str]:
    """The same two values, from a ride that exists."""
    return (str(trajet.arret_aller_id or ""), str(trajet.arret_retour_id or "")) if trajet else ("", "")


def courses(choix: ChoixBus, dates: Collection[date]) -> dict[tuple[date, Sens], Course]:
    """The runs of these days that the choice needs, with their seats as they stand. One query, none without a bus."""
    if not choix.dessertes:
        return {}
    trouvees = Course.objects.filter(ligne__in={une.ligne_id for une in choix.dessertes}, date__in=dates)
    voulues = {(une.ligne_id, une.sens) for une in choix.dessertes}
    return {
        (une.date, Sens(une.sens)): une
        for une in trouvees.select_related("jauge").order_by("pk")
        if (une.ligne_id, une.sens) in voulues
    }


def dire_le_bus(trajet: Trajet | None) -> str:
    """« Bus : départ Beine, mairie (7 h 40), retour Beine, mairie (17 h 55) »; nothing without a bus."""
    return dire_les_arrets(trajet.arret_aller_id, trajet.arret_retour_id) if trajet else ""


def dire_les_arrets(aller: int | None, retour: int | None) -> str:
    """The same from the keys of the stops."""
    if not aller and not retour:
        return ""
    arrets = _arrets()
    bouts = []
    if aller in arrets:
        bouts.append(_dire("départ", arrets[aller].nom, arrets[aller].heure_aller))
    if retour in arrets:
        bouts.append(_dire("retour", arrets[retour].nom, arrets[retour].heure_retour))
    return typo(f"Bus : {', '.join(bouts)}")


def _dire(sens: str, nom: str, quand: time | None) -> str:
    return f"{sens} {nom} ({heure(quand)})" if quand else f"{sens} {nom}"


def _arrets() -> dict[int | None, Arret]:
    return {un.pk: un for ligne in lignes() for un in ligne.arrets.all()}
