"""The letter box of the demonstration: there only, readable by everyone, and never in production."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from playwright.sync_api import Page

from marelle.courriels import service
from marelle.courriels.models import Courriel
from marelle.reglages import env
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

BOITE = reverse_lazy("demonstration:courriels")


@pytest.fixture
def courriel(db: None, monkeypatch: pytest.MonkeyPatch) -> Courriel:
    monkeypatch.setattr(env, "DEMO", True)
    [courriel] = service.ecrire("essai", ["camille+portail@exemple.fr"], {"lien": "x"}, confidentiel=True)
    return courriel


def test_on_y_lit_les_messages_et_on_garde_ceux_d_une_adresse(client: Client, courriel: Courriel) -> None:
    service.ecrire("essai", ["leo@exemple.fr"], {})
    assert client.get(BOITE).content.decode().count("Essai d’envoi") == 2
    d_une_adresse = client.get(BOITE, {"a": "camille+portail@exemple.fr"}).content.decode()
    assert "leo@exemple.fr" not in d_une_adresse
    page = client.get(reverse("demonstration:courriel", args=[courriel.pk])).content.decode()
    assert "L’envoi des courriels fonctionne" in page
    assert "CC des Essais" in page


def test_la_mise_en_page_garde_ses_styles_mais_aucun_script(client: Client, courriel: Courriel) -> None:
    reponse = client.get(reverse("demonstration:courriel_html", args=[courriel.pk]))
    regles = reponse.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'none'", "style-src 'unsafe-inline'"} <= set(regles)


def test_les_pages_suivantes_gardent_l_adresse(client: Client, courriel: Courriel) -> None:
    for n in range(40):
        ecrit_le = timezone.now() - timedelta(minutes=n)
        Courriel.objects.create(destinataire=courriel.destinataire, objet="Un", gabarit="essai", cree_le=ecrit_le)
    page = client.get(BOITE, {"a": courriel.destinataire}).content.decode()
    assert "?a=camille%2Bportail%40exemple.fr&amp;page=2" in page


@pytest.mark.parametrize(("nom", "valeur"), [("DEMO", False), ("PRODUCTION", True), ("COURRIEL_URL", "smtp://mx")])
def test_ailleurs_que_dans_la_demonstration_ces_pages_n_existent_pas(
    client: Client, courriel: Courriel, monkeypatch: pytest.MonkeyPatch, nom: str, valeur: object
) -> None:
    monkeypatch.setattr(env, nom, valeur)
    for adresse in (
        BOITE,
        reverse("demonstration:courriel", args=[courriel.pk]),
        reverse("demonstration:courriel_html", args=[courriel.pk]),
    ):
        assert client.get(adresse).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("largeur", "theme"), [(360, "dark"), (1280, "light")])
def test_les_pages_se_lisent_partout(
    nouvelle_page: Callable[..., Page], courriel: Courriel, largeur: int, theme: str
) -> None:
    page = nouvelle_page(largeur, 800, theme=theme)
    page.goto(str(BOITE))
    sans_defaut_axe(page)
    sans_debordement(page)
    page.get_by_role("link", name="Essai d’envoi").click()
    sans_defaut_axe(page)
    sans_debordement(page)
    mise_en_page = page.get_by_role("link", name="Voir la mise en page").get_attribute("href")
    page = nouvelle_page(largeur, 800, theme=theme)
    page.goto(mise_en_page)
    sans_defaut_axe(page)
    sans_debordement(page)
