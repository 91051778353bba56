"""The cryptogramme in a browser: done by itself with a script, a question that everybody can read without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from marelle.cryptogramme.nombres import en_lettres
from tests.distribution import MOT_DE_PASSE, Foyer, collectivite, famille_roussel
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

pytestmark = [pytest.mark.navigateur, pytest.mark.base]
EN_LETTRES = {en_lettres(nombre): nombre for nombre in range(1000)}
SANS_CALCUL = "Object.defineProperty(crypto, 'subtle', { value: undefined })"


@pytest.fixture
def roussel(transactional_db: None, horloge: Callable[[str], object]) -> Iterator[Foyer]:
    horloge("2026-11-18 10:00")
    collectivite("terres-val-de-loire")
    cache.clear()
    yield famille_roussel()
    cache.clear()


def repondre(page: Page) -> None:
    """What a person does: read the words, write the digits."""
    question = page.get_by_label("Écrivez en chiffres")
    mots = page.locator("label", has_text="Écrivez en chiffres").locator("strong").inner_text()
    question.fill(str(EN_LETTRES[mots]))


def est_entree(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def test_au_clavier_le_navigateur_repond_seul(roussel: Foyer, page_bureau: Page) -> None:
    page = page_bureau
    page.goto("/compte/connexion/")
    expect(page.get_by_role("status").filter(has_text="rien à recopier")).to_be_visible()
    expect(page.get_by_label("Écrivez en chiffres")).to_be_hidden()
    sans_defaut_axe(page)
    page.get_by_label("Identifiant ou adresse e-mail").focus()
    page.keyboard.type("FAM-00001")
    page.keyboard.press("Tab")
    page.keyboard.type("Ce-n-est-pas-le-bon")
    page.keyboard.press("Enter")  # whether the number is found or not: it leaves when it is
    expect(page.get_by_role("alert")).to_contain_text("Identifiant ou mot de passe incorrect")
    expect(page.get_by_label("Identifiant ou adresse e-mail")).to_have_value("FAM-00001")
    page.get_by_label("Identifiant ou adresse e-mail").focus()
    page.keyboard.press("Tab")
    page.keyboard.type(MOT_DE_PASSE)
    for _ in range(2):  # « Mot de passe oublié ? », then the button: nothing of the cryptogramme stands between
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Se connecter")).to_be_focused()
    page.keyboard.press("Enter")
    est_entree(page)


@pytest.mark.parametrize("javascript", [False, True], ids=["sans script", "sans calcul"])
def test_la_question_se_lit_et_se_repond(roussel: Foyer, nouvelle_page: Callable[..., Page], javascript: bool) -> None:
    page = nouvelle_page(360, 740, javascript=javascript, theme="dark", neuve=javascript)
    if javascript:
        page.add_init_script(SANS_CALCUL)
    page.goto("/compte/connexion/")
    page.get_by_label("Identifiant ou adresse e-mail").fill("FAM-00001")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_label("Écrivez en chiffres").fill("12")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("ce n’est pas le nombre demandé")
    expect(page.get_by_label("Identifiant ou adresse e-mail")).to_have_value("FAM-00001")
    expect(page.get_by_label("Écrivez en chiffres")).to_have_value("")
    sans_debordement(page)
    if javascript:
        sans_defaut_axe(page)
    page.get_by_role("link", name=re.compile("Cryptogramme")).click()
    expect(page.get_by_label("Écrivez en chiffres")).to_be_focused()
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    repondre(page)
    page.get_by_role("button", name="Se connecter").click()
    est_entree(page)
