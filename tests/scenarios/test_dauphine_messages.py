"""The guide of the Vals du Dauphiné, §1 and §5: « Boîte de réception », « Contacter la collectivité par message », the
child's page with « Insertion photo »; with a mouse at a desk, by touch on a telephone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from marelle.comptes.models import Agent
from marelle.correspondance import envoi
from marelle.correspondance.models import Fil
from marelle.demandes import decision
from marelle.demandes.models import Demande
from tests.distribution import Foyer, auteur_agent, karim
from tests.monde import portail, roussel_prets
from tests.pieces import fichiers
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]


@pytest.fixture
def dauphine(transactional_db: None, horloge: Callable[[str], object], settings, tmp_path: Path) -> Foyer:
    """The portal of the Vals du Dauphiné; the service has written to the Roussels."""
    settings.MEDIA_ROOT = tmp_path / "pieces"
    horloge(MAINTENANT)
    portail("vals-du-dauphine")
    agent, foyer = karim(), roussel_prets()
    ecrit = envoi.Ecrit("Bonjour, il manque le maillot d’Élio.", uuid.uuid4())
    envoi.ecrire_a_la_famille(foyer.famille, envoi.Propos("La piscine"), ecrit, agent)
    return foyer


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def presser(page: Page, ou: Locator) -> None:
    est_tactile = bool(page.viewport_size and page.viewport_size["width"] < 500)
    ou.tap() if est_tactile else ou.click()


def soigne(page: Page) -> None:
    sans_debordement(page)
    sans_defaut_axe(page)


def test_1_boite_de_reception_puis_contacter_le_centre(
    dauphine: Foyer, page: Page, nouvelle_page: Callable[..., Page], connecter: Callable[..., None]
) -> None:
    connecter(page, dauphine.compte)
    page.goto("/")
    expect(page.get_by_text("1 message à lire", exact=True)).to_be_visible()
    presser(page, page.get_by_role("link", name="Boîte de réception").first)
    expect(page.get_by_role("strong").filter(has_text="La piscine")).to_be_visible()
    soigne(page)
    presser(page, page.get_by_role("link", name="La piscine"))
    expect(page.get_by_text("il manque le maillot d’Élio")).to_be_visible()
    soigne(page)
    page.get_by_label("Votre message").fill("Merci, il l’aura mercredi.")
    presser(page, page.get_by_role("button", name="Envoyer ma réponse"))
    expect(page.get_by_role("status")).to_contain_text("Votre réponse est envoyée")
    presser(page, page.get_by_role("link", name="Boîte de réception").first)
    expect(page.get_by_text("En attente de réponse")).to_be_visible()
    presser(page, page.get_by_role("link", name="Contacter le centre").first)
    presser(page, page.get_by_role("button", name="Envoyer mon message"))
    expect(page.get_by_role("alert")).to_contain_text("3 réponses sont à corriger")
    soigne(page)
    page.get_by_label("À propos de").select_option(label="Une facture ou un paiement")
    page.get_by_label("Objet").fill("Ma facture d’octobre")
    page.get_by_label("Votre message").fill("Je ne la trouve pas.")
    presser(page, page.get_by_role("button", name="Envoyer mon message"))
    expect(page.get_by_role("heading", name="Ma facture d’octobre")).to_be_visible()
    _le_service_repond(nouvelle_page(1280, 900), connecter)
    page.reload()
    expect(page.get_by_text("La voici dans la semaine.")).to_be_visible()


def _le_service_repond(guichet: Page, connecter: Callable[..., None]) -> None:
    connecter(guichet, Agent.objects.get().compte)
    guichet.goto("/guichet/messages/")
    soigne(guichet)
    guichet.get_by_role("link", name="Ma facture d’octobre").click()
    guichet.get_by_role("button", name="Je m’en occupe").click()
    soigne(guichet)
    guichet.get_by_label("Votre message").fill("La voici dans la semaine.")
    guichet.get_by_role("button", name="Envoyer la réponse").click()
    expect(guichet.get_by_role("status")).to_contain_text("prévenue par e-mail")
    assert Fil.objects.get(sujet="facture").attend_depuis is None


def test_1_mes_enfants_insertion_photo(
    dauphine: Foyer, page: Page, connecter: Callable[..., None], tmp_path: Path
) -> None:
    fichier = tmp_path / "elio.jpg"
    fichier.write_bytes(fichiers.photo_avec_lieu())
    connecter(page, dauphine.compte)
    page.goto("/")
    presser(page, page.get_by_role("link", name="Élio 7 ans"))
    for mot in ("Autorisations", "Données complémentaires", "Données sanitaires", "Déclarer une absence"):
        expect(page.get_by_role("link", name=mot)).to_be_visible()
    expect(page.get_by_role("link", name="Nouvelle inscription", exact=True)).to_be_visible()
    soigne(page)
    presser(page, page.get_by_role("link", name="Ajouter une photo"))
    expect(page.get_by_label("Photo", exact=True)).to_be_attached()
    soigne(page)
    page.get_by_label("Photo", exact=True).set_input_files(fichier)
    presser(page, page.get_by_role("button", name="Envoyer la photo"))
    expect(page.get_by_text("En attente du service")).to_be_visible()
    decision.accepter(Demande.objects.get(nature="photo").pk, auteur_agent(Agent.objects.get()))
    page.reload()
    largeur = page.locator(".tete").locator("xpath=..").locator("img").evaluate("image => image.naturalWidth")
    assert largeur == 400
    presser(page, page.get_by_role("button", name="Retirer la photo"))
    expect(page.get_by_role("link", name="Ajouter une photo")).to_be_visible()
