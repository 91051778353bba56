"""A new activity in a browser: without a script, by the keyboard, narrow and wide, by day and by night."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from marelle.activites.models import Activite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

from . import monde

pytestmark = pytest.mark.django_db(transaction=True)
NOUVELLE = "/guichet/activites/nouvelle/"


@pytest.fixture
def long_nom():
    """Names as long as they come, in two centres."""
    une = monde.activite(nombre=1)
    Activite.objects.filter(pk=une.pk).update(nom="Accueil de loisirs intercommunal des mercredis et des samedis")
    une.unites.filter(code="journee").update(nom="Journée complète avec repas, goûter et transport compris")
    return une


@pytest.mark.parametrize(("largeur", "theme"), [(360, "dark"), (1280, "light")])
def test_les_pages_se_lisent_partout(nouvelle_page, connecter, nadia, karim, long_nom, largeur, theme):
    Authenticator.objects.create(user=karim.compte, type="totp", data={"secret": "x"})
    page = nouvelle_page(largeur, 900, theme=theme, tactile=largeur == 360)
    connecter(page, nadia.compte)
    for adresse in (NOUVELLE, f"/guichet/activites/{long_nom.pk}/", "/guichet/agents/", "/guichet/activites/"):
        page.goto(adresse)
        for pli in page.locator("main summary").all():
            pli.click()
        sans_debordement(page)
        sans_defaut_axe(page)
    page.goto(NOUVELLE)
    page.get_by_role("button", name="Créer l’activité").click()
    sans_defaut_axe(page)


def test_sans_script_une_ligne_de_plus_et_entree_enregistre(nouvelle_page, connecter, karim, chaveignes):
    """The key « Entrée » presses the first button of a form: it must save, not take a row away."""
    page = nouvelle_page(1280, 900, javascript=False)
    connecter(page, karim.compte)
    page.goto(f"/guichet/activites/{chaveignes.pk}/")
    page.get_by_role("button", name="Ajouter une unité").click()
    nom = page.locator("#id_unites-2-nom")
    expect(nom).to_be_focused()
    nom.fill("Après-midi")
    page.locator("#unites-2").get_by_label("Après-midi", exact=True).check()
    page.locator("#id_unites-2-debut").fill("13:30")
    page.locator("#id_unites-2-fin").fill("18:00")
    nom.press("Enter")
    expect(page.get_by_text("Chaveignes mercredis : c’est enregistré.")).to_be_visible()
    assert list(chaveignes.unites.order_by("ordre").values_list("code", flat=True)) == [
        "journee",
        "matin",
        "apres-midi",
    ]
