"""The agenda of a child: what it costs, what it trusts, what a day says; where it is not switched on, it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marelle.demandes import decision
from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.reservations.models import Absence, Reservation
from tests.distribution import Foyer, auteur_agent, famille_fauvel, karim
from tests.monde import portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.base
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
MERCREDI_9, MERCREDI_16 = date(2026, 12, 9), date(2026, 12, 16)


@pytest.fixture
def foyer(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("vals-du-dauphine")
    karim()
    foyer = roussel_prets()
    reserver(foyer, foyer.enfants["elio"], unite("saint-victor-mercredis"), MERCREDI_9)
    return foyer


def client(foyer: Foyer) -> Client:
    client = Client()
    client.force_login(foyer.compte)
    return client


def lire(reponse: object) -> str:
    """The page with ordinary spaces."""
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")  # type: ignore[attr-defined]


def adresse(foyer: Foyer, suite: str = "") -> str:
    return f"/agenda/{foyer.enfants['elio'].pk}/{suite}"


def geste(foyer: Foyer, donnees: dict[str, object], jour: date = MERCREDI_9, qui: Foyer | None = None):  # type: ignore[no-untyped-def]
    return client(qui or foyer).post(adresse(foyer, f"{jour}/geste"), donnees)


def absence(motif: str = "maladie", message: str = "") -> dict[str, object]:
    return {
        "absence": "declarer",
        "reservation": Reservation.objects.get().pk,
        "absence-motif": motif,
        "absence-message": message,
    }


@pytest.mark.parametrize(("suite", "budget"), [("?mois=2026-12", 12), ("2026-12-09/", 20), ("2026-12-09/?menu=1", 20)])
def test_le_budget_des_pages(foyer: Foyer, suite: str, budget: int) -> None:
    famille = client(foyer)
    assert famille.get(adresse(foyer, suite)).status_code == 200
    with CaptureQueriesContext(connection) as contexte:
        page = famille.get(adresse(foyer, suite))
    requetes = [r["sql"] for r in contexte.captured_queries if not r["sql"].startswith(TRANSACTION)]
    assert len(requetes) <= budget, "\n".join(requetes)
    assert len(page.content) <= 80_000


def test_la_journee_dit_ce_qu_elle_a_et_ce_qu_on_peut(foyer: Foyer) -> None:
    page = lire(client(foyer).get(adresse(foyer, "2026-12-09/")))
    assert "Journée avec repas, Saint-Victor mercredis : réservé" in page
    assert "Déclarer l’absence" in page
    assert "Rendez-vous médical" in page
    assert "Valider l’annulation" not in page  # this règlement knows no cancellation, and says so
    menu = lire(client(foyer).get(adresse(foyer, "2026-12-16/?menu=1")))
    assert 'role="menu"' in menu
    assert "Demande de réservation : journée avec repas, Saint-Victor mercredis" in menu
    assert "<html" not in menu


def test_une_demande_part_aussitot_et_revient_au_mois(foyer: Foyer) -> None:
    reponse = geste(foyer, {"reserver": unite("saint-victor-mercredis").pk}, MERCREDI_16)
    assert reponse.status_code == 302
    assert reponse["Location"] == adresse(foyer, "?mois=2026-12#j-2026-12-16")
    demande = Demande.objects.get(etat="deposee")
    assert [jour.date for jour in demande.jours.all()] == [MERCREDI_16]
    mois = lire(client(foyer).get(adresse(foyer, "?mois=2026-12")))
    assert "Journée avec repas, Saint-Victor mercredis : en attente" in mois
    encore = geste(foyer, {"reserver": unite("saint-victor-mercredis").pk}, MERCREDI_16)
    assert encore.status_code == 409
    assert Demande.objects.filter(etat="deposee").count() == 1


def test_une_absence_se_declare_se_voit_et_se_retire(foyer: Foyer) -> None:
    assert geste(foyer, absence()).status_code == 302
    mois = adresse(foyer, "?mois=2026-12")
    assert "absence déclarée, en attente" in lire(client(foyer).get(mois))
    decision.accepter(Demande.objects.get(nature="absence").pk, auteur_agent(_karim()))
    assert "absence déclarée, maladie" in lire(client(foyer).get(mois))
    for page in ("/", "/calendrier/?mois=2026-12", f"/demandes/{Demande.objects.get(nature='absence').pk}/"):
        assert client(foyer).get(page).status_code == 200
    assert geste(foyer, {"reprendre": Reservation.objects.get().pk}).status_code == 302
    assert "Saint-Victor mercredis : réservé" in lire(client(foyer).get(mois))
    assert verifier() == []


def test_une_declaration_renvoyee_se_corrige_sur_la_page_du_jour(foyer: Foyer) -> None:
    geste(foyer, absence())
    demande = decision.renvoyer(Demande.objects.get(nature="absence").pk, auteur_agent(_karim()), "Quel motif ?")
    assert adresse(foyer, "2026-12-09/") in lire(client(foyer).get(f"/demandes/{demande.pk}/"))
    assert client(foyer).post(f"/demandes/{demande.pk}/correction").status_code == 409
    assert "Déclarer l’absence" in lire(client(foyer).get(adresse(foyer, "2026-12-09/")))
    assert geste(foyer, absence("autre", "Un mariage")).status_code == 302


def test_autre_demande_un_message(foyer: Foyer) -> None:
    reponse = geste(foyer, absence("autre"))
    assert reponse.status_code == 400
    assert "vous avez choisi « Autre »" in lire(reponse)
    assert geste(foyer, absence("autre", "Un mariage")).status_code == 302


@pytest.mark.parametrize(
    "donnees",
    [
        {},
        {"reserver": "x"},
        {"reserver": "999999"},
        {"annuler": "999999"},
        {"reprendre": "1"},
        {"absence": "declarer"},
        {"absence": "declarer", "reservation": "999999", "absence-motif": "maladie"},
        {"absence": "declarer", "reservation": "9" * 40, "absence-motif": "inconnu"},
    ],
)
def test_ce_qui_est_faux_est_refuse_sans_rien_changer(foyer: Foyer, donnees: dict[str, str]) -> None:
    avant = Demande.objects.count()
    assert geste(foyer, donnees).status_code in (400, 404, 409)
    assert (Demande.objects.count(), Absence.objects.count()) == (avant, 0)


def test_l_enfant_ou_la_reservation_d_une_autre_famille_n_existe_pas(foyer: Foyer) -> None:
    fauvel = famille_fauvel()
    for suite in ("", "2026-12-09/", "2026-12-09/?menu=1"):
        assert client(fauvel).get(adresse(foyer, suite)).status_code == 404
    assert geste(foyer, absence(), qui=fauvel).status_code == 404
    sien = f"/agenda/{fauvel.enfants['malo'].pk}/2026-12-09/geste"
    assert client(fauvel).post(sien, absence()).status_code == 404
    assert not Absence.objects.exists()


@pytest.mark.parametrize("suite", ["2026-13-45/", "hier/", "2026-12-09/geste"])
def test_un_jour_qui_n_existe_pas(foyer: Foyer, suite: str) -> None:
    assert client(foyer).get(adresse(foyer, suite)).status_code in (404, 405)


@pytest.mark.parametrize("mois", ["0001-01", "9999-12", "n’importe", "2026-13"])
def test_un_mois_ecrit_a_la_main(foyer: Foyer, mois: str) -> None:
    assert client(foyer).get(adresse(foyer, f"?mois={mois}")).status_code == 200


def test_sans_l_agenda_a_l_ecran_rien_n_existe(db: None, horloge: Callable[[str], object]) -> None:
    horloge("2026-11-18 10:00")
    portail("cc-tvv")
    foyer = roussel_prets()
    for suite in ("", "2026-12-09/"):
        assert client(foyer).get(adresse(foyer, suite)).status_code == 404
    assert "Ouvrir l’agenda" not in lire(client(foyer).get("/inscription/"))


def _karim():  # type: ignore[no-untyped-def]
    from marelle.comptes.models import Agent

    return Agent.objects.get(compte__username="karim")
