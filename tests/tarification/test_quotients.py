"""The quotient of a household: entered at the desk and journaled, read by the family with what is used meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.journal.models import Entree
from marelle.pieces.models import Piece
from marelle.tarification.models import QuotientFamilial
from tests import distribution as gens
from tests.monde import portail, roussel_prets

from .monde import quotient

pytestmark = pytest.mark.django_db


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> gens.Foyer:
    horloge("2026-11-18 10:00")
    portail()
    return roussel_prets()


@pytest.fixture
def karim(roussel: gens.Foyer) -> Agent:
    return gens.karim()


@pytest.fixture
def guichet(karim: Agent) -> Client:
    client = Client()
    client.force_login(karim.compte)
    return client


@pytest.fixture
def camille(roussel: gens.Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def texte(reponse) -> str:
    brut = reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", brut).split())


def adresse(roussel: gens.Foyer) -> str:
    return reverse("guichet:quotients", args=[roussel.famille.pk])


SAISIE = {
    "valeur": "1020",
    "source": "cdap",
    "releve_le": "2026-11-17",
    "valable_du": "2026-09-01",
    "valable_au": "2027-08-31",
}


def test_un_agent_saisit_le_quotient_releve_sur_cdap(guichet: Client, karim: Agent, roussel: gens.Foyer) -> None:
    page = texte(guichet.get(adresse(roussel)))
    assert "Aucun : le tarif maximum s’applique." in page
    page = texte(guichet.post(adresse(roussel), SAISIE, follow=True))
    assert "Quotient 1 020 enregistré pour la famille Roussel." in page
    assert "1 020 , relevé sur CDAP le 17 novembre" in page
    un = QuotientFamilial.objects.get()
    assert (un.valeur, un.saisi_par, un.famille) == (1020, karim, roussel.famille)
    entree = Entree.objects.get(action="quotient.saisie")
    assert entree.dossier == f"famille:{roussel.famille.pk}"
    assert "1020" not in str(entree.details), "le journal ne garde pas la valeur"


def test_la_fin_de_validite_proposee_est_celle_de_la_collectivite(guichet: Client, roussel: gens.Foyer) -> None:
    assert 'value="2027-08-31"' in guichet.get(adresse(roussel)).content.decode()


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"valeur": "12,5"}, "sans espace ni centimes, par exemple 850"),
        ({"valeur": "-3"}, "n’est pas négatif"),
        ({"valeur": "123456"}, "cinq chiffres au plus"),
        ({"releve_le": "2026-12-01"}, "aujourd’hui ou avant"),
        ({"valable_du": "2016-09-01"}, "Vérifiez l’année"),
        ({"valable_du": "2062-09-01", "valable_au": ""}, "Vérifiez l’année"),
        ({"valable_au": "2026-08-31"}, "La fin vient avant le début"),
        ({"source": "devinette"}, "Choisissez une des réponses"),
    ],
)
def test_une_mauvaise_saisie_est_dite_et_rien_ne_se_perd(
    guichet: Client, roussel: gens.Foyer, change: dict[str, str], phrase: str
) -> None:
    reponse = guichet.post(adresse(roussel), {**SAISIE, **change})
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert not QuotientFamilial.objects.exists()
    if "releve_le" not in change:
        assert 'value="2026-11-17"' in reponse.content.decode()


def test_le_justificatif_est_un_document_de_cette_famille(guichet: Client, roussel: gens.Foyer) -> None:
    sien = Piece.objects.filter(famille=roussel.famille).first()
    assert sien is not None
    ailleurs = Piece.objects.create(
        famille=gens.famille_fauvel().famille,
        type_piece="autre",
        nom="avis.pdf",
        format="application/pdf",
        taille=1,
        empreinte="1" * 64,
    )
    assert guichet.post(adresse(roussel), {**SAISIE, "piece": ailleurs.pk}).status_code == 422
    assert guichet.post(adresse(roussel), {**SAISIE, "piece": sien.pk}).status_code == 302
    assert QuotientFamilial.objects.get().piece == sien


def test_une_erreur_s_annule_avec_sa_raison_une_fois(guichet: Client, roussel: gens.Foyer) -> None:
    un = quotient(roussel.famille, 102)
    annuler = reverse("guichet:quotient_annulation", args=[roussel.famille.pk, un.pk])
    vide = guichet.post(annuler, {"motif": " "})
    assert vide.status_code == 409
    assert "pourquoi ce quotient est annulé" in texte(vide)
    page = texte(guichet.post(annuler, {"motif": "Erreur de frappe"}, follow=True))
    assert "Erreur de frappe" in page
    assert guichet.post(annuler, {"motif": "Encore"}).status_code == 409
    assert Entree.objects.filter(action="quotient.annulation").count() == 1
    autre = reverse("guichet:quotient_annulation", args=[gens.famille_fauvel().famille.pk, un.pk])
    assert guichet.post(autre, {"motif": "x"}).status_code == 404


def test_qui_peut_quoi(roussel: gens.Foyer, camille: Client) -> None:
    lucas = Client()
    lucas.force_login(gens.lucas().compte)
    assert lucas.get(adresse(roussel)).status_code == 403
    assert camille.get(adresse(roussel)).status_code in (302, 403, 404)
    assert camille.post(adresse(roussel), SAISIE).status_code in (302, 403, 404)
    assert not QuotientFamilial.objects.exists()


def test_la_base_refuse_ce_qui_ne_peut_pas_etre(roussel: gens.Foyer) -> None:
    with pytest.raises(IntegrityError):
        quotient(roussel.famille, 700, du=date(2026, 9, 1), au=date(2026, 8, 1))


@pytest.mark.parametrize(
    ("saisis", "phrase"),
    [
        ([], "Le service n’a pas votre quotient familial : le tarif maximum s’applique jusqu’à la preuve."),
        ([(700, "declare", "2026-09-01", "2027-08-31")], "déclaré, sans justificatif"),
        ([(700, "cdap", "2025-09-01", "2026-08-31")], "n’est plus valable depuis le 31 août"),
        (
            [(1020, "cdap", "2026-09-01", "2027-08-31")],
            "Quotient familial 1 020 , relevé sur CDAP le 1er septembre, valable du 1er septembre au 31 août 2027.",
        ),
        (
            [(1020, "cdap", "2026-09-01", None), (700, "avis", "2027-01-01", None)],
            "Puis 700, calculé sur l’avis d’imposition le 1er janvier 2027, valable à partir du 1er janvier 2027.",
        ),
    ],
)
def test_la_famille_lit_son_quotient_ses_dates_et_ce_qui_sert_en_attendant(
    camille: Client, roussel: gens.Foyer, saisis: list[tuple[int, str, str, str | None]], phrase: str
) -> None:
    for valeur, source, du, au in saisis:
        fin = date.fromisoformat(au) if au else None
        quotient(roussel.famille, valeur, date.fromisoformat(du), fin, QuotientFamilial.Source(source))
    page = texte(camille.get("/dossier/tarifs/"))
    assert phrase in page, page
    assert phrase in texte(camille.get(f"/dossier/enfants/{roussel.elio.pk}/accueil/"))


def test_les_tarifs_appliques_a_l_enfant(camille: Client, roussel: gens.Foyer, django_assert_max_num_queries) -> None:
    """Élio is the second child: 7,40 − 0,74 + 3,20 and 5,10 − 0,51 + 3,20 in band E."""
    quotient(roussel.famille, 900)
    adresse = f"/dossier/enfants/{roussel.elio.pk}/accueil/"
    page = texte(camille.get(adresse))
    assert "Journée avec repas : 9,86 €" in page
    assert "Chaveignes mercredis, Chaveignes vacances" in page
    assert "Matin avec repas : 7,79 €" in page
    with django_assert_max_num_queries(12):
        camille.get(adresse)
    with django_assert_max_num_queries(8):
        camille.get("/dossier/tarifs/")
    assert "Tarifs et quotient" in texte(camille.get("/dossier/"))
