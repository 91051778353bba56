"""A session that ends while a form is open costs nothing of what was typed, and leads nowhere that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, expect

from marelle.correspondance.models import Fil
from tests.distribution import Foyer
from tests.monde import portail, roussel_prets
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

pytestmark = pytest.mark.base
NOUVEAU = "/messages/nouveau/"
ICI = {"Origin": "http://testserver", "Referer": f"http://testserver{NOUVEAU}"}
TEXTE = "Élio viendra avec « Doudou » & sa valise.\nIl dort <tôt>."


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], Any]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    return roussel_prets()


def test_ce_qui_etait_ecrit_est_rendu(roussel: Foyer) -> None:
    reponse = Client().post(NOUVEAU, {"objet": "autre", "texte": TEXTE, "enfants": ["1", "2"]}, headers=ICI)
    page = reponse.content.decode()
    assert reponse.status_code == 403
    assert "Votre session s’est terminée" in page
    assert f'value="{TEXTE}"' in unescape(page)
    assert "<tôt>" not in page
    assert page.count('name="enfants"') == 2
    assert f'action="{NOUVEAU}"' in page
    assert "no-store" in reponse["Cache-Control"]


def test_un_fichier_est_a_choisir_de_nouveau(roussel: Foyer) -> None:
    """The rest is not sent without it."""
    fichier = SimpleUploadedFile("note.txt", b"bonjour")
    reponse = Client().post(NOUVEAU, {"texte": TEXTE, "fichier": fichier}, headers=ICI)
    assert reponse.status_code == 403
    assert "le fichier est à choisir de nouveau" in reponse.content.decode()
    assert 'method="post"' not in reponse.content.decode()
    assert "?next=%2Fmessages%2Fnouveau%2F" in reponse.content.decode()


def test_un_geste_sans_rien_d_ecrit_est_a_refaire(roussel: Foyer) -> None:
    """A button alone: no file was chosen, and nothing typed."""
    page = Client().post(NOUVEAU, {"csrfmiddlewaretoken": "d’avant"}, headers=ICI).content.decode()
    assert "reprenez la page, puis recommencez" in page
    assert "fichier" not in page


@pytest.mark.parametrize(
    ("ecrit", "origine"),
    [
        ({"oldpassword": "Marelle-pour-2026", "password1": "x", "password2": "x"}, "http://testserver"),
        ({"texte": TEXTE}, "https://ailleurs.exemple"),
        ({"texte": TEXTE}, ""),
    ],
)
def test_ni_un_mot_de_passe_ni_ce_qui_vient_d_ailleurs(roussel: Foyer, ecrit: dict[str, str], origine: str) -> None:
    entetes = {"Origin": origine} if origine else {}
    for strict in (False, True):
        reponse = Client(enforce_csrf_checks=strict).post(NOUVEAU, ecrit, headers=entetes)
        assert reponse.status_code in (302, 403)
        assert not [une for une in ecrit.values() if len(une) > 1 and une in unescape(reponse.content.decode())]


def test_la_connexion_ramene_a_la_page_pas_a_une_adresse_qui_ne_se_lit_pas(roussel: Foyer) -> None:
    """`/panier/envoi` only takes a form."""
    reponse = Client().post("/panier/envoi", {}, HTTP_REFERER="http://testserver/panier/")
    assert reponse["Location"] == "/compte/connexion/?next=%2Fpanier%2F"
    ailleurs = Client().post("/panier/envoi", {}, HTTP_REFERER="https://ailleurs.exemple/panier/")
    assert ailleurs["Location"] == "/compte/connexion/?next=%2F"
    assert Client().get("/demandes/?etat=recue")["Location"] == "/compte/connexion/?next=/demandes/%3Fetat%3Drecue"


def test_un_appui_sur_un_jour_mene_a_la_connexion(roussel: Foyer) -> None:
    """Its answer would be drawn inside the calendar."""
    reponse = Client().post(
        "/panier/envoi", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/mois/?a=1"}
    )
    assert reponse["HX-Redirect"] == "/compte/connexion/?next=%2Fmois%2F%3Fa%3D1"
    assert not reponse.content


def test_un_formulaire_plus_ancien_que_la_connexion_est_rendu(roussel: Foyer) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(roussel.compte)
    client.get(NOUVEAU)
    ecrit = {"texte": TEXTE, "csrfmiddlewaretoken": "a" * 64}
    reponse = client.post(NOUVEAU, ecrit, headers=ICI)
    page = unescape(reponse.content.decode())
    assert reponse.status_code == 403
    assert "Ce formulaire a trop attendu" in page
    assert f'value="{TEXTE}"' in page
    assert "a" * 64 not in page
    presse = client.post(NOUVEAU, headers={"HX-Request": "true"})
    assert presse["HX-Refresh"] == "true"
    assert "Votre choix n’est pas parti" in client.get("/").content.decode()


def test_message_ecrit_puis_session_finie(
    roussel: Foyer, nouvelle_page: Callable[..., Page], connecter: Callable[..., None], live_server: Any
) -> None:
    """On a telephone: signed in again in the other tab, what was typed is sent without being typed again."""
    page = nouvelle_page(360, 740, tactile=True, neuve=True)
    connecter(page, roussel.compte)
    page.goto(NOUVEAU)
    page.locator("textarea").fill(TEXTE)
    page.get_by_label("Objet").fill("La sieste")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("main form button.premier").click()
    expect(page.locator("h1")).to_have_text("Votre session s’est terminée")
    sans_defaut_axe(page)
    sans_debordement(page)
    connecter(page, roussel.compte)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)  # signing in makes another
    page.get_by_role("button", name="Envoyer ce que j’ai écrit").click()
    expect(page.locator("h1")).to_have_text("Ce formulaire a trop attendu")
    page.get_by_role("button", name="Envoyer ce que j’ai écrit").click()
    expect(page.locator("main")).to_contain_text("Doudou")
    assert Fil.objects.get().messages.get().texte.split() == TEXTE.split()
