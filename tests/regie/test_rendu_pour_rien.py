"""Money rejected after it was given back: no invoice asks for it, so the unpaid, the reminders and the family's pages say it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.creances.models import Paiement, Payeur, Regie
from marelle.creances.soldes import solde
from marelle.creances.verification import verifier
from marelle.regie import impayes, relances
from marelle.regie.encaissements import annuler, recevoir
from tests.distribution import Foyer
from tests.salle.regard import regarder

from .conftest import Facturer, recu
from .test_pages import texte
from .test_remboursements import demande
from .test_remboursements import rembourser as rendre

pytestmark = pytest.mark.django_db
ICI = "/guichet/finances/regie/1/"
JOUR = date(2026, 11, 20)


@pytest.fixture
def rendu(facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent) -> Paiement:
    """An invoice of 48,60 € paid in cash; 11,40 € paid by cheque and given back; then the cheque is rejected."""
    facturer(payeur, 4860)
    recevoir(regie, payeur, recu(4860, "especes"), auteur=regisseuse)
    cheque = recevoir(regie, payeur, recu(1140, jeton="j2"), auteur=regisseuse)
    fait = rendre(regie, payeur, demande(1140), auteur=regisseuse)
    annuler(cheque, "Chèque sans provision", auteur=regisseuse)
    return fait


def test_il_est_parmi_les_impayes_a_son_age(rendu: Paiement, regie: Regie, regisseuse: Agent) -> None:
    [un] = impayes.debiteurs(regie, JOUR)
    assert (un.factures, [rendu.remboursement for rendu in un.decouverts]) == ([], [rendu])
    assert (un.par_age, impayes.totaux([un])) == ([1140, 0, 0, 0], [1140, 0, 0, 0, 1140])
    assert impayes.debiteurs(regie, JOUR, 1) == []
    assert [un.par_age for un in impayes.debiteurs(regie, date(2026, 12, 22), 2)] == [[0, 0, 1140, 0]]
    ligne = impayes.en_csv([un], JOUR).decode("utf-8-sig").splitlines()[1]
    assert f"Remboursement {rendu.numero};20/11/2026;20/11/2026;non échu;11,40;11,40" in ligne
    recevoir(regie, rendu.payeur, recu(1140, jeton="j3"), auteur=regisseuse)
    assert impayes.debiteurs(regie, JOUR) == []
    assert verifier() == []


def test_avec_une_facture_les_deux_s_ajoutent(
    rendu: Paiement, facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    facturer(payeur, 1000, echeance=date(2026, 11, 1))
    [un] = impayes.debiteurs(regie, JOUR)
    assert (un.par_age, un.total_centimes, solde(payeur)) == ([1140, 1000, 0, 0], 2140, 2140)


def test_ce_qui_n_est_plus_du_n_y_est_plus(rendu: Paiement, regie: Regie, regisseuse: Agent) -> None:
    annuler(rendu, "Virement revenu", auteur=regisseuse)
    assert impayes.debiteurs(regie, JOUR) == []
    assert solde(rendu.payeur) == 0


def test_les_pages_du_regisseur_le_disent(
    rendu: Paiement, guichet: Callable[[Agent], Client], regisseuse: Agent, payeur: Payeur, regie: Regie
) -> None:
    client = guichet(regisseuse)
    page = texte(client.get(f"{ICI}impayes/"))
    assert f"remboursement {rendu.numero}" in page
    assert "paiement annulé le 20 novembre, chèque sans provision" in page
    assert "Ne pas relancer" not in page, "aucune relance ne le demande"
    assert "11,40 €" in page
    assert relances.proposer(regie, date(2027, 6, 1)) == []
    page = texte(client.get(f"{ICI}relances/"))
    assert "Sans facture, donc sans relance" in page
    assert f'href="{ICI}payeurs/{payeur.pk}/"' in page
    recevoir(regie, payeur, recu(1140, jeton="j3"), auteur=regisseuse)
    assert "Sans facture, donc sans relance" not in texte(client.get(f"{ICI}relances/"))


def test_la_page_du_payeur_propose_de_l_encaisser(
    rendu: Paiement, guichet: Callable[[Agent], Client], regisseuse: Agent, payeur: Payeur, facturer: Facturer
) -> None:
    client, adresse = guichet(regisseuse), f"{ICI}payeurs/{payeur.pk}/"
    page = texte(client.get(adresse))
    assert 'name="montant" value="11,40"' in page
    assert f"Sans facture, remboursement {rendu.numero}" in page
    assert "Rien n’est à payer" not in page
    facture = facturer(payeur, 1000)
    assert 'name="montant" value="21,40"' in texte(client.get(adresse))
    assert 'name="montant" value="10,00"' in texte(client.get(f"{adresse}?facture={facture.pk}"))


def test_la_famille_lit_ce_qu_elle_doit_et_pourquoi(rendu: Paiement, roussel: Foyer, facturer: Facturer) -> None:
    [courriel] = Courriel.objects.filter(gabarit="paiement_annule")
    dit = courriel.texte.replace("\u00a0", " ")
    assert "11,40 € vous avaient été rendus" in dit
    assert "Ce qu’il avait payé" not in dit, "il n’avait rien payé"
    famille = Client()
    famille.force_login(roussel.compte)
    page = texte(famille.get("/finances/"))
    assert "Il vous reste à payer" in page
    assert (
        "11,40 € vous ont été rendus le 20 novembre (Q-2026-01-000003), mais le paiement Q-2026-01-000002 "
        "d’où ils venaient a été annulé : chèque sans provision."
    ) in page
    assert f"avec le numéro {rendu.numero} au dos" in page
    accueil = texte(famille.get("/"))
    assert "11,40 € à rendre au service" in accueil


def test_le_courriel_d_un_paiement_qui_payait_aussi_une_facture_dit_les_deux(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    cheque = recevoir(regie, payeur, recu(6000), auteur=regisseuse)
    rendre(regie, payeur, demande(1140), auteur=regisseuse)
    annuler(cheque, "Chèque sans provision", auteur=regisseuse)
    [courriel] = Courriel.objects.filter(gabarit="paiement_annule")
    dit = courriel.texte.replace("\u00a0", " ")
    assert "11,40 € vous avaient été rendus" in dit
    assert "Ce qu’il avait payé est de nouveau à payer." in dit


def test_un_paiement_annule_qui_n_avait_pas_ete_rendu_ne_parle_pas_de_remboursement(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    annuler(recevoir(regie, payeur, recu(4860), auteur=regisseuse), "Chèque sans provision", auteur=regisseuse)
    [courriel] = Courriel.objects.filter(gabarit="paiement_annule")
    assert "rendus" not in courriel.texte
    assert "Ce qu’il avait payé est de nouveau à payer." in courriel.texte


@pytest.mark.django_db(transaction=True)
def test_ces_pages_se_regardent(
    rendu: Paiement,
    facturer: Facturer,
    page_bureau: Page,
    page_telephone: Page,
    connecter: Callable[[Page, Any], None],
    regisseuse: Agent,
    roussel: Foyer,
) -> None:
    connecter(page_bureau, regisseuse.compte)
    for adresse in ("impayes/", "relances/", f"payeurs/{rendu.payeur.pk}/"):
        assert regarder(page_bureau, f"{ICI}{adresse}", tout=True) == []
    connecter(page_telephone, roussel.compte)
    assert regarder(page_telephone, "/finances/", tout=True) == []
