"""A season of a full centre, the clock going: nobody oversold, no free place while somebody waits longer than an offer lasts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from marelle.activites.models import Jauge
from marelle.comptes.models import Agent
from marelle.demandes import decision, depot, panier
from marelle.demandes.capacite import changer_les_places
from marelle.demandes.classement import recompter_les_listes
from marelle.demandes.fermeture import fermer, rouvrir
from marelle.demandes.listes import deplacer
from marelle.demandes.models import Demande, JourDemande, OffreDePlace
from marelle.demandes.passages import Etat
from marelle.demandes.reponses import accepter_offre, decliner_offre, finir_les_offres
from marelle.demandes.verification import verifier
from marelle.familles.models import Responsable
from marelle.reservations.models import Place, Reservation
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import PARIS, a_l_instant
from tests.demandes.monde import FAMILLE, SERVICE, adultes, attente
from tests.distribution import karim
from tests.reservations.terrain import Terrain, terrain

pytestmark = pytest.mark.django_db
DEBUT = datetime(2026, 9, 7, 9, tzinfo=PARIS)
TOURS, PAS = 260, timedelta(minutes=170)
REGLES = """
mode = "offre"
criteres = [{ si = "resident", points = 3, codes_postaux = ["45130"] }, { si = "premiere_place", points = 1 }]
[version.attente.offre]
heures = 12
heures_calmes = { debut = "21:00", fin = "08:00" }
sans_reponse = "%s"
"""
PLUS_LONG = timedelta(hours=36)  # twelve hours that count, with two nights at most, and the wait for the job


class Saison:
    """What families, the service and time do, in any order."""

    def __init__(self, sol: Terrain, agent: Agent, graine: int) -> None:
        self.sol, self.agent, self.hasard = sol, agent, random.Random(graine)
        self.faits: Counter[str] = Counter()

    def tour(self) -> None:
        gestes = (self.reserver, self.annuler, self.repondre, self.retirer, self.decider, self.capacite)
        rares = (self.deplacer, self.demenager, self.fermer)
        geste = self.hasard.choices((*gestes, *rares), weights=(26, 22, 16, 6, 14, 5, 4, 4, 1))[0]
        try:
            geste()
            self.faits[geste.__name__] += 1
        except ErreurMarelle as erreur:
            self.faits[f"{geste.__name__} : {type(erreur).__name__}"] += 1

    def reserver(self) -> None:
        rang = self.hasard.randrange(len(self.sol.familles))
        self._envoyer(rang, self.hasard.sample(range(len(self.sol.jours)), k=self.hasard.randint(1, 3)))

    def annuler(self) -> None:
        prises = list(Reservation.objects.filter(etat="reservee").order_by("pk").values_list("famille_id", "date"))
        if prises:
            famille, jour = self.hasard.choice(prises)
            rang = [une.pk for une in self.sol.familles].index(famille)
            self._envoyer(rang, [list(self.sol.jours).index(jour)])

    def _envoyer(self, rang: int, jours: list[int]) -> None:
        famille, unite = (
            self.sol.familles[rang],
            self.hasard.choice((self.sol.journee, self.sol.journee, self.sol.matin)),
        )
        for jour in jours:
            panier.basculer(famille, self.sol.enfants[rang], unite, self.sol.jours[jour])
        depot.deposer_panier(famille, depot.panier_de(famille).jeton, FAMILLE)

    def repondre(self) -> None:
        """One family in three accepts, one in six declines, the others never answer."""
        for offre in OffreDePlace.objects.filter(etat="en_cours").select_related("demande").order_by("pk")[:2]:
            sort = self.hasard.random()
            if sort < 0.5:
                (accepter_offre if sort < 0.33 else decliner_offre)(offre, FAMILLE)
                self.faits["acceptée" if sort < 0.33 else "laissée"] += 1

    def _une_demande(self, *etats: str) -> Demande | None:
        cles = list(Demande.objects.filter(etat__in=etats).order_by("pk"))
        return self.hasard.choice(cles) if cles else None

    def retirer(self) -> None:
        une = self._une_demande(Etat.DEPOSEE, Etat.LISTE_ATTENTE, Etat.PROPOSEE)
        if une:
            decision.retirer(une.pk, FAMILLE, une.famille_id)

    def decider(self) -> None:
        une = self._une_demande(Etat.DEPOSEE, Etat.DEPOSEE, Etat.PROPOSEE)
        if une is None:
            return
        if self.hasard.random() < 0.7:
            decision.accepter(une.pk, SERVICE)
        else:
            decision.refuser(une.pk, SERVICE, "Plus de place.")

    def capacite(self) -> None:
        jour = self.hasard.choice(self.sol.jours)
        jauges = Jauge.objects.filter(date=jour).order_by("pk").values_list("pk", flat=True)
        changer_les_places(dict.fromkeys(jauges, self.hasard.randint(2, 4)), self.agent)

    def deplacer(self) -> None:
        attendent = JourDemande.objects.filter(demande__etat=Etat.LISTE_ATTENTE).order_by("pk")
        if cles := list(attendent.values_list("pk", flat=True)):
            deplacer(self.hasard.choice(cles), self.hasard.randint(1, 4), "Situation particulière.", self.agent)

    def demenager(self) -> None:
        adulte = self.hasard.choice(list(Responsable.objects.order_by("pk")))
        adulte.code_postal = self.hasard.choice(("45130", "75001"))
        adulte.save()

    def fermer(self) -> None:
        """A day of snow, announced then called off: the day opens again, empty, and fills anew."""
        jour = self.hasard.choice(self.sol.jours)
        rouvrir(fermer(None, jour, jour, "Neige", SERVICE).fermeture, self.agent)


class Veille:
    """Looks after each tick: since when has a place been free, or held without an answer, while somebody waits for it?"""

    def __init__(self) -> None:
        self.depuis: dict[int, datetime] = {}

    def regarder(self, instant: datetime) -> None:
        for jauge in Jauge.objects.order_by("pk"):
            assert jauge.prises + jauge.retenues <= jauge.places, f"oversold: {jauge}"
        libres = set(_attendent_une_place_libre())
        self.depuis = {cle: self.depuis.get(cle, instant) for cle in libres}
        assert all(instant - quand == timedelta(0) for quand in self.depuis.values()), "a free place stayed free"
        en_cours = OffreDePlace.objects.filter(etat="en_cours")
        for fin, debut, faite in en_cours.values_list("fin_le", "debut_le", "faite_le"):
            assert instant < fin, "an offer is over and still runs"
            assert fin - faite <= PLUS_LONG, "an offer lasts too long"
            assert 8 <= debut.astimezone(PARIS).hour < 21, "sent in the quiet hours"


def _attendent_une_place_libre() -> list[int]:
    libres = {jauge.pk for jauge in Jauge.objects.order_by("pk") if jauge.restantes > 0}
    par_reference: dict[int, list[int]] = {}
    for reference, jauge in Place.objects.filter(etat="attente").order_by("pk").values_list("reference", "jauge_id"):
        par_reference.setdefault(reference, []).append(jauge)
    return [reference for reference, jauges in par_reference.items() if set(jauges) <= libres]


@pytest.mark.parametrize(("graine", "sans_reponse"), [(1, "garde"), pytest.param(2, "perd", marks=pytest.mark.dates)])
def test_une_saison(graine: int, sans_reponse: str, horloge: Callable[[str], object]) -> None:
    horloge("2026-09-07 09:00")
    sol = terrain(places=2, familles=14, jours=4)
    attente(REGLES % sans_reponse)
    adultes(sol)
    saison, veille, instant = Saison(sol, karim(), graine), Veille(), DEBUT
    for tour in range(TOURS):
        with a_l_instant(instant):
            finir_les_offres()  # the job runs every twenty seconds
            saison.fermer() if tour == TOURS // 2 else saison.tour()
            if tour % 8 == 0:
                recompter_les_listes()
            veille.regarder(instant)
            if tour % 40 == 0:
                assert verifier() == []
        instant += PAS
    with a_l_instant(instant):
        finir_les_offres()
        assert verifier() == []
    faites = Counter(OffreDePlace.objects.values_list("etat", flat=True))
    assert all(faites[etat] for etat in ("acceptee", "refusee", "expiree")), faites
    assert Demande.objects.filter(passages__verbe="abandonner").exists()
