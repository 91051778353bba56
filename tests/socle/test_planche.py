"""The board of components in a real browser: no accessibility defect, and what marelle.js adds to a page."""

import pytest
from playwright.sync_api import Page, expect

from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.salle.regard import regarder

pytestmark = pytest.mark.django_db

COMPTE_LES_ENVOIS = (
    "addEventListener('submit', (e) => { window.envois = (window.envois || 0) + 1; e.preventDefault(); })"
)


def le(page: Page, jour: int):
    """The square of a day of December 2026 in the month's table."""
    return page.locator("table.mois .jour").filter(has=page.locator(".n", has_text=str(jour))).nth(0)


def focalise(page: Page) -> str:
    return page.evaluate("document.activeElement.querySelector('.n')?.innerText.match(/\\d+/)[0] || ''")


@pytest.mark.parametrize("face", ["famille", "guichet"])
def test_aucun_defaut_d_accessibilite(nouvelle_page, face):
    page = nouvelle_page()
    page.goto(f"/planche/?face={face}")
    expect(page.locator("table.mois")).to_have_attribute("role", "grid")
    fautes = regarder(page, f"/planche/?face={face}", tout=True)
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize("adresse", ["/nulle-part/", "/planche/?face=public"])
def test_pages_sans_compte(nouvelle_page, adresse):
    for largeur, theme in ((360, "dark"), (1280, "light")):
        page = nouvelle_page(largeur, theme=theme)
        page.goto(adresse)
        sans_defaut_axe(page)
        sans_debordement(page)


def test_le_mois_se_parcourt_aux_fleches(page_bureau):
    page = page_bureau
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto("/planche/")
    assert page.locator("table.mois .jour[tabindex='0']").count() == 1  # one stop for Tab
    page.locator("table.mois button[value='2026-12-22']").focus()
    for touche, jour in [
        ("ArrowRight", "23"), ("ArrowDown", "30"), ("ArrowUp", "23"), ("ArrowLeft", "22"), ("Home", "21"),
        ("End", "27"), ("ArrowRight", "28"), ("ArrowLeft", "27"), ("ArrowUp", "20"),
    ]:  # fmt: skip
        page.keyboard.press(touche)
        assert focalise(page) == jour, touche
    page.keyboard.press("PageDown")
    expect(page).to_have_url("/planche/#janvier")
    page.locator("table.mois button[value='2026-12-22']").focus()
    page.keyboard.press("PageUp")
    expect(page).to_have_url("/planche/#novembre")


def test_entree_et_espace_appuient(page_bureau):
    page_bureau.goto("/planche/")
    page_bureau.evaluate(COMPTE_LES_ENVOIS)
    page_bureau.locator("table.mois button[value='2026-12-22']").focus()
    page_bureau.keyboard.press("Enter")
    page_bureau.wait_for_timeout(450)
    page_bureau.keyboard.press("Space")
    assert page_bureau.evaluate("window.envois") == 2


def test_sur_telephone_les_fleches_sautent_le_week_end(page_telephone):
    page_telephone.goto("/planche/")
    page_telephone.locator("table.mois button[value='2026-12-22']").focus()
    page_telephone.keyboard.press("End")
    assert focalise(page_telephone) == "25"
    page_telephone.keyboard.press("ArrowRight")
    assert focalise(page_telephone) == "28"


def test_un_double_clic_est_une_seule_action(page_bureau):
    page_bureau.goto("/planche/")
    page_bureau.evaluate(COMPTE_LES_ENVOIS)
    bouton = page_bureau.locator("table.mois button[value='2026-12-22']")
    bouton.dblclick()
    assert page_bureau.evaluate("window.envois") == 1
    page_bureau.wait_for_timeout(450)
    bouton.click()
    assert page_bureau.evaluate("window.envois") == 2


def test_clic_droit_et_appui_long_sont_comme_le_clic(page_bureau, nouvelle_page):
    page_bureau.goto("/planche/")
    page_bureau.evaluate(COMPTE_LES_ENVOIS)
    page_bureau.locator("table.mois button[value='2026-12-22']").click(button="right")
    assert page_bureau.evaluate("window.envois") == 1

    telephone = nouvelle_page(360, 740, tactile=True)
    telephone.goto("/planche/")
    telephone.evaluate(COMPTE_LES_ENVOIS)
    appuyer = """([duree]) => new Promise((fini) => {
        const bouton = document.querySelector("table.mois button[value='2026-12-22']");
        const doigt = new Touch({ identifier: 1, target: bouton });
        const options = { bubbles: true, cancelable: true, touches: [doigt], changedTouches: [doigt] };
        bouton.dispatchEvent(new TouchEvent("touchstart", options));
        setTimeout(() => { bouton.dispatchEvent(new TouchEvent("touchend", options)); fini(); }, duree);
    })"""
    telephone.evaluate(appuyer, [100])
    assert telephone.evaluate("window.envois || 0") == 0
    telephone.evaluate(appuyer, [700])
    assert telephone.evaluate("window.envois") == 1


def test_le_menu_du_compte_se_ferme(page_bureau):
    page_bureau.goto("/planche/")
    page_bureau.evaluate(
        "document.querySelector('.outils').insertAdjacentHTML('beforeend', '<details class=\"menu\" open>"
        '<summary class="outil">Compte</summary><div class="flottant"><a href="#x">Aide</a></div></details>\')'
    )
    menu = page_bureau.locator("details.menu")
    menu.locator("a").focus()
    page_bureau.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page_bureau.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_quitter_un_panier_non_envoye_previent_mais_pas_d_une_page_a_l_autre(nouvelle_page):
    page = nouvelle_page(neuve=True)
    avertis: list[str] = []
    page.on("dialog", lambda dialogue: (avertis.append(dialogue.type), dialogue.accept()))
    page.goto("/planche/")
    page.locator("h1").click()  # browsers warn only somebody who has touched the page
    page.evaluate("document.body.setAttribute('data-panier-non-envoye', '')")
    page.locator(".identite").click()
    page.wait_for_load_state()
    assert avertis == []
    page.locator("h1").click()
    page.evaluate("document.body.setAttribute('data-panier-non-envoye', '')")
    page.wait_for_timeout(1600)
    page.goto("about:blank")
    assert avertis == ["beforeunload"]


def test_le_statut_dit_l_effet(page_bureau):
    page_bureau.goto("/planche/")
    page_bureau.evaluate(
        "document.dispatchEvent(new CustomEvent('dire', { detail: { value: 'Mercredi 9 décembre est au panier.' } }))"
    )
    expect(page_bureau.get_by_role("status")).to_have_text("Mercredi 9 décembre est au panier.")


def test_tout_est_la_sans_javascript(nouvelle_page):
    page = nouvelle_page(360, 740, javascript=False)
    page.goto("/planche/")
    page.locator("table.mois button[value='2026-12-22']").click()
    expect(page).to_have_url("/planche/?jour=2026-12-22")
    sans_debordement(page)


def test_le_resume_des_erreurs_recoit_le_focus(page_bureau):
    page_bureau.goto("/planche/")
    expect(page_bureau.locator("[role=alert][autofocus]")).to_be_focused()
