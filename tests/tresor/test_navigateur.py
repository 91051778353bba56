"""The accounts in a browser: an agent reads what is wrong, makes the file, downloads it; the same pages at 360 px."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marelle.comptes.models import Agent
from marelle.creances.models import Facture
from marelle.creances.payeurs import payeur_de
from marelle.regie.models import MandatSepa
from marelle.tresor import envoi
from tests.distribution import Foyer
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.salle.regard import regarder

from .test_envoi import faire
from .test_mandats import mandat

__all__ = ["mandat"]

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


def test_ce_que_disent_un_fichier_annule_et_les_pages_de_qui_est_preleve(
    nouvelle_page: Callable[..., Page],
    connecter: Callable[[Page, Any], None],
    agent: Agent,
    facturer: Callable[..., Facture],
    mandat: Callable[..., MandatSepa],
    roussel: Foyer,
) -> None:
    facture = facturer(4860)
    facturer(1250)
    mandat(date(2026, 11, 1))
    export = faire(facture.regie, agent)
    famille = nouvelle_page()
    connecter(famille, roussel.compte)
    fautes = [
        faute
        for adresse in (f"factures/{facture.numero}/", "", "payer/")
        for faute in regarder(famille, f"/finances/{adresse}")
    ]
    expect(famille.get_by_text("prélève ces sommes")).to_be_visible()
    envoi.annuler(export.pk, "Poste inconnu", agent)
    bureau = nouvelle_page()
    connecter(bureau, agent.compte)
    fautes += regarder(bureau, f"/guichet/finances/comptabilite/envois/{export.pk}/")
    expect(bureau.get_by_text("saura demain matin")).to_be_visible()
    assert fautes == []
