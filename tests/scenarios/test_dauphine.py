"""The guide of the Vals du Dauphiné, §6 to §8: the agenda, by right-click at a desk, long press on a telephone, and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from marelle.demandes import decision
from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.reservations.models import Absence
from tests.distribution import Foyer, auteur_agent, karim
from tests.monde import portail, reserver, roussel_prets, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]

MERCREDI_9, MERCREDI_16 = date(2026, 12, 9), date(2026, 12, 16)


@pytest.fixture
def dauphine(transactional_db: None, horloge: Callable[[str], object]) -> Foyer:
    """The portal of the Vals du Dauphiné; Élio is booked on 9 December."""
    horloge(MAINTENANT)
    portail("vals-du-dauphine")
    karim()
    foyer = roussel_prets()
    reserver(foyer, foyer.enfants["elio"], unite("saint-victor-mercredis"), MERCREDI_9)
    return foyer


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def est_tactile(page: Page) -> bool:
    return bool(page.viewport_size and page.viewport_size["width"] < 500)


def presser(page: Page, ou: Locator) -> None:
    ou.tap() if est_tactile(page) else ou.click()


def a_l_agenda(page: Page, foyer: Foyer) -> None:
    """« Vous positionner sur l'enfant », then the month."""
    page.goto("/inscription/")
    presser(page, page.get_by_role("link", name="Ouvrir l’agenda"))
    if page.get_by_role("heading", name="Agenda d’Élio").count() == 0:
        presser(page, page.get_by_role("navigation", name="Enfant").get_by_role("link", name="Élio"))
    expect(page.get_by_role("heading", name="Agenda d’Élio")).to_be_visible()
    presser(page, page.get_by_role("link", name="Mois suivant"))
    expect(page.get_by_role("heading", name="Décembre 2026")).to_be_visible()


def jour(page: Page, le: date) -> Locator:
    return page.locator(f"#j-{le.isoformat()}")


def ouvrir_le_menu(page: Page, le: date) -> Locator:
    """« Effectuer un clic avec le bouton droit de la souris »; a long press on a telephone."""
    if est_tactile(page):
        _appui_long(page, jour(page, le).locator(".date"))
    else:
        jour(page, le).locator(".date").click(button="right")
    menu = page.get_by_role("menu")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    return menu


def _appui_long(page: Page, ou: Locator) -> None:
    ou.scroll_into_view_if_needed()
    boite = ou.bounding_box()
    assert boite
    point = {"x": boite["x"] + 10, "y": boite["y"] + 10}
    outil = page.context.new_cdp_session(page)
    outil.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    page.wait_for_timeout(700)
    outil.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    outil.detach()


def accepter_tout() -> None:
    from marelle.comptes.models import Agent

    agent = auteur_agent(Agent.objects.get())
    for demande in Demande.objects.filter(etat="deposee"):
        decision.accepter(demande.pk, agent)


def test_6_demande_de_reservation(dauphine: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, dauphine.compte)
    a_l_agenda(page, dauphine)
    sans_debordement(page)
    sans_defaut_axe(page)
    menu = ouvrir_le_menu(page, MERCREDI_16)
    sans_defaut_axe(page)
    choix = menu.get_by_role("menuitem", name="Demande de réservation : journée avec repas, Saint-Victor mercredis")
    presser(page, choix)
    expect(page.get_by_role("status")).to_contain_text("Accusé de réception")
    expect(jour(page, MERCREDI_16)).to_contain_text("en attente")
    assert Demande.objects.get(etat="deposee").nature == "reservation"
    accepter_tout()
    page.reload()
    expect(jour(page, MERCREDI_16)).to_contain_text("réservé")
    assert verifier() == []


def test_7_declarer_une_absence(dauphine: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, dauphine.compte)
    a_l_agenda(page, dauphine)
    presser(page, ouvrir_le_menu(page, MERCREDI_9).get_by_role("menuitem", name="Déclarer une absence"))
    expect(page.get_by_role("heading", name="Déclarer une absence")).to_be_visible()
    sans_debordement(page)
    sans_defaut_axe(page)
    presser(page, page.get_by_text("Autre", exact=True))
    presser(page, page.get_by_role("button", name="Déclarer l’absence"))
    expect(page.get_by_role("alert")).to_contain_text("Autre")
    presser(page, page.get_by_text("Maladie", exact=True))
    presser(page, page.get_by_role("button", name="Déclarer l’absence"))
    expect(jour(page, MERCREDI_9)).to_contain_text("absence déclarée, en attente")
    accepter_tout()
    page.reload()
    expect(jour(page, MERCREDI_9)).to_contain_text("absence déclarée, maladie")
    assert Absence.objects.get().motif == "maladie"
    presser(page, ouvrir_le_menu(page, MERCREDI_9).get_by_role("menuitem", name="Retirer la déclaration d’absence"))
    expect(jour(page, MERCREDI_9)).to_contain_text("réservé")
    assert verifier() == []


def test_8_liste_des_demandes_mes_enfants(dauphine: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, dauphine.compte)
    page.goto("/demandes/")
    presser(page, page.get_by_role("link", name="Traitées depuis un mois"))
    page.get_by_label("Montrer").select_option(label="Mes enfants")
    presser(page, page.get_by_role("button", name="Filtrer"))
    expect(page.get_by_role("table")).to_contain_text("Élio")
    page.get_by_label("Montrer").select_option(label="Mon compte")
    presser(page, page.get_by_role("button", name="Filtrer"))
    expect(page.get_by_text("Rien à montrer")).to_be_visible()


def test_le_menu_du_jour_au_clavier(
    dauphine: Foyer, nouvelle_page: Callable[..., Page], connecter: Callable[..., None]
) -> None:
    page = nouvelle_page(1280, 900)
    connecter(page, dauphine.compte)
    page.goto(f"/agenda/{dauphine.enfants['elio'].pk}/?mois=2026-12")
    actions = jour(page, MERCREDI_9).get_by_role("button", name="Actions du mercredi 9 décembre")
    actions.focus()
    for touche in ("Shift+F10", "ContextMenu", "Enter"):
        actions.press(touche)
        menu = page.get_by_role("menu")
        expect(menu.get_by_role("menuitem").first).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(menu.get_by_role("menuitem").last).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_have_count(0)
        expect(actions).to_be_focused()


def test_sans_script_la_page_du_jour(
    dauphine: Foyer, nouvelle_page: Callable[..., Page], connecter: Callable[..., None]
) -> None:
    page = nouvelle_page(360, 740, javascript=False)
    connecter(page, dauphine.compte)
    page.goto(f"/agenda/{dauphine.enfants['elio'].pk}/?mois=2026-12")
    jour(page, MERCREDI_16).get_by_role("link", name="Actions du mercredi 16 décembre").click()
    page.get_by_role("button", name="Demander Journée avec repas, Saint-Victor mercredis").click()
    expect(jour(page, MERCREDI_16)).to_contain_text("en attente")
