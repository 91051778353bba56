"""Exceptions of residence and waivers: granted by an agent with a reason and dates, they give the price; journaled."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.journal.models import Entree
from marelle.socle.memoire import oublier
from marelle.tarification.devis import Devis
from marelle.tarification.foyer import foyers_tarifaires
from marelle.tarification.models import DerogationTarifaire, TexteTarifs
from tests import distribution as gens
from tests.monde import portail, roussel_prets, unite

from .monde import quotient

pytestmark = pytest.mark.django_db
JOUR, AVANT, APRES = date(2026, 12, 9), date(2026, 11, 25), date(2027, 7, 7)
SAISIE = {
    "quoi": "residence:agent",
    "enfant": "",
    "du": "2026-12-01",
    "au": "2027-06-30",
    "motif": "Contrat vu le 17 novembre",
}


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> gens.Foyer:
    horloge("2026-11-18 10:00")
    portail()
    foyer = roussel_prets()
    quotient(foyer.famille, 1020)
    camille = foyer.adultes["camille"]
    camille.commune = "Tours"
    camille.save()
    oublier()
    return foyer


@pytest.fixture
def guichet(roussel: gens.Foyer) -> Client:
    client = Client()
    client.force_login(Agent.objects.get().compte)
    return client


def texte(reponse: Any) -> str:
    brut = reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", brut).split())


def adresse(foyer: gens.Foyer) -> str:
    return reverse("guichet:derogations", args=[foyer.famille.pk])


def prix(foyer: gens.Foyer, jour: date, enfant: str = "elio") -> tuple[int, str]:
    quoi = unite("chaveignes-mercredis")
    trouve = Devis(foyer.famille).prix(getattr(foyer, enfant).pk, "chaveignes-mercredis", quoi, jour)
    assert trouve is not None
    return trouve.total_centimes, trouve.explication


def test_l_enfant_d_un_agent_paie_comme_un_habitant_aux_dates_dites(guichet: Client, roussel: gens.Foyer) -> None:
    assert prix(roussel, JOUR)[0] == 1184
    page = texte(guichet.post(adresse(roussel), SAISIE, follow=True))
    assert "Dérogation accordée à la famille Roussel" in page
    assert "enfant d’un agent de la communauté de communes, tous les enfants" in page.replace(" ,", ",")
    centimes, dit = prix(roussel, JOUR)
    assert centimes == 1040
    assert "tarif des habitants" in dit
    assert [prix(roussel, jour)[0] for jour in (AVANT, APRES)] == [1184, 1184]
    assert Entree.objects.get(action="derogation.accord").details == {"sorte": "residence", "code": "agent"}


def test_pour_un_enfant_les_autres_gardent_la_majoration(guichet: Client, roussel: gens.Foyer) -> None:
    choix = {**SAISIE, "quoi": "residence:ecole", "enfant": str(roussel.elio.pk)}
    assert guichet.post(adresse(roussel), choix).status_code == 302
    assert prix(roussel, JOUR)[0] == 1040
    assert "Hors CC" in prix(roussel, JOUR, "jeanne")[1] or "hors CC" in prix(roussel, JOUR, "jeanne")[1]


def test_une_derogation_s_annule_avec_sa_raison(guichet: Client, roussel: gens.Foyer) -> None:
    guichet.post(adresse(roussel), SAISIE)
    une = DerogationTarifaire.objects.get()
    annuler = reverse("guichet:derogation_annulation", args=[roussel.famille.pk, une.pk])
    assert guichet.post(annuler, {"motif": " "}).status_code == 409
    assert guichet.post(annuler, {"motif": "Contrat fini"}).status_code == 302
    assert guichet.post(annuler, {"motif": "Encore"}).status_code == 409
    assert prix(roussel, JOUR)[0] == 1184
    autre = reverse("guichet:derogation_annulation", args=[gens.famille_fauvel().famille.pk, une.pk])
    assert guichet.post(autre, {"motif": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"quoi": "residence:voisin"}, "Choisissez une des réponses"),
        ({"motif": " "}, "À remplir."),
        ({"au": "2026-01-01"}, "La fin vient avant le début"),
        ({"enfant": "999999"}, "Choisissez une des réponses"),
    ],
)
def test_une_mauvaise_saisie_est_dite(
    guichet: Client, roussel: gens.Foyer, change: dict[str, str], phrase: str
) -> None:
    reponse = guichet.post(adresse(roussel), {**SAISIE, **change})
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert not DerogationTarifaire.objects.exists()


def test_qui_peut_quoi_et_ou_rien_n_est_prevu(guichet: Client, roussel: gens.Foyer) -> None:
    for qui in (gens.lucas().compte, roussel.compte):
        client = Client()
        client.force_login(qui)
        assert client.post(adresse(roussel), SAISIE).status_code in (302, 403, 404)
    assert not DerogationTarifaire.objects.exists()
    TexteTarifs.objects.all().delete()
    oublier()
    assert guichet.get(adresse(roussel)).status_code == 404


def test_une_dispense_est_connue_du_jour_a_facturer(roussel: gens.Foyer) -> None:
    texte_ = TexteTarifs.objects.latest("pk")
    excuse = '{ motif = "horaires", nom = "horaires irréguliers", dispense = true },\n  { motif = "maladie"'
    TexteTarifs.objects.create(
        texte=texte_.texte.replace('{ motif = "maladie"', excuse), source="essai", empreinte="dispense"
    )
    oublier()
    DerogationTarifaire.objects.create(
        famille=roussel.famille, sorte="dispense", code="horaires", du=JOUR, motif="Lettre de l’employeur"
    )
    foyer = foyers_tarifaires([roussel.famille.pk])[roussel.famille.pk]
    assert foyer.dispenses(roussel.elio.pk, JOUR) == ("horaires",)
    assert foyer.dispenses(roussel.elio.pk, AVANT) == ()


def test_la_base_refuse_une_derogation_sans_raison(roussel: gens.Foyer) -> None:
    with pytest.raises(IntegrityError):
        DerogationTarifaire.objects.create(famille=roussel.famille, sorte="residence", code="agent", du=JOUR, motif="")
