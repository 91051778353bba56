"""The accounts in a browser: an agent reads what is wrong, makes the file, downloads it; the same pages at 360 px."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marelle.comptes.models import Agent
from marelle.creances.models import Facture
from marelle.creances.payeurs import payeur_de
from tests.distribution import Foyer
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

pytestmark = pytest.mark.django_db(transaction=True)


def test_verifier_faire_le_fichier_et_le_telecharger(
    nouvelle_page: Callable[..., Page],
    connecter: Callable[[Page, Any], None],
    agent: Agent,
    facturer: Callable[..., Facture],
    fauvel: Foyer,
) -> None:
    facturer(4860)
    fautive = facturer(385, payeur_de(fauvel.famille))
    fauvel.ines.civilite = ""
    fauvel.ines.save()
    page = nouvelle_page()
    connecter(page, agent.compte)
    page.goto("/guichet/finances/")
    page.get_by_role("link", name="Comptabilité").click()
    page.get_by_role("link", name="Vérifier et envoyer : Titres du service").click()
    expect(page.get_by_text(f"Facture {fautive.numero}").first).to_be_visible()
    sans_defaut_axe(page)
    page.get_by_label("Laisser de côté").check()
    page.get_by_role("button", name="Faire le fichier").click()
    expect(page.get_by_role("heading", name="Rôle ORMC 2026-1")).to_be_visible()
    sans_defaut_axe(page)
    with page.expect_download() as attente:
        page.get_by_role("link", name="Télécharger le fichier").click()
    assert attente.value.suggested_filename == "PESORMC_20007229000014_2026_06_0000001.xml"
    petite = nouvelle_page(360, 740, tactile=True, theme="dark")
    connecter(petite, agent.compte)
    for adresse in ("", "1/", "envois/", "retours/", "organismes/", "caf/", "1/logiciel/"):
        petite.goto(f"/guichet/finances/comptabilite/{adresse}")
        sans_debordement(petite)
    sans_defaut_axe(petite)
