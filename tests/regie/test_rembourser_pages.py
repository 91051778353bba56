"""The pages of a refund: shown before it is recorded, once; the payer's page, the journal and the family's pages say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from marelle.comptes.models import Agent
from marelle.creances.models import Paiement, Payeur, Regie
from marelle.creances.remboursement import rembourser
from marelle.creances.soldes import solde
from marelle.facturation.avoirs import faire_un_avoir, lignes_a_rendre
from marelle.regie.encaissements import recevoir
from tests.distribution import Foyer
from tests.salle.regard import regarder

from .conftest import Facturer, recu
from .test_pages import texte

pytestmark = pytest.mark.django_db
ICI = "/guichet/finances/regie/1/"
Guichet = Callable[[Agent], Client]


@pytest.fixture
def trop_paye(facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent) -> Paiement:
    """60 € for an invoice of 48,60 €."""
    facturer(payeur, 4860)
    return recevoir(regie, payeur, recu(6000), auteur=regisseuse)


def champs(page: str, **autres: str) -> dict[str, str]:
    """The form as the page gives it, and what is typed in it."""
    caches = dict(re.findall(r'<input type="hidden" name="(jeton|vu)" value="([^"]*)"', page))
    return {
        "montant": "11,40", "mode": "virement", "reference": "VIR 42", "date_remboursement": "2026-11-20",
        "motif": "Payé deux fois", **caches, **autres,
    }  # fmt: skip


def test_au_guichet_on_voit_puis_on_enregistre_une_fois(
    trop_paye: Paiement, guichet: Guichet, regisseuse: Agent, payeur: Payeur
) -> None:
    client, adresse = guichet(regisseuse), f"{ICI}payeurs/{payeur.pk}/remboursement/"
    assert f'href="{adresse}">Rembourser 11,40 €' in texte(client.get(f"{ICI}payeurs/{payeur.pk}/"))
    page = texte(client.get(adresse))
    assert 'name="montant" value="11,40"' in page
    vue = client.post(adresse, champs(page, montant="10"))
    assert (vue.status_code, Paiement.objects.count()) == (200, 1)
    assert "il restera 1,40 € à son crédit" in texte(vue)
    autre = client.post(adresse, champs(texte(vue), montant="11,40"))  # changed since: shown again
    assert (Paiement.objects.count(), "il ne restera rien à son crédit" in texte(autre)) == (1, True)
    faits = [client.post(adresse, champs(texte(autre))) for _ in range(2)]
    rendu = Paiement.objects.get(est_remboursement=True)
    assert [fait.url for fait in faits] == [f"{ICI}paiements/{rendu.pk}/"] * 2
    assert solde(payeur) == 0
    page = texte(client.get(faits[0].url))
    for phrase in (
        f"Remboursement {rendu.numero}",
        "−11,40 €",
        "VIR 42",
        "Rendu le 20 novembre",
        "Paiement Q-2026-01-000001",
    ):
        assert phrase in page, phrase
    assert "Imprimer la quittance" not in page
    assert client.get(f"{faits[0].url}quittance.pdf").status_code == 404
    assert f"Remboursement {rendu.numero}" in texte(client.get(f"{ICI}paiements/{trop_paye.pk}/"))
    assert "Rembourser" not in texte(client.get(f"{ICI}payeurs/{payeur.pk}/"))
    assert "remboursement : Payé deux fois" in texte(client.get(f"{ICI}journal/"))
    client.post(f"{ICI}paiements/{rendu.pk}/annulation", {"motif": "Compte clos"})
    assert solde(payeur) == -1140
    assert "Compte clos" in texte(client.get(faits[0].url))


@pytest.mark.parametrize(
    ("saisi", "dit", "statut"),
    [
        ({"montant": "11,41"}, "Il n’y a que 11,40 € à rembourser", 409),
        ({"montant": "0"}, "d’un montant positif, par exemple 11,40", 422),
        ({"montant": "abc"}, "Écrivez un montant positif", 422),
        ({"reference": ""}, "Donnez la référence du virement", 422),
        ({"mode": "especes"}, "La caisse tient 0,00 €", 409),
        ({"mode": "especes", "reference": ""}, "La caisse tient 0,00 €", 409),
        ({"mode": "cesu"}, "choisissez une des réponses de la liste", 422),
        ({"motif": ""}, "À remplir.", 422),
    ],
)
def test_une_saisie_qui_ne_va_pas_se_dit_et_reste(
    saisi: dict[str, str],
    dit: str,
    statut: int,
    trop_paye: Paiement,
    guichet: Guichet,
    regisseuse: Agent,
    payeur: Payeur,
) -> None:
    client, adresse = guichet(regisseuse), f"{ICI}payeurs/{payeur.pk}/remboursement/"
    reponse = client.post(adresse, champs(texte(client.get(adresse)), **saisi))
    assert (reponse.status_code, Paiement.objects.count()) == (statut, 1)
    page = texte(reponse)
    assert dit in page
    assert saisi.get("motif") == "" or "Payé deux fois" in page


def test_sans_mandat_ni_page_ni_remboursement(
    trop_paye: Paiement, guichet: Guichet, direction: Agent, secretariat: Agent, payeur: Payeur
) -> None:
    adresse = f"{ICI}payeurs/{payeur.pk}/remboursement/"
    client = guichet(direction)
    page = texte(client.get(adresse))
    assert "Enregistrer" not in page
    reponse = client.post(adresse, champs("", jeton="0b1f8b52-6f5c-4c39-9f0a-5f7f7d1f5a10"))
    assert reponse.status_code == 403
    assert guichet(secretariat).get(adresse).status_code in (403, 404)
    assert Paiement.objects.count() == 1


def test_la_famille_lit_ce_qui_lui_est_rendu(
    trop_paye: Paiement, guichet: Guichet, regisseuse: Agent, payeur: Payeur, roussel: Foyer
) -> None:
    famille = Client()
    famille.force_login(roussel.compte)
    assert "Vous êtes en avance de" in texte(famille.get("/finances/"))
    client, adresse = guichet(regisseuse), f"{ICI}payeurs/{payeur.pk}/remboursement/"
    vue = texte(client.post(adresse, champs(texte(client.get(adresse)))))
    client.post(adresse, champs(vue))
    rendu = Paiement.objects.get(est_remboursement=True)
    phrase = "Remboursement du 20 novembre 2026 : 11,40 € par virement"
    for page in ("/finances/releve/", "/finances/paiements/"):
        assert phrase in texte(famille.get(page)), page
    assert "Vous êtes en avance de" not in texte(famille.get("/finances/"))
    assert "Remboursé : 11,40 €" in texte(famille.get("/finances/paiements/"))
    assert famille.get(f"/finances/paiements/{rendu.pk}/quittance").status_code == 404


def test_un_avoir_rembourse_se_lit(
    regie: Regie,
    payeur: Payeur,
    regisseuse: Agent,
    direction: Agent,
    facturer: Facturer,
    guichet: Guichet,
    roussel: Foyer,
) -> None:
    facture = facturer(payeur, 4860, enfant=roussel.elio)
    recevoir(regie, payeur, recu(4860), auteur=regisseuse)
    lignes = {une.ligne.pk: 860 for une in lignes_a_rendre(facture)}
    avoir = faire_un_avoir(facture, lignes, "Absence justifiée", agent=direction)
    rembourser(regie, payeur, 860, "virement", auteur=regisseuse, motif="Absence justifiée")
    assert re.search(rf"Avoir {avoir.numero}.*Remboursé 8,60 €", _mots(guichet(direction), facture_emise(avoir.numero)))
    famille = Client()
    famille.force_login(roussel.compte)
    page = _mots(famille, "/finances/")
    assert "Remboursé" in page
    assert "Déduit" not in page


def _mots(client: Client, adresse: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", texte(client.get(adresse))).split())


def facture_emise(numero: str) -> str:
    return reverse("guichet:facture_emise", args=[numero])


@pytest.mark.django_db(transaction=True)
def test_les_pages_du_remboursement_se_regardent(
    trop_paye: Paiement, page_bureau: Page, connecter: Callable[[Page, Any], None], regisseuse: Agent, payeur: Payeur
) -> None:
    page = page_bureau
    connecter(page, regisseuse.compte)
    assert regarder(page, f"{ICI}payeurs/{payeur.pk}/remboursement/", tout=True) == []
    page.get_by_label("Référence du virement").fill("VIR 42")
    page.get_by_label("Pourquoi").fill("Payé deux fois")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("il ne restera rien à son crédit")).to_be_visible()
    assert regarder(page, tout=True) == []
    page.get_by_role("button", name="Enregistrer le remboursement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remboursement Q-2026-01-000002")
    assert regarder(page, tout=True) == []
