"""The short sentences of the tests of demandes: ask, send, decide, look at the places."""

from __future__ import annotations

from collections import Counter

from marelle.activites.models import Jauge, Unite
from marelle.demandes import depot, panier
from marelle.demandes.depot import Depot
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from tests.reservations.terrain import Terrain

FAMILLE = Auteur(Acteur.FAMILLE, None, "Famille")
SERVICE = Auteur(Acteur.AGENT, None, "Karim Benali")


def choisir(sol: Terrain, rang: int, *jours: int, unite: Unite | None = None) -> None:
    """These days pressed in the calendar of household `rang`."""
    for jour in jours:
        panier.basculer(sol.familles[rang], sol.enfants[rang], unite or sol.journee, sol.jours[jour])


def envoyer(sol: Terrain, rang: int, *jours: int, unite: Unite | None = None) -> Depot:
    choisir(sol, rang, *jours, unite=unite)
    return depot.deposer_panier(sol.familles[rang], depot.panier_de(sol.familles[rang]).jeton, FAMILLE)


def demander(sol: Terrain, rang: int, *jours: int, unite: Unite | None = None) -> Demande:
    """The same, when it makes one demande."""
    envoi = envoyer(sol, rang, *jours, unite=unite).envoi
    assert envoi is not None
    return envoi.demandes.get()


def etats(sol: Terrain, rang: int) -> Counter[str]:
    """How many days of the household are in each state."""
    lignes = JourDemande.objects.filter(demande__famille=sol.familles[rang])
    return Counter(lignes.values_list("demande__etat", flat=True))


def compteurs(sol: Terrain, jour: int = 0, partie: str = "matin") -> tuple[int, int, int]:
    """Taken, held, waiting."""
    jauge = Jauge.objects.get(date=sol.jours[jour], partie=partie)
    return jauge.prises, jauge.retenues, jauge.attente
