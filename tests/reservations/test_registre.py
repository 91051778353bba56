"""Places against a slow, obvious model: whatever is asked in whatever order, both say the same, and the rows are counted."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marelle.activites.models import Activite, Centre, Jauge, Temps, Unite
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.familles.models import Enfant, Famille
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Place, Reservation
from marelle.reservations.places import Besoin, ouvrir
from marelle.socle.horloge import aujourdhui

PARTIES = ("matin", "repas", "apres_midi")
DEMANDEURS, PLACES = 6, 2
GESTES = st.lists(
    st.tuples(
        st.sampled_from(["demander", "demander", "prendre", "liberer", "rendre", "agrandir"]),
        st.integers(0, DEMANDEURS - 1),
        st.sampled_from([PARTIES, PARTIES[:2], PARTIES[2:]]),
    ),
    max_size=25,
)


class Modele:
    """One day as somebody would keep it on paper: who has what, who waits, in what order."""

    def __init__(self) -> None:
        self.places = dict.fromkeys(PARTIES, PLACES)
        self.a: dict[int, tuple[str, tuple[str, ...]]] = {}  # child: (state, parts)
        self.file: list[int] = []

    def libres(self, partie: str) -> int:
        tenues = sum(partie in parts for etat, parts in self.a.values() if etat in ("retenue", "prise"))
        return self.places[partie] - tenues

    def demander(self, qui: int, parties: tuple[str, ...]) -> None:
        if qui in self.a:
            return
        if all(self.libres(une) > 0 for une in parties):
            self.a[qui] = ("retenue", parties)
        else:
            self.a[qui] = ("attente", parties)
            self.file.append(qui)

    def prendre(self, qui: int) -> None:
        if self.a.get(qui, ("", ()))[0] == "retenue":
            self.a[qui] = ("prise", self.a[qui][1])

    def liberer(self, qui: int, etats: tuple[str, ...]) -> None:
        if self.a.get(qui, ("", ()))[0] in etats:
            del self.a[qui]
            self.file = [un for un in self.file if un != qui]
            self.servir()

    def agrandir(self, partie: str) -> None:
        self.places[partie] += 1
        self.servir()

    def servir(self) -> None:
        for qui in list(self.file):
            if all(self.libres(une) > 0 for une in self.a[qui][1]):
                self.a[qui] = ("retenue", self.a[qui][1])
                self.file.remove(qui)


class Guichet:
    """The same through the registre, each gesture in its transaction."""

    def __init__(self) -> None:
        centre = Centre.objects.create(code="centre", nom="Centre")
        activite = Activite.objects.create(code="jeu", nom="Jeu", centre=centre, temps=Temps.VACANCES)
        Unite.objects.create(
            activite=activite, code="jour", nom="Jour", parties=list(PARTIES), heure_debut=time(8), heure_fin=time(18)
        )
        jour = aujourdhui() + timedelta(days=30)
        ouvrir_les_jours(activite, [jour], {None: PLACES})
        self.ouverture = activite.ouvertures.get()
        self.cles = {jauge.partie: jauge.pk for jauge in Jauge.objects.order_by("pk")}
        self.famille = Famille.objects.create(numero="F", nom="F")
        self.enfants = [Enfant.objects.create(nom="E", prenom=str(n), date_naissance=jour) for n in range(DEMANDEURS)]
        self.besoins: dict[int, Besoin] = {}
        self.rang = 0

    def faire(self, geste: str, qui: int, parties: tuple[str, ...]) -> None:
        with transaction_de_places():
            registre = ouvrir(self.cles.values(), [self.enfants[qui].pk])
            besoin = self.besoins.get(qui)
            if geste == "demander" and besoin is None:
                self.rang += 1
                besoin = Besoin(self.rang, self.enfants[qui].pk, tuple(self.cles[une] for une in parties), self.rang)
                self.besoins[qui] = besoin
                if not registre.retenir(besoin):
                    registre.attendre(besoin)
            elif geste == "prendre" and besoin and registre.detient(besoin):
                assert registre.prendre(besoin, self._reserver(qui).pk)
            elif geste == "liberer" and besoin and not self._reservation(qui):
                registre.liberer(besoin)
                del self.besoins[qui]
            elif geste == "rendre" and besoin and (reservation := self._reservation(qui)):
                reservation.etat = Reservation.Etat.ANNULEE
                reservation.save()
                registre.rendre([reservation.pk])
                del self.besoins[qui]
            elif geste == "agrandir":
                cle = self.cles[parties[0]]
                registre.ouvrir_des_places(cle, registre.jauges[cle].places + 1)
            registre.servir()
            registre.ecrire()

    def _reservation(self, qui: int) -> Reservation | None:
        return Reservation.objects.filter(enfant=self.enfants[qui], etat="reservee").first()

    def _reserver(self, qui: int) -> Reservation:
        return Reservation.objects.create(
            enfant=self.enfants[qui],
            famille=self.famille,
            ouverture=self.ouverture,
            activite=self.ouverture.activite,
            date=self.ouverture.date,
        )

    def comparer(self, modele: Modele) -> None:
        noms = {cle: partie for partie, cle in self.cles.items()}
        rangs = {enfant.pk: rang for rang, enfant in enumerate(self.enfants)}
        vues: dict[int, set[tuple[str, str]]] = {}
        for ligne in Place.objects.order_by("pk"):
            vues.setdefault(rangs[ligne.enfant_id], set()).add((ligne.etat, noms[ligne.jauge_id]))
        assert vues == {qui: {(etat, une) for une in parts} for qui, (etat, parts) in modele.a.items()}
        for jauge in Jauge.objects.order_by("pk"):
            siennes = [etat for etat, parts in modele.a.values() if jauge.partie in parts]
            voulus = tuple(siennes.count(etat) for etat in ("prise", "retenue", "attente"))
            assert (jauge.prises, jauge.retenues, jauge.attente) == voulus
            assert jauge.places == modele.places[jauge.partie]


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(gestes=GESTES)
def test_le_registre_dit_ce_que_dirait_un_cahier(gestes: list[tuple[str, int, tuple[str, ...]]]) -> None:
    with transaction.atomic():
        guichet, modele = Guichet(), Modele()
        for geste, qui, parties in gestes:
            guichet.faire(geste, qui, parties)
            {
                "demander": lambda qui=qui, parties=parties: modele.demander(qui, parties),
                "prendre": lambda qui=qui: modele.prendre(qui),
                "liberer": lambda qui=qui: modele.liberer(qui, ("retenue", "attente")),
                "rendre": lambda qui=qui: modele.liberer(qui, ("prise",)),
                "agrandir": lambda parties=parties: modele.agrandir(parties[0]),
            }[geste]()
            guichet.comparer(modele)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_la_base_refuse_elle_meme_une_place_de_trop_et_un_enfant_deux_fois() -> None:
    """The last line, whatever the code does: a CHECK and a unique constraint, on both databases."""
    guichet = Guichet()
    jauge = Jauge.objects.order_by("pk")[0]
    for trop in ({"prises": PLACES + 1}, {"retenues": PLACES, "prises": 1}, {"places": 0, "prises": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Jauge.objects.filter(pk=jauge.pk).update(**trop)
    Place.objects.create(jauge=jauge, enfant=guichet.enfants[0], etat="retenue", reference=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(jauge=jauge, enfant=guichet.enfants[0], etat="attente", reference=2)
