"""The guide of the CC Chablis Villages et Terroirs, its booking steps replayed: with a mouse at 1280 px, by touch at 360 px.
Each step is named after the guide's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from tests.distribution import MOT_DE_PASSE, Foyer, karim
from tests.monde import portail, roussel_prets
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]


@pytest.fixture
def chablis(transactional_db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge(MAINTENANT)
    portail("chablis")
    karim()
    return roussel_prets()


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def presser(page: Page, ou: Locator) -> None:
    taille = page.viewport_size
    assert taille is not None
    ou.tap() if taille["width"] < 500 else ou.click()


def choisir_l_enfant_et_l_activite(page: Page, activite: str = "Chablis mercredi, journée avec repas") -> None:
    """A : choix de l'enfant. B : choix de l'activité."""
    page.goto("/")
    presser(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Inscription"))
    presser(page, page.get_by_role("link", name="Choisir sur le mois"))
    presser(page, page.get_by_role("link", name="Anouk Roussel-Lemoine"))
    presser(page, page.get_by_role("link", name=activite, exact=True))
    expect(page.get_by_role("heading", name="Novembre 2026")).to_be_visible()
    presser(page, page.get_by_role("link", name="Mois suivant"))
    expect(page.get_by_role("heading", name="Décembre 2026")).to_be_visible()


def test_1_me_connecter_par_mon_email_puis_3_c_cliquer_dans_le_calendrier(chablis: Foyer, page: Page) -> None:
    page.goto("/")
    page.get_by_label("Identifiant ou adresse e-mail").fill(chablis.compte.email)
    page.get_by_label("Mot de passe", exact=True).fill(MOT_DE_PASSE)
    presser(page, page.get_by_role("button", name="Se connecter"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    choisir_l_enfant_et_l_activite(page)
    expect(page.locator("button.jour", has_text="62 places").first).to_be_visible()
    sans_debordement(page)
    sans_defaut_axe(page)
    page.get_by_label("Départ").first.select_option(label="Beine, mairie – 7\u00a0h\u00a040")
    presser(page, page.get_by_role("button", name="mercredi 2 décembre"))
    expect(page.locator("button.jour[data-etat=panier]")).to_have_count(1)
    presser(page, page.get_by_role("button", name="mercredi 9 décembre"))
    expect(page.locator("button.jour[data-etat=panier]")).to_have_count(2)
    presser(page, page.get_by_role("link", name="Suivant : voir le panier"))
    expect(page.get_by_text("Bus\u00a0: départ Beine, mairie").first).to_be_visible()
    presser(page, page.get_by_role("button", name="Valider ma demande"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre demande est envoyée")
    [demande] = Demande.objects.filter(etat="deposee")
    assert demande.jours.filter(trajet__arret_aller__nom="Beine, mairie").count() == 2
    assert verifier() == []


def test_3_c_inscriptions_multiples_avec_le_bus(chablis: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, chablis.compte)
    choisir_l_enfant_et_l_activite(page)
    formulaire = page.locator("#multiples")
    formulaire.get_by_label("Du", exact=True).fill("2026-12-01")
    formulaire.get_by_label("Au", exact=True).fill("2026-12-31")
    presser(page, formulaire.locator("label.choix", has_text="mer."))
    expect(formulaire.get_by_label("Départ")).to_have_value("non")
    formulaire.get_by_label("Retour").select_option(label="Milly, école – 17\u00a0h\u00a042")
    presser(page, formulaire.get_by_role("button", name="Valider"))
    expect(page.locator("button.jour[data-etat=panier]")).to_have_count(3)
    sans_debordement(page)
    sans_defaut_axe(page)
    assert Demande.objects.get().jours.filter(trajet__arret_retour__nom="Milly, école").count() == 3


def test_3_supprimer_une_demande_par_le_calendrier(chablis: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, chablis.compte)
    choisir_l_enfant_et_l_activite(page)
    presser(page, page.get_by_role("button", name="mercredi 2 décembre"))
    expect(page.locator("button.jour[data-etat=panier]")).to_have_count(1)
    page.wait_for_timeout(450)  # sooner, it would be the second half of a double-click
    presser(page, page.get_by_role("button", name="mercredi 2 décembre"))
    expect(page.locator("button.jour[data-etat=panier]")).to_have_count(0)
    assert not Demande.objects.exists()
