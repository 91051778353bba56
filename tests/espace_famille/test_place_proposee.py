"""The link of an offer, without a session: one tap answers; forged, played again, late or another family's, nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from marelle.comptes.models import Compte
from marelle.demandes import decision
from marelle.demandes.models import Demande, OffreDePlace
from marelle.demandes.reponses import finir_les_offres
from marelle.demandes.verification import verifier
from marelle.familles.models import Acces
from marelle.reservations.models import Place, Reservation
from tests.demandes.monde import SERVICE, liens
from tests.demandes.test_offres import etats, file_d_attente, liberer
from tests.reservations.terrain import Terrain

pytestmark = pytest.mark.django_db
DEUX_JOURS = timedelta(days=2)


@pytest.fixture
def sol(horloge: Callable[[str], object]) -> tuple[Terrain, list[Demande]]:
    horloge("2026-10-06 12:00")
    sol, demandes = file_d_attente()
    liberer(sol, demandes[0])
    return sol, demandes


def photo() -> tuple[object, ...]:
    return (
        list(Demande.objects.order_by("pk").values_list("pk", "etat")),
        list(Reservation.objects.order_by("pk").values_list("pk", "etat")),
        list(Place.objects.order_by("pk").values_list("pk", "etat")),
        list(OffreDePlace.objects.order_by("pk").values_list("pk", "etat")),
    )


def adresse(rang: int = 0) -> str:
    return f"/place/{liens()[rang][1]}/"


def connecte(sol: Terrain, rang: int) -> Client:
    client, compte = Client(), Compte.objects.create_user(f"FAM-{rang}")
    Acces.objects.create(compte=compte, famille=sol.familles[rang])
    client.force_login(compte)
    return client


def test_lire_ne_change_rien_et_un_geste_reserve(client: Client, sol: tuple[Terrain, list[Demande]]) -> None:
    avant = photo()
    page = client.get(adresse())
    assert page.status_code == 200
    assert "gardée jusqu’au" in page.content.decode()
    assert "Nom 2" not in page.content.decode()  # nothing of the others
    assert photo() == avant
    fait = client.post(adresse(), {"reponse": "accepter"}, follow=True)
    assert "C’est réservé" in fait.content.decode()
    assert etats(sol[1])[1] == "acceptee"
    avant = photo()
    assert client.post(adresse(), {"reponse": "accepter"}, follow=True).status_code == 200  # a second tap
    assert client.post(adresse(), {"reponse": "laisser"}).status_code == 410
    assert photo() == avant
    assert verifier() == []


def test_laisser_la_place(client: Client, sol: tuple[Terrain, list[Demande]]) -> None:
    fait = client.post(adresse(), {"reponse": "laisser"}, follow=True)
    assert "la place va à un autre enfant" in fait.content.decode()
    assert etats(sol[1])[1:3] == ["retiree", "proposee"]
    avant = photo()
    assert client.post(adresse(), {"reponse": "accepter"}).status_code == 410
    assert photo() == avant


@pytest.mark.parametrize("secret", ["invente", "x" * 300, "-", "0"])
@pytest.mark.usefixtures("sol")
def test_un_lien_invente(client: Client, secret: str) -> None:
    avant = photo()
    for reponse in (client.get(f"/place/{secret}/"), client.post(f"/place/{secret}/", {"reponse": "accepter"})):
        assert reponse.status_code == 404
        assert "Ce lien n’existe pas" in reponse.content.decode()
    assert photo() == avant


def test_trop_tard_avant_meme_que_la_tache_ne_passe(
    client: Client, sol: tuple[Terrain, list[Demande]], horloge: Callable[[str], object]
) -> None:
    avant = photo()
    horloge("2026-10-08 10:00")
    refus = client.post(adresse(), {"reponse": "accepter"})
    assert refus.status_code == 410
    assert "a pris fin jeudi 8 octobre à 10\u00a0h" in refus.content.decode()
    assert client.get(adresse()).status_code == 410
    assert photo() == avant
    finir_les_offres()
    assert client.post(adresse(), {"reponse": "laisser"}).status_code == 410  # it waits again: the old link is dead
    assert etats(sol[1])[1] == "liste_attente"
    assert client.post(adresse(1), {"reponse": "accepter"}).status_code == 302
    assert verifier() == []


def test_apres_la_reponse_du_service(client: Client, sol: tuple[Terrain, list[Demande]]) -> None:
    decision.refuser(sol[1][1].pk, SERVICE, "Le dossier manque.")
    refus = client.post(adresse(), {"reponse": "accepter"})
    assert refus.status_code == 410
    assert "répondu autrement" in refus.content.decode()
    assert etats(sol[1])[1] == "refusee"


@pytest.mark.usefixtures("sol")
def test_une_reponse_qui_n_en_est_pas_une(client: Client) -> None:
    avant = photo()
    refus = client.post(adresse(), {"reponse": "supprimer"})
    assert refus.status_code == 400
    assert "Choisissez l’une des deux réponses" in refus.content.decode()
    assert photo() == avant
    assert client.put(adresse()).status_code == 405


@pytest.mark.usefixtures("sol")
def test_sans_jeton_de_formulaire(client: Client) -> None:
    avant = photo()
    severe = Client(enforce_csrf_checks=True)
    assert severe.post(adresse(), {"reponse": "accepter"}).status_code == 403
    assert photo() == avant


def test_connecte_on_repond_depuis_sa_demande_et_pas_pour_les_autres(sol: tuple[Terrain, list[Demande]]) -> None:
    terrain, demandes = sol
    avant = photo()
    autre = connecte(terrain, 2)
    assert autre.post(f"/demandes/{demandes[1].pk}/place", {"reponse": "accepter"}).status_code == 404
    assert autre.get(f"/demandes/{demandes[1].pk}/").status_code == 404
    assert autre.post(f"/demandes/{demandes[2].pk}/place", {"reponse": "accepter"}).status_code == 404  # not offered
    assert photo() == avant
    la_sienne = connecte(terrain, 1)
    assert "gardée jusqu’au" in la_sienne.get(f"/demandes/{demandes[1].pk}/").content.decode()
    assert "Répondre" in la_sienne.get("/demandes/").content.decode()
    la_sienne.post(f"/demandes/{demandes[1].pk}/place", {"reponse": "accepter"})
    assert etats(demandes)[1] == "acceptee"


def test_qui_attend_lit_son_rang_et_rien_des_autres(sol: tuple[Terrain, list[Demande]]) -> None:
    terrain, demandes = sol
    page = connecte(terrain, 3).get(f"/demandes/{demandes[3].pk}/").content.decode()
    assert "2e sur 2" in page
    assert "ordre d’arrivée" in page
    assert "1 place de cette activité s’est libérée" in page
    assert "Nom 1" not in page
    assert "Nom 2" not in page
