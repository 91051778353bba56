"""The guides' pages of money, replayed: each collectivité in its words, at a desk or on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from marelle.creances.encaissement import encaisser
from marelle.creances.models import Regie
from marelle.creances.payeurs import payeur_de
from tests.distribution import Foyer
from tests.factures import facture_de_septembre, facturer, ligne, regie_de
from tests.monde import portail, roussel_prets
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]


@pytest.fixture
def chez(transactional_db: None, horloge: Callable[[str], object]) -> Callable[[str], tuple[Regie, Foyer]]:
    def charger(code: str) -> tuple[Regie, Foyer]:
        horloge(MAINTENANT)
        portail(code)
        return regie_de(code), roussel_prets()

    return charger


def presser(page: Page, ou: Locator) -> None:
    ou.tap() if page.viewport_size and page.viewport_size["width"] < 500 else ou.click()


def menu_du_compte(page: Page, entree: str) -> None:
    presser(page, page.locator("details.menu > summary"))
    presser(page, page.locator("details.menu").get_by_role("link", name=entree, exact=True))


def se_lit(page: Page) -> None:
    sans_debordement(page)
    sans_defaut_axe(page)


def se_telecharge(page: Page, lien: Locator) -> None:
    adresse = lien.get_attribute("href") or ""
    reponse = page.request.get(adresse)
    assert reponse.headers["content-type"] == "application/pdf"
    assert reponse.body().startswith(b"%PDF-1.7")


def test_4_finances_payer_puis_telecharger_mes_factures(
    chez: Callable[[str], tuple[Regie, Foyer]], page_bureau: Page, connecter: Callable[..., None]
) -> None:
    """CC Touraine Val de Vienne, §4: « Finances », « Payer » (link to PayFiP), « Factures »."""
    regie, foyer = chez("cc-tvv")
    facture = facture_de_septembre(regie, foyer)
    page = page_bureau
    connecter(page, foyer.compte)
    page.goto("/")
    presser(page, page.locator(".outils > a").get_by_text("Finances"))
    payer = page.get_by_role("link", name="Payer sur PayFiP")
    expect(payer).to_have_attribute("href", "https://www.payfip.gouv.fr")
    expect(page.get_by_text("Elles ne sont pas sur cette facture")).to_be_visible()
    expect(page.get_by_text("ce portail ne sait pas ce qui est payé")).to_be_visible()
    expect(page.get_by_text("Payée", exact=True)).to_have_count(0)
    se_lit(page)
    se_telecharge(page, page.get_by_role("link", name=f"PDF de la facture {facture.numero}"))


def test_4_mon_compte_mes_factures_telecharger(
    chez: Callable[[str], tuple[Regie, Foyer]], page_telephone: Page, connecter: Callable[..., None]
) -> None:
    """Chablis, §4: « Mon compte », « Mes factures », then « télécharger » for each: number, date, amount."""
    regie, foyer = chez("chablis")
    for mois in (9, 10, 11):
        lignes = [ligne(foyer.elio, date(2026, mois - 1, 16), 4860)]
        derniere = facturer(regie, payeur_de(foyer.famille), lignes, le=date(2026, mois, 8))
    page = page_telephone
    connecter(page, foyer.compte)
    page.goto("/")
    menu_du_compte(page, "Mes factures")
    expect(page.get_by_role("heading", name="Mes factures", level=1)).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_text("48,60")).to_have_count(4)
    se_lit(page)
    se_telecharge(page, page.get_by_role("link", name=f"PDF de la facture {derniere.numero}"))
    presser(page, page.get_by_role("link", name=f"Facture {derniere.numero}", exact=True))
    expect(page.get_by_role("heading", name="Élio Roussel")).to_be_visible()
    se_lit(page)


def test_3_mes_factures_et_paiements_puis_facture_electronique(
    chez: Callable[[str], tuple[Regie, Foyer]], page_bureau: Page, connecter: Callable[..., None]
) -> None:
    """Terres du Val de Loire, §3: the seven columns, « Payer », « Mes paiements »; and the box « Facture électronique »."""
    regie, foyer = chez("terres-val-de-loire")
    premiere = facture_de_septembre(regie, foyer)
    encaisser(regie, payeur_de(foyer.famille), 11200, "en_ligne", auteur=None, date_paiement=date(2026, 10, 20))
    seconde = facturer(regie, payeur_de(foyer.famille), [ligne(foyer.elio, date(2026, 10, 7))], le=date(2026, 11, 6))
    page = page_bureau
    connecter(page, foyer.compte)
    page.goto("/")
    menu_du_compte(page, "Mes factures et paiements")
    colonnes = ["Facture", "Date facture", "Tiers facturé", "Montant facture", "Perçu", "À payer", "Payer, télécharger"]
    assert page.get_by_role("columnheader").all_inner_texts() == colonnes
    expect(page.get_by_role("row", name=premiere.numero).get_by_text("Payée", exact=True)).to_be_visible()
    payer = page.get_by_role("row", name=seconde.numero).get_by_role("link", name=f"Payer la facture {seconde.numero}")
    expect(payer).to_be_visible()
    page.get_by_label("J’accepte de recevoir mes factures par e-mail.").check()
    presser(page, page.get_by_role("button", name="Enregistrer"))
    expect(page.get_by_text("Vos factures vous seront envoyées par e-mail")).to_be_visible()
    expect(page.get_by_label("J’accepte de recevoir mes factures par e-mail.")).to_be_checked()
    se_lit(page)
    presser(page, page.get_by_role("link", name="Mes paiements"))
    expect(page.get_by_text("Carte bancaire en ligne (PayFiP)")).to_be_visible()
    se_telecharge(page, page.get_by_role("link", name="quittance en PDF"))
    se_lit(page)


def test_1_etat_du_solde_factures_impayees_puis_5_facturation(
    chez: Callable[[str], tuple[Regie, Foyer]], page_telephone: Page, connecter: Callable[..., None]
) -> None:
    """Vals du Dauphiné, §1 and §5: the home says the balance and the unpaid invoices; the invoice carries the previous
    balance; the statement of account; nothing is paid online."""
    regie, foyer = chez("vals-du-dauphine")
    facture_de_septembre(regie, foyer)
    lignes = [ligne(foyer.elio, date(2026, 10, 7), 1250)]
    novembre = facturer(regie, payeur_de(foyer.famille), lignes, le=date(2026, 11, 6), solde_anterieur_centimes=11200)
    page = page_telephone
    connecter(page, foyer.compte)
    page.goto("/")
    carte = page.locator("section", has=page.get_by_role("heading", name="Solde et factures"))
    expect(carte.get_by_text("124,50")).to_be_visible()
    presser(page, carte.get_by_role("link", name="Facture du 6 novembre"))
    expect(page.get_by_text("Solde antérieur")).to_be_visible()
    expect(page.get_by_text("124,50").first).to_be_visible()
    se_telecharge(page, page.get_by_role("link", name="Télécharger le PDF"))
    presser(page, page.get_by_role("link", name="Facturation"))
    expect(page.get_by_text("Il vous reste à payer")).to_be_visible()
    expect(page.get_by_role("link", name="Payer")).to_have_count(0)
    presser(page, page.get_by_role("link", name="Relevé de compte"))
    expect(page.get_by_role("row", name=novembre.numero).get_by_text("124,50")).to_be_visible()
    se_telecharge(page, page.get_by_role("link", name="Imprimer le relevé"))
    se_lit(page)
