"""Online payments at the desk: who sees them, who may put one away, and the try of the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from marelle.creances.models import Facture, Mandat, Paiement, Regie
from marelle.journal.models import Entree
from marelle.paiements.interrogation import interroger
from marelle.paiements.models import Etat, Tentative
from marelle.paiements.selection import a_verifier
from tests.distribution import karim, lucas, nadia
from tests.paiements.conftest import Simulateur

pytestmark = pytest.mark.django_db
LISTE = "/guichet/finances/en-ligne/"


def connecte(agent: Any) -> Client:
    client = Client()
    client.force_login(agent.compte)
    return client


@pytest.fixture
def ecartee(facturer: Callable[..., Facture], commencer: Callable[..., Tentative], payfip: Simulateur) -> Tentative:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    payfip(idop=tentative.idop, falsifier={"montant": "1"})
    return interroger(tentative)


def test_ce_qui_est_a_verifier_se_voit_au_guichet(ecartee: Tentative) -> None:
    page = connecte(karim()).get(LISTE)
    for mot in (ecartee.refdet, "Camille Roussel", "montant", "À vérifier (1)", "Le régisseur regarde"):
        assert mot in page.content.decode(), mot
    assert "Paiements en ligne" in connecte(nadia()).get("/guichet/finances/").content.decode()
    assert connecte(lucas()).get(LISTE).status_code == 403


def test_seul_un_mandataire_classe_et_dit_ce_qu_il_a_fait(ecartee: Tentative, regie: Regie) -> None:
    agent = nadia()
    client, adresse = connecte(agent), f"{LISTE}{ecartee.pk}/classement"
    assert client.post(adresse, {"suite": "Encaissé"}).status_code == 403  # direction, without a mandate
    Mandat.objects.create(regie=regie, agent=agent, qualite="titulaire", debut=date(2020, 1, 1))
    assert client.post(adresse, {"suite": " "}).status_code == 400
    assert client.post(adresse, {"suite": "Jamais reçu\x00 sur le compte DFT"}).status_code == 302
    assert list(a_verifier()) == []
    assert client.post(adresse, {"suite": "encore"}).status_code == 409
    assert connecte(karim()).post(adresse, {"suite": "x"}).status_code == 403
    assert not Paiement.objects.exists()
    assert Entree.objects.get(action="paiement.en_ligne.classe").details["suite"] == "Jamais reçu sur le compte DFT"
    assert "Jamais reçu" in client.get(LISTE, {"vue": "toutes"}).content.decode()


def test_demander_a_payfip_depuis_le_guichet(
    facturer: Callable[..., Facture], commencer: Callable[..., Tentative], payfip: Simulateur
) -> None:
    tentative = commencer(facturer(4860))
    client = connecte(karim())
    assert tentative.refdet in client.get(LISTE, {"vue": "en_cours"}).content.decode()
    payfip.issue(tentative, "P")
    assert client.post(f"{LISTE}{tentative.pk}/verification").status_code == 302
    assert Tentative.objects.get().etat == Etat.PAYEE
    assert client.post(f"{LISTE}999999/verification").status_code == 404


def test_essayer_les_reglages(regie: Regie, payfip: Simulateur) -> None:
    page = connecte(nadia()).post(f"{LISTE}essai").content.decode()
    assert "REGIE DE DEMONSTRATION" in page
    assert "PayFiP refuse (T2)" in page  # the régie of the tests whose number is unknown
    assert connecte(karim()).post(f"{LISTE}essai").status_code == 403


@pytest.mark.processus
def test_la_commande_essaie_les_reglages(
    marelle: Callable[..., Any], environnement_base: dict[str, str], regie: Regie, payfip: Simulateur
) -> None:
    fait = marelle("payfip", "essayer", env={**environnement_base, "MARELLE_PAYFIP_ADRESSE": payfip.adresse})
    assert fait.returncode == 1
    assert "✗ Régie sans partie, numéro client 999999" in fait.stdout
