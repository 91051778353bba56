"""The short sentences of the tests of demandes: ask, send, decide, look at the places."""

from __future__ import annotations

import re
import uuid
from collections import Counter

from marelle.activites.models import Jauge, Unite
from marelle.collectivite.models import TexteReglement
from marelle.courriels.models import Courriel
from marelle.demandes import depot, panier
from marelle.demandes.depot import Depot
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.familles.models import Responsable
from marelle.socle.memoire import oublier
from tests.reservations.terrain import REGLEMENT, Terrain

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


OFFRES = 'mode = "offre"\noffre = { heures = 24, heures_calmes = { debut = "21:00", fin = "08:00" } }'


def attente(texte: str = OFFRES, decision: str = "agent") -> None:
    """Load, over the ground of a race, a règlement whose waiting list is as this text says."""
    regles = REGLEMENT.format(liste="true", annuler="automatique").replace('"agent"', f'"{decision}"')
    regles = regles.replace("[version.reserver]", f"[version.attente]\n{texte}\n[version.reserver]")
    TexteReglement.objects.create(texte=regles, source="courses", empreinte=uuid.uuid4().hex)
    oublier()


def adultes(sol: Terrain, **champs: str) -> None:
    """One adult with an address in each household."""
    for rang, famille in enumerate(sol.familles):
        Responsable.objects.create(
            famille=famille, nom="Nom", prenom=f"Adulte {rang}", courriel=f"famille{rang}@x.exemple", **champs
        )


def liens(gabarit: str = "offre") -> list[tuple[str, str]]:
    """The addressee and the link's secret of each offer written, in order."""
    lignes = Courriel.objects.filter(gabarit=gabarit).order_by("pk").values_list("destinataire", "texte")
    return [(a, re.search(r"/place/([^/\s]+)/", texte)[1]) for a, texte in lignes]  # type: ignore[index]
