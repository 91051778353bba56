"""Two activities at one moment for one child: the cart says it, and lets the family do as it wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.demandes.apercu import lignes_examinees
from marelle.demandes.panier import basculer
from tests.distribution import Foyer, karim
from tests.monde import portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.base
MERCREDI = date(2026, 12, 2)
DEUX = "Au même moment, {} Chablis mercredi, journée avec repas : ne gardez que l’un des deux."


@pytest.fixture
def foyer(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("chablis")
    karim()
    return roussel_prets()


def doubles(foyer: Foyer) -> list[str]:
    lignes = lignes_examinees(foyer.famille)  # type: ignore[arg-type]
    return [ligne.double for ligne in lignes if ligne.est_reservation]


def choisir(foyer: Foyer, quoi: str, code: str, prenom: str = "anouk") -> None:
    basculer(foyer.famille, foyer.enfants[prenom], unite(quoi, code), MERCREDI)  # type: ignore[arg-type]


def test_ce_qui_est_reserve_au_meme_moment_se_dit_dans_le_panier(foyer: Foyer) -> None:
    reserver(foyer, foyer.enfants["anouk"], unite("chablis-mercredis", "journee"), MERCREDI)  # type: ignore[arg-type]
    choisir(foyer, "pontigny-mercredis", "matin")
    choisir(foyer, "pontigny-mercredis", "matin", "elio")
    assert doubles(foyer) == [DEUX.format("Anouk a déjà"), ""], "son frère n’a rien ce jour-là"
    choisir(foyer, "chablis-mercredis", "journee")
    assert doubles(foyer) == ["", ""], "la première est au panier, à annuler"


def test_deux_choix_du_meme_panier_se_disent(foyer: Foyer) -> None:
    choisir(foyer, "chablis-mercredis", "journee")
    choisir(foyer, "pontigny-mercredis", "apres-midi")
    assert doubles(foyer)[0] == DEUX.format("ce panier demande aussi").replace(
        "Chablis mercredi, journée avec repas", "Pontigny mercredi, après-midi"
    )
    assert doubles(foyer)[1] == DEUX.format("ce panier demande aussi")


def test_le_matin_ici_et_l_apres_midi_la_ne_se_croisent_pas(foyer: Foyer) -> None:
    reserver(foyer, foyer.enfants["anouk"], unite("chablis-mercredis", "matin"), MERCREDI)  # type: ignore[arg-type]
    choisir(foyer, "pontigny-mercredis", "apres-midi")
    assert doubles(foyer) == [""]


def test_la_page_le_dit(foyer: Foyer, client: Client) -> None:
    choisir(foyer, "chablis-mercredis", "journee")
    choisir(foyer, "pontigny-mercredis", "journee")
    client.force_login(foyer.compte)
    page = client.get("/panier/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert page.count("Au même moment, ce panier demande aussi ") == 2
