"""The waiting lists at the desk: rank and why, moving with a reason that the family reads, offers that run, offering now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from marelle.comptes.models import Agent
from marelle.demandes import decision
from marelle.demandes.models import Demande, RangAttente
from marelle.demandes.rangs import jours_attendus, rangs
from marelle.demandes.verification import verifier
from marelle.journal.models import Entree
from tests.demandes.monde import SERVICE, attente, demander, liens
from tests.demandes.test_offres import etats, file_d_attente, liberer
from tests.distribution import karim
from tests.reservations.terrain import Terrain, terrain

pytestmark = pytest.mark.django_db
Guichet = Callable[[Agent], Client]
ORDRE = 'mode = "automatique"'


@pytest.fixture
def agent(horloge: Callable[[str], object]) -> Agent:
    horloge("2026-10-06 12:00")
    return karim()


@pytest.fixture
def client(agent: Agent) -> Client:
    un = Client()
    un.force_login(agent.compte)
    return un


def adresse(sol: Terrain, suite: str = "", rang: int = 0) -> str:
    return f"/guichet/attente/{sol.activite.pk}/{sol.jours[rang].isoformat()}/{suite}"


def deplacer(
    client: Client, sol: Terrain, demande: Demande, rang: int, motif: str = "Un parent vient d’être muté."
) -> int:
    jour = demande.jours.get().pk
    return client.post(adresse(sol, "rang"), {"jour": jour, "rang": rang, "motif": motif}).status_code


def ordre(demandes: list[Demande]) -> list[int]:
    """The rank of each of these demandes."""
    lus = {demande.pk: rangs([demande.jours.get().pk]) for demande in demandes}
    return [next(iter(rang.values())).rang for rang in lus.values()]


def test_la_liste_dit_qui_attend_a_quel_rang_et_pourquoi(client: Client) -> None:
    sol, demandes = file_d_attente(2, texte=ORDRE)
    assert "2 enfants en attente" in client.get("/guichet/attente/").content.decode()
    page = client.get(adresse(sol)).content.decode().replace("\u00a0", " ")
    assert "1er sur 2" in page
    assert "L’ordre d’arrivée : demande arrivée mardi 6 octobre" in page
    assert f"/guichet/demandes/{demandes[1].pk}/" in page
    assert "Proposer une place maintenant" not in page  # this règlement has no offers
    assert "Personne n’attend" in client.get(adresse(sol, rang=1)).content.decode()


def test_changer_un_rang_demande_une_raison_que_la_famille_lit(client: Client, agent: Agent) -> None:
    sol, demandes = file_d_attente(4, texte=ORDRE)
    assert deplacer(client, sol, demandes[4], 1, motif="  ") == 422
    assert ordre(demandes[1:]) == [1, 2, 3, 4]
    assert not Entree.objects.filter(action="attente.rang").exists()
    assert deplacer(client, sol, demandes[4], 2) == 302
    assert ordre(demandes[1:]) == [1, 3, 4, 2]
    entree = Entree.objects.get(action="attente.rang")
    assert (entree.details["avant"], entree.details["apres"], entree.acteur_nom) == (4, 2, str(agent))
    une = Demande.objects.select_related("activite").get(pk=demandes[4].pk)
    [dit] = jours_attendus(une, list(une.jours.all()))
    assert dit.raisons == ("Rang modifié par le service : « Un parent vient d’être muté. »",)


def test_on_se_place_partout_dans_la_file_et_plusieurs_fois(client: Client) -> None:
    sol, demandes = file_d_attente(4, texte=ORDRE)
    assert deplacer(client, sol, demandes[1], 99) == 302  # beyond the end: the last
    assert ordre(demandes[1:]) == [4, 1, 2, 3]
    for _ in range(3):
        assert deplacer(client, sol, demandes[2], 1) == 302
        assert deplacer(client, sol, demandes[3], 1) == 302
        assert ordre(demandes[1:]) == [4, 2, 1, 3]
        assert deplacer(client, sol, demandes[1], 2) == 302
        assert ordre(demandes[1:]) == [2, 3, 1, 4]
        assert deplacer(client, sol, demandes[1], 4) == 302
    assert verifier() == []


def test_le_rang_change_est_celui_qui_est_servi(client: Client) -> None:
    sol, demandes = file_d_attente(3)
    deplacer(client, sol, demandes[3], 1)
    liberer(sol, demandes[0])
    assert etats(demandes[1:]) == ["liste_attente", "liste_attente", "proposee"]
    page = client.get(adresse(sol)).content.decode()
    assert "Réponse attendue jusqu’au" in page
    assert deplacer(client, sol, demandes[3], 1) == 409  # it is offered a place: it has no rank any more
    assert RangAttente.objects.filter(place_forcee__isnull=False).count() == 1


def test_proposer_maintenant(client: Client) -> None:
    sol = terrain(places=2, familles=1, jours=1)
    attente()
    une = demander(sol, 0, 0)
    decision.mettre_en_attente(une.pk, SERVICE)
    assert "En réserve" in client.get(adresse(sol)).content.decode()
    assert client.post(f"/guichet/demandes/{une.pk}/proposition").status_code == 302
    assert etats([une]) == ["proposee"]
    assert client.post(f"/guichet/demandes/{une.pk}/proposition").status_code == 409
    assert not liens()  # no address on file: the offer runs all the same, and is seen on the portal


def test_proposer_quand_rien_n_est_libre_ou_que_le_reglement_ne_le_dit_pas(client: Client) -> None:
    sol, demandes = file_d_attente(2)
    refus = client.post(f"/guichet/demandes/{demandes[1].pk}/proposition")
    assert refus.status_code == 409
    assert "Aucune place n’est libre" in refus.content.decode()
    attente(ORDRE)
    refus = client.post(f"/guichet/demandes/{demandes[1].pk}/proposition")
    assert "ne prévoit pas d’offre" in refus.content.decode()
    assert etats(demandes[1:]) == ["liste_attente", "liste_attente"]
    assert sol.activite.pk


@pytest.mark.parametrize("champs", [{"rang": "deux"}, {"rang": "0"}, {"rang": ""}, {"jour": "x"}])
def test_une_saisie_fausse_ne_change_rien(client: Client, champs: dict[str, str]) -> None:
    sol, demandes = file_d_attente(2, texte=ORDRE)
    juste = {"jour": str(demandes[2].jours.get().pk), "rang": "1", "motif": "Urgence."}
    assert client.post(adresse(sol, "rang"), juste | champs).status_code == 422
    assert ordre(demandes[1:]) == [1, 2]


def test_ce_qui_n_est_pas_de_cette_liste_n_existe_pas(client: Client) -> None:
    sol, demandes = file_d_attente(2, texte=ORDRE)
    juste = {"jour": demandes[2].jours.get().pk, "rang": "1", "motif": "Urgence."}
    assert client.post(adresse(sol, "rang", 1), juste).status_code == 404
    assert client.get(f"/guichet/attente/{sol.activite.pk}/hier/").status_code == 404
    assert client.get(f"/guichet/attente/999/{sol.jours[0]}/").status_code == 404
    assert ordre(demandes[1:]) == [1, 2]


def test_qui_ne_decide_pas_lit_sans_changer(client: Client, agent: Agent) -> None:
    sol, demandes = file_d_attente(2, texte=ORDRE)
    Agent.objects.filter(pk=agent.pk).update(role="lecture")
    assert "Changer le rang" not in client.get(adresse(sol)).content.decode()
    assert deplacer(client, sol, demandes[2], 1) == 403
    assert ordre(demandes[1:]) == [1, 2]
