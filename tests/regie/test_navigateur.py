"""The cash desk in a browser: a cheque by the keyboard, its receipt, its deposit; each page is accessible and fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marelle.comptes.models import Agent
from marelle.creances.models import Paiement, Payeur, Regie
from marelle.regie import prelevements, relances
from marelle.regie.depots import fermer
from marelle.regie.encaissements import recevoir
from marelle.regie.mandats_sepa import SaisieMandat, saisir
from tests.salle.navigateur import sans_debordement
from tests.salle.regard import regarder

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db(transaction=True)
ICI = "/guichet/finances/regie/1/"


def test_un_cheque_au_clavier_sa_quittance_et_son_depot(
    page_bureau: Page,
    connecter: Callable[[Page, Any], None],
    facturer: Facturer,
    payeur: Payeur,
    regisseuse: Agent,
) -> None:
    facture = facturer(payeur, 4860)
    page, clavier = page_bureau, page_bureau.keyboard
    connecter(page, regisseuse.compte)
    page.goto(ICI)
    expect(page.get_by_label("Qui paie ?")).to_be_focused()
    clavier.type(facture.numero)
    clavier.press("Enter")
    expect(page.get_by_label("Montant reçu")).to_be_focused()
    expect(page.get_by_label("Montant reçu")).to_have_value("48,60")
    page.get_by_label("Espèces").check()
    expect(page.get_by_label("Banque")).to_be_hidden()
    page.get_by_label("Chèque", exact=True).check()
    expect(page.get_by_label("Nombre de titres")).to_be_hidden()
    page.get_by_label("Banque").focus()
    clavier.type("Crédit agricole")
    clavier.press("Tab")
    clavier.type("7654321")
    clavier.press("Enter")
    expect(page.get_by_text("48,60 € reçus, chèque")).to_be_visible()
    expect(page.get_by_label("Qui paie ?")).to_be_focused()
    quittance = page.get_by_role("link", name="Imprimer la quittance").get_attribute("href")
    assert page.request.get(quittance or "").body().startswith(b"%PDF-")
    page.get_by_role("link", name="Dépôts et versements").click()
    page.get_by_role("button", name="Clore le bordereau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bordereau B-2026-01-0001")
    assert Paiement.objects.get().depot.bordereau.montant_centimes == 4860


@pytest.fixture
def vie(facturer: Facturer, regie: Regie, payeur: Payeur, fauvel: Any, regisseuse: Agent) -> list[str]:
    """A régie that has lived: payments, a deposit, reminders, a mandate and a run; the addresses of its pages."""
    from marelle.creances.payeurs import payeur_de

    autre = payeur_de(fauvel.famille)
    facturer(autre, 12_345, date(2026, 8, 1), echeance=date(2026, 9, 1))
    facturer(payeur, 41_860, echeance=date(2026, 11, 1))
    facturer(payeur, 6480, date(2026, 11, 6))
    cheque = recevoir(regie, payeur, recu(20_000), auteur=regisseuse)
    recevoir(regie, payeur, recu(3000, "especes", "j2"), auteur=regisseuse)
    recevoir(regie, autre, recu(2000, "ancv", "j3"), auteur=regisseuse)
    clos = fermer(regie, "cheque", [cheque.pk], date_depot=date(2026, 11, 20), auteur=regisseuse)
    relances.envoyer(regie, [f"{autre.pk}-1"], auteur=regisseuse)
    signe = SaisieMandat("Inès Fauvel", "FR7630001007941234567890185", "", date(2026, 11, 1))
    saisir(regie, autre, signe, auteur=regisseuse)
    run = prelevements.preparer(regie, date(2026, 12, 15), auteur=regisseuse)
    return [
        ICI, f"{ICI}?q=fam", f"{ICI}?fait={cheque.pk}", f"{ICI}payeurs/{payeur.pk}/", f"{ICI}payeurs/{autre.pk}/",
        f"{ICI}payeurs/{payeur.pk}/mandat/", f"{ICI}payeurs/{payeur.pk}/relances/", f"{ICI}paiements/{cheque.pk}/",
        f"{ICI}journal/", f"{ICI}depots/", f"{ICI}depots/{clos.pk}/", f"{ICI}impayes/", f"{ICI}relances/",
        f"{ICI}transmission/", f"{ICI}prelevements/?jour=2026-12-20", f"{ICI}prelevements/{run.pk}/",
    ]  # fmt: skip


def test_les_pages_de_la_regie_se_lisent_par_tous(
    nouvelle_page: Callable[..., Page],
    connecter: Callable[[Page, Any], None],
    regisseuse: Agent,
    direction: Agent,
    vie: list[str],
) -> None:
    page = nouvelle_page()
    connecter(page, regisseuse.compte)
    fautes = [une for adresse in vie for une in regarder(page, adresse)]
    connecter(page, direction.compte)
    fautes += regarder(page, "/guichet/finances/regie/regisseurs/")
    assert not fautes, "\n".join(fautes)
    sans_debordement(page)
