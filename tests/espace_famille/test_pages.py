"""The families' pages: what each may cost, what each says when there is nothing, that everybody can read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from marelle.demandes import decision, panier
from marelle.demandes.models import Demande
from tests.distribution import Foyer, auteur_agent, famille_fauvel, karim
from tests.monde import envoyer, portail, reserver, roussel_prets, unite
from tests.salle.regard import regarder

MERCREDIS = [date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)]
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _peuple(horloge: Callable[[str], object]) -> Foyer:
    """A household with something in every state: booked, waiting, refused, in the cart."""
    horloge("2026-11-18 10:00")
    portail()
    agent = auteur_agent(karim())
    foyer = roussel_prets()
    journee = unite("chaveignes-mercredis")
    reserver(foyer, foyer.elio, journee, MERCREDIS[0])  # type: ignore[arg-type]
    [refusee] = envoyer(foyer, foyer.anouk, journee, MERCREDIS[1])  # type: ignore[arg-type]
    decision.refuser(refusee.pk, agent, "Les 24 places de Chaveignes sont prises.")
    [renvoyee] = envoyer(foyer, foyer.jeanne, journee, MERCREDIS[1])  # type: ignore[arg-type]
    decision.renvoyer(renvoyee.pk, agent, "Choisissez la journée entière.")
    envoyer(foyer, foyer.elio, journee, MERCREDIS[1])  # type: ignore[arg-type]
    panier.basculer(foyer.famille, foyer.elio, journee, MERCREDIS[2])  # type: ignore[arg-type]
    return foyer


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    return _peuple(horloge)


@pytest.fixture
def client(roussel: Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def requetes(contexte: CaptureQueriesContext) -> list[str]:
    """Statements, those that begin and end transactions aside."""
    return [r["sql"] for r in contexte.captured_queries if not r["sql"].startswith(TRANSACTION)]


def chemins(foyer: Foyer) -> dict[str, str]:
    activite = unite("chaveignes-mercredis").activite_id
    return {
        "accueil": "/",
        "demandes": "/demandes/",
        "mon calendrier": "/calendrier/?mois=2026-12",
        "calendrier": f"/inscription/{foyer.elio.pk}/{activite}/?mois=2026-12",
        "toute l’année": f"/inscription/{foyer.elio.pk}/{activite}/?vue=annee",
        "panier": "/panier/",
        "inscription": "/inscription/",
        "enfant": "/inscription/enfant/",
        "activité": f"/inscription/{foyer.elio.pk}/",
        "refusée": f"/demandes/{Demande.objects.get(etat='refusee').pk}/",
        "à corriger": f"/demandes/{Demande.objects.get(etat='a_corriger').pk}/",
        "traitées": "/demandes/?vue=traitees",
        "historique": "/demandes/?vue=historique&sujet=compte",
        "accusé": f"/accuses/{Demande.objects.filter(etat='deposee')[0].envoi_id}/",
        "aide": "/aide/",
        "accessibilité": "/accessibilite/",
        "données": "/donnees-personnelles/",
    }


BUDGETS = {"accueil": 12, "demandes": 12, "mon calendrier": 12, "calendrier": 12, "toute l’année": 12, "panier": 12}


@pytest.mark.base
def test_chaque_page_tient_son_budget_de_requetes(client: Client, roussel: Foyer) -> None:
    for nom, chemin in chemins(roussel).items():
        assert client.get(chemin).status_code == 200, nom  # what is kept for a few seconds is read once
        with CaptureQueriesContext(connection) as contexte:
            client.get(chemin)
        assert len(requetes(contexte)) <= BUDGETS.get(nom, 15), f"{nom} : {requetes(contexte)}"


@pytest.mark.base
def test_envoyer_dix_jours_en_quinze_requetes(client: Client, roussel: Foyer) -> None:
    journee = unite("chaveignes-mercredis")
    panier.vider(roussel.famille)
    panier.ajouter_periode(
        roussel.famille,
        roussel.anouk,
        journee,
        date(2027, 1, 4),
        date(2027, 3, 31),
        [2],
        desinscrire=False,  # type: ignore[arg-type]
    )
    jeton = str(roussel.famille.panier.jeton)
    assert len(panier.lignes_du_panier(roussel.famille)) >= 10
    with CaptureQueriesContext(connection) as contexte:
        assert client.post("/panier/envoi", {"jeton": jeton}).status_code == 302
    assert len(requetes(contexte)) <= 15, requetes(contexte)


@pytest.mark.base
def test_une_famille_sans_rien_sait_quoi_faire(roussel: Foyer) -> None:
    foyer = famille_fauvel()
    foyer.famille.rattachements.all().delete()
    client = Client()
    client.force_login(foyer.compte)
    for chemin in ("/", "/inscription/", "/inscription/enfant/", "/calendrier/"):
        assert "Ajouter un enfant" in client.get(chemin).content.decode(), chemin
    assert "Rien au panier" in client.get("/panier/").content.decode()
    assert "Aucune demande en attente" in client.get("/demandes/").content.decode()


@pytest.mark.base
def test_un_refus_dit_ou_il_reste_des_places(client: Client, roussel: Foyer) -> None:
    refusee = Demande.objects.get(etat="refusee")
    page = client.get(f"/demandes/{refusee.pk}/").content.decode()
    assert "Les 24 places de Chaveignes sont prises." in page
    assert "L’Île-Bouchard mercredis" in page
    assert "12 places" in page


@pytest.mark.base
def test_ce_que_le_service_renvoie_revient_au_panier(client: Client, roussel: Foyer) -> None:
    panier.vider(roussel.famille)
    renvoyee = Demande.objects.get(etat="a_corriger")
    assert client.post(f"/demandes/{renvoyee.pk}/correction").status_code == 302
    renvoyee.refresh_from_db()
    assert renvoyee.etat == "retiree"
    [ligne] = panier.lignes_du_panier(roussel.famille)
    assert (ligne.date, ligne.demande.enfant_id) == (MERCREDIS[1], roussel.jeanne.pk)


@pytest.mark.base
def test_retirer_un_seul_jour(client: Client, roussel: Foyer) -> None:
    journee = unite("chaveignes-mercredis")
    panier.vider(roussel.famille)
    [demande] = envoyer(roussel, roussel.anouk, journee, MERCREDIS[0], MERCREDIS[2])  # type: ignore[arg-type]
    jour = demande.jours.get(date=MERCREDIS[2])
    assert client.post(f"/demandes/{demande.pk}/retrait", {"jour": jour.pk}).status_code == 302
    demande.refresh_from_db()
    assert (demande.etat, demande.jours.count()) == ("deposee", 1)
    assert Demande.objects.get(mere=demande).etat == "retiree"


@pytest.mark.base
@pytest.mark.navigateur
@pytest.mark.encore
def test_chaque_page_se_lit_par_tous(
    transactional_db: None,
    horloge: Callable[[str], object],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
) -> None:
    foyer = _peuple(horloge)
    page = nouvelle_page()
    connecter(page, foyer.compte)
    fautes = [une for chemin in chemins(foyer).values() for une in regarder(page, chemin)]
    assert not fautes, "\n".join(fautes)


@pytest.mark.base
@pytest.mark.navigateur
def test_tout_se_fait_sans_script(
    transactional_db: None,
    horloge: Callable[[str], object],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
) -> None:
    foyer = _peuple(horloge)
    panier.vider(foyer.famille)
    page = nouvelle_page(360, 740, javascript=False)
    connecter(page, foyer.compte)
    page.goto(chemins(foyer)["calendrier"])
    page.locator(f'button.jour[value="{MERCREDIS[2].isoformat()}"]').click()
    page.get_by_role("link", name="Suivant : voir le panier").click()
    page.get_by_role("button", name="Valider ma demande").click()
    page.wait_for_url("**/accuses/*/")
