"""The order of a waiting list by the published criteria, on the data in force; and what the family is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from marelle.demandes import decision, depot, panier
from marelle.demandes.classement import recompter_les_listes
from marelle.demandes.models import Demande, JourDemande, RangAttente
from marelle.demandes.rangs import Rang, dire_les_places_liberees, jours_attendus, places_liberees, rangs
from marelle.demandes.verification import verifier
from marelle.familles.models import Enfant, Rattachement, Responsable
from marelle.reservations.models import Place
from marelle.socle.horloge import PARIS, a_l_instant
from tests.demandes.monde import FAMILLE, OFFRES, SERVICE, demander
from tests.demandes.test_offres import etats, file_d_attente, liberer
from tests.reservations.terrain import terrain

pytestmark = pytest.mark.django_db
MIDI = datetime(2026, 10, 6, 12, tzinfo=PARIS)
CRITERES = """
criteres = [
  { si = "resident", points = 4, codes_postaux = ["45130"], dit = "habiter la commune" },
  { si = "fratrie", points = 2 },
  { si = "parents_occupes", points = 1 },
]
"""


@pytest.fixture(autouse=True)
def _a_midi_et_tout_est_juste() -> Iterator[None]:
    with a_l_instant(MIDI):
        yield
        assert verifier() == []


def habiter(demande: Demande, code_postal: str, situation: str = "") -> None:
    adulte = Responsable.objects.get(famille=demande.famille_id)
    adulte.code_postal, adulte.situation = code_postal, situation
    adulte.save()


def ordre_de_la_file() -> list[int]:
    lignes = Place.objects.filter(etat="attente", jauge__partie="matin").order_by("ordre", "reference")
    jours = dict(JourDemande.objects.values_list("pk", "demande_id"))
    return [jours[reference] for reference in lignes.values_list("reference", flat=True)]


def test_par_defaut_l_ordre_d_arrivee_et_rien_de_plus() -> None:
    _, demandes = file_d_attente(3, texte='mode = "automatique"')
    assert ordre_de_la_file() == [une.pk for une in demandes[1:]]
    assert not RangAttente.objects.exists()


def test_les_points_se_comptent_en_rejoignant_la_liste() -> None:
    sol, demandes = file_d_attente(3, texte=CRITERES)
    habiter(demandes[0], "45130")
    demander(sol, 0, 1)  # a free day: no line
    assert [rang.points for rang in RangAttente.objects.order_by("pk")] == [0, 0, 0]
    habiter(demandes[3], "45130", "emploi")
    habiter(demandes[2], "75001", "emploi")
    assert recompter_les_listes() == 2
    assert ordre_de_la_file() == [demandes[3].pk, demandes[2].pk, demandes[1].pk]
    assert recompter_les_listes() == 0


def test_on_sert_selon_ce_qui_est_en_vigueur_a_cet_instant() -> None:
    sol, demandes = file_d_attente(3, texte=f"{OFFRES}{CRITERES}")
    habiter(demandes[3], "45130")  # moved house since; the nightly count has not run
    liberer(sol, demandes[0])
    assert etats(demandes[1:]) == ["liste_attente", "liste_attente", "proposee"]


def test_un_frere_inscrit_le_meme_jour_donne_ses_points() -> None:
    sol, demandes = file_d_attente(1, texte=CRITERES)
    famille = sol.familles[0]  # the one whose elder has the place
    cadet = Enfant.objects.create(nom="Nom", prenom="Cadet", date_naissance=sol.enfants[0].date_naissance)
    Rattachement.objects.create(enfant=cadet, famille=famille)
    panier.basculer(famille, cadet, sol.journee, sol.jours[0])
    depot.deposer_panier(famille, depot.panier_de(famille).jeton, FAMILLE)
    une = Demande.objects.get(enfant=cadet)
    assert list(RangAttente.objects.filter(jour__demande=une).values_list("points", flat=True)) == [2]
    assert ordre_de_la_file() == [une.pk, demandes[1].pk]


def test_la_famille_lit_son_rang_et_pourquoi() -> None:
    _, demandes = file_d_attente(3, texte=CRITERES)
    habiter(demandes[2], "45130")
    recompter_les_listes()
    une = Demande.objects.select_related("activite").get(pk=demandes[2].pk)
    [attendu] = jours_attendus(une, list(une.jours.all()))
    assert attendu.rang is not None
    assert attendu.rang.dit == "1er sur 3"
    assert attendu.raisons[0] == "4 points : habiter la commune."
    assert attendu.raisons[1].startswith("À points égaux, l’ordre d’arrivée : demande arrivée mardi 6 octobre")
    autre = Demande.objects.select_related("activite").get(pk=demandes[1].pk)
    [attendu] = jours_attendus(autre, list(autre.jours.all()))
    assert attendu.rang is not None
    assert attendu.rang.dit == "2e sur 3"
    assert attendu.raisons[0].startswith("0 point")


def test_le_rang_est_celui_du_moment_le_plus_plein() -> None:
    """Two wait for the morning, one for the whole day: third in the morning, alone in the afternoon."""
    sol = terrain(places=1, familles=4, jours=1)
    decision.accepter(demander(sol, 0, 0).pk, SERVICE)
    demander(sol, 1, 0, unite=sol.matin)
    demander(sol, 2, 0, unite=sol.matin)
    journee = demander(sol, 3, 0)
    assert list(rangs([journee.jours.get().pk]).values()) == [Rang(3, 3)]
    assert rangs([]) == {}


def test_les_places_liberees_ces_derniers_jours() -> None:
    sol, demandes = file_d_attente(3)
    activite = sol.activite.pk
    assert "aucune place" in dire_les_places_liberees(places_liberees(activite), [sol.jours[0]])
    liberer(sol, demandes[0])
    assert places_liberees(activite) == [sol.jours[0]]
    phrase = dire_les_places_liberees(places_liberees(activite), [sol.jours[0]])
    assert phrase.startswith("Ces 30 derniers jours, 1 place de cette activité s’est libérée")
    assert phrase.endswith("dont 1 ce jour-là.")
    assert "aucune ce jour-là" in dire_les_places_liberees(places_liberees(activite), [sol.jours[1]])
    with a_l_instant(MIDI + timedelta(days=31)):
        assert places_liberees(activite) == []
