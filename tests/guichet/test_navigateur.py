"""The desk in a browser: accessible and without overflow, narrow and wide, by day and by night; and by the keyboard."""

import pytest
from playwright.sync_api import expect

from marelle.demandes.decision import accepter
from marelle.familles.models import FicheSanitaire
from tests import distribution as gens
from tests.salle.regard import regarder

from . import monde

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(karim, roussel, fauvel):
    une = monde.activite(places=24)
    acceptee = monde.demander(roussel, roussel.elio, une, monde.mercredis(2))
    accepter(acceptee.pk, gens.auteur_agent(karim))
    FicheSanitaire.objects.filter(enfant=roussel.elio).update(alerte="Arachide. Appeler le 15.", a_pai=True)
    demande = monde.demander(fauvel, fauvel.malo, une, monde.mercredis(4))
    monde.beaucoup(23, une, monde.mercredis(4))
    foyer = f"/guichet/familles/{roussel.famille.pk}/"
    mois = f"/guichet/activites/{une.pk}/places/"
    return {
        *("/guichet/", f"/guichet/demandes/{demande.pk}/", "/guichet/demandes/lot/", "/guichet/?vue=attente"),
        *(
            "/guichet/liste-du-jour/",
            "/guichet/familles/",
            "/guichet/familles/nouvelle/",
            foyer,
            f"{foyer}inscription/",
        ),
        *(
            "/guichet/activites/",
            f"{mois}?mois=2026-12",
            f"{mois}2026-12-02/",
            "/guichet/activites/fermetures/nouvelle/",
        ),
        *("/guichet/e-mails/", f"/guichet/activites/{une.pk}/", "/guichet/aide/"),
    }


@pytest.mark.encore
def test_toutes_les_pages_sont_accessibles(nouvelle_page, connecter, karim, pages):
    page = nouvelle_page()
    connecter(page, karim.compte)
    fautes = [une for adresse in sorted(pages) for une in regarder(page, adresse)]
    assert not fautes, "\n".join(fautes)


def test_on_decide_au_clavier(nouvelle_page, connecter, karim, pages):
    page = nouvelle_page(1280, 900)
    connecter(page, karim.compte)
    page.goto("/guichet/")
    expect(page.locator("#titre-ouverte")).to_have_text("Malo Fauvel")
    page.keyboard.press("j")
    expect(page.locator("#titre-ouverte")).to_contain_text("Saint-Hilaire")
    page.wait_for_load_state()  # a key counts once the script of the new page listens
    page.keyboard.press("k")
    expect(page.locator("#titre-ouverte")).to_have_text("Malo Fauvel")
    page.wait_for_load_state()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator("#statut")).to_contain_text("(Malo – réservation) acceptée")
    page.wait_for_load_state()
    page.get_by_label("Famille ou enfant").press("j")
    expect(page.locator("#titre-ouverte")).to_contain_text("Saint-Hilaire")


def test_on_decide_sans_javascript(nouvelle_page, connecter, karim, pages):
    page = nouvelle_page(1280, 900, javascript=False)
    connecter(page, karim.compte)
    page.goto("/guichet/")
    page.get_by_text("Refuser avec un motif").click()
    page.get_by_label("Motif, envoyé à la famille").select_option("autre")
    page.get_by_label("Votre texte").fill("Le car ne passe plus.")
    page.get_by_role("button", name="Refuser la demande").click()
    expect(page.locator("#statut")).to_contain_text("refusée")
