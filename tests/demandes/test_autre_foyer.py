"""A child of two households: a day that one booked or asked is not free for the other, which reads so before asking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from marelle.demandes import panier, semaine
from marelle.demandes.autre_foyer import DEMANDE_AILLEURS, RESERVE_AILLEURS
from marelle.demandes.calendrier import CalendrierEnfant, Case
from marelle.demandes.grille import Grille
from marelle.familles.models import Famille
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer, famille_lemoine
from tests.monde import envoyer, portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.django_db
PRIS, DEMANDE, AU_PANIER = (date(2026, 12, jour) for jour in (2, 9, 16))
LIBRE = date(2027, 1, 6)
DEBUT, FIN = date(2026, 12, 1), date(2027, 1, 31)


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    return roussel_prets()


@pytest.fixture
def lemoine(roussel: Foyer) -> Foyer:
    """Hugo has booked a day for Anouk, asked another, and put a third in his cart."""
    foyer = famille_lemoine(roussel.enfants["anouk"])
    quoi = unite("chaveignes-mercredis")
    reserver(foyer, roussel.enfants["anouk"], quoi, PRIS)
    envoyer(foyer, roussel.enfants["anouk"], quoi, DEMANDE)
    panier.basculer(foyer.famille, roussel.enfants["anouk"], quoi, AU_PANIER)
    return foyer


def du_calendrier(famille: Famille, foyer: Foyer) -> list[Case]:
    quoi = unite("chaveignes-mercredis")
    return CalendrierEnfant(famille, foyer.enfants["anouk"], quoi, DEBUT, FIN, maintenant()).cases()


def de_la_semaine(famille: Famille, foyer: Foyer) -> list[Case]:
    [sienne] = semaine.lire(famille, [foyer.enfants["anouk"]], DEBUT, FIN, maintenant())
    return next(
        list(un.cases.values()) for un in sienne.services if un.unite.activite.code == "chaveignes-mercredis"
    )  # fmt: skip


def de_la_grille(famille: Famille, foyer: Foyer) -> list[Case]:
    activite = unite("chaveignes-mercredis").activite
    return [
        cases[0]
        for _, cases in Grille(famille, foyer.enfants["anouk"], activite, DEBUT, FIN, maintenant()).lignes()
        if cases[0]
    ]


@pytest.mark.parametrize("lire", [du_calendrier, de_la_semaine, de_la_grille])
def test_ce_que_l_autre_foyer_a_pris_n_est_pas_libre(
    roussel: Foyer, lemoine: Foyer, lire: Callable[[Famille, Foyer], list[Case]]
) -> None:
    cases = {une.date: une for une in lire(roussel.famille, roussel)}
    assert [(cases[jour].mot, cases[jour].raison) for jour in (PRIS, DEMANDE)] == [
        ("Autre foyer", RESERVE_AILLEURS),
        ("Autre foyer", DEMANDE_AILLEURS),
    ]
    assert not cases[PRIS].est_actionnable
    assert not cases[DEMANDE].est_actionnable
    assert {cases[jour].etat for jour in (AU_PANIER, LIBRE)} == {"libre"}, "un panier ne regarde que son foyer"


@pytest.mark.parametrize("lire", [du_calendrier, de_la_semaine, de_la_grille])
def test_chacun_voit_les_siens(roussel: Foyer, lemoine: Foyer, lire: Callable[[Famille, Foyer], list[Case]]) -> None:
    cases = {une.date: une for une in lire(lemoine.famille, roussel)}
    assert [cases[jour].etat for jour in (PRIS, DEMANDE, AU_PANIER, LIBRE)] == ["reserve", "attente", "panier", "libre"]


def test_un_jour_que_l_autre_foyer_a_annule_redevient_libre(roussel: Foyer, lemoine: Foyer) -> None:
    Reservation.objects.update(etat=Reservation.Etat.ANNULEE_CENTRE, motif="Grève")
    assert {une.date: une.etat for une in du_calendrier(roussel.famille, roussel)}[PRIS] != "annule"


@pytest.mark.parametrize(
    ("jour", "phrase"), [(PRIS, RESERVE_AILLEURS), (DEMANDE, DEMANDE_AILLEURS)], ids=["réservé", "demandé"]
)
def test_le_demander_quand_meme_dit_pourquoi(roussel: Foyer, lemoine: Foyer, jour: date, phrase: str) -> None:
    with pytest.raises(Refus, match=phrase):
        panier.basculer(roussel.famille, roussel.enfants["anouk"], unite("chaveignes-mercredis"), jour)


def test_la_page_dit_ou_s_adresser(roussel: Foyer, lemoine: Foyer, client: Client) -> None:
    client.force_login(roussel.compte)
    adresse = reverse(
        "espace_famille:calendrier", args=[roussel.enfants["anouk"].pk, unite("chaveignes-mercredis").activite_id]
    )
    page = client.get(adresse, {"mois": "2026-12"}).content.decode()
    assert page.count("Autre foyer") == 2
    assert RESERVE_AILLEURS.partition(" :")[0] in page
    assert "Lemoine" not in page.replace("Roussel-Lemoine", "")
