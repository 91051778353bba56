"""The price seen before asking: on each way to book, in the cart, line by line; computed here, never by the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.models import Periode
from marelle.collectivite.models import Collectivite
from marelle.comptes.models import Agent
from marelle.demandes import depot, panier
from marelle.socle.memoire import oublier
from marelle.tarification import quotients
from marelle.tarification.models import QuotientFamilial, TexteTarifs
from tests.distribution import Foyer, famille_fauvel, karim
from tests.monde import portail, reserver, roussel_prets, unite

from .monde import quotient

pytestmark = pytest.mark.django_db
MERCREDI, SUIVANT = date(2026, 12, 9), date(2026, 12, 16)
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
ECRANS = ("calendrier", "mois", "semaine", "grille")


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    ligne = Collectivite.objects.get()
    ligne.texte = ligne.texte.replace(
        'ecrans = ["panier"]', 'ecrans = ["panier", "grille", "mois", "semaine", "agenda"]'
    )
    ligne.save()
    oublier()
    return roussel_prets()


@pytest.fixture
def camille(roussel: Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def net(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def texte(reponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", net(reponse)).split())


def adresse(roussel: Foyer, ecran: str) -> str:
    quoi, elio = unite("chaveignes-mercredis"), roussel.elio
    if ecran == "semaine":
        return reverse("espace_famille:semaine") + "?du=2026-12-07"
    if ecran == "mois":
        return reverse("espace_famille:mois_calendrier", args=[elio.pk, quoi.pk]) + "?mois=2026-12"
    if ecran == "calendrier":
        return reverse("espace_famille:calendrier", args=[elio.pk, quoi.activite_id]) + "?mois=2026-12"
    periode = Periode.objects.get(temps="mercredi", debut__lte=MERCREDI, fin__gte=MERCREDI)
    choix = f"?enfant={elio.pk}&activite={quoi.activite_id}&periode={periode.code}"
    return reverse("espace_famille:grille") + choix


def au_panier(roussel: Foyer, *jours: date) -> None:
    for jour in jours:
        panier.basculer(roussel.famille, roussel.elio, unite("chaveignes-mercredis"), jour)


@pytest.mark.parametrize("ecran", ECRANS)
def test_le_prix_d_une_journee_est_a_cote_de_l_activite(camille: Client, roussel: Foyer, ecran: str) -> None:
    """Tranche F 8,00 €, second child −10 %, meal 3,20 €."""
    quotient(roussel.famille, 1020)
    page = texte(camille.get(adresse(roussel, ecran)))
    assert "10,40 €" in page
    assert "Accueil (tranche F, QF 1 020)" in page, "l’explication est à un geste"
    assert "2e enfant −10 %" in page
    assert "Délibération nº 2024-061" in page


@pytest.mark.parametrize("ecran", ECRANS)
def test_sans_quotient_justifie_le_tarif_maximum(camille: Client, roussel: Foyer, ecran: str) -> None:
    """Tranche G 9,60 €, second child −10 %, meal 3,20 €."""
    quotient(roussel.famille, 300, source=QuotientFamilial.Source.DECLARE)
    page = texte(camille.get(adresse(roussel, ecran)))
    assert "11,84 €" in page
    assert "le tarif maximum s’applique" in page


@pytest.mark.parametrize("ecran", ["calendrier", "mois", "semaine"])
def test_le_total_du_panier_suit_le_calendrier(camille: Client, roussel: Foyer, ecran: str) -> None:
    quotient(roussel.famille, 1020)
    au_panier(roussel, MERCREDI, SUIVANT)
    assert "2 choix au panier : 20,80 € si tout est accepté" in texte(camille.get(adresse(roussel, ecran)))


def test_la_grille_dit_le_total_de_ce_qui_est_coche(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    au_panier(roussel, MERCREDI, SUIVANT)
    page = net(camille.get(adresse(roussel, "grille")))
    assert '<strong class="montant" data-total>20,80 €</strong>' in page
    assert 'data-prix="1040"' in page


def test_le_panier_dit_chaque_prix_le_total_et_jusqu_a_quand_annuler(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    au_panier(roussel, MERCREDI, SUIVANT)
    page = texte(camille.get("/panier/"))
    assert page.count("Détail du prix") == 2
    assert "Annulable gratuitement jusqu’au lundi 30 novembre à minuit." in page
    assert "À réserver, 2 jours 20,80 €" in page
    assert "Si tout est accepté 20,80 €" in page


def test_une_annulation_se_retire_du_total(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    au_panier(roussel, MERCREDI, SUIVANT)
    page = texte(camille.get("/panier/"))
    assert "À annuler, 1 jour −10,40 €" in page
    assert "Si tout est accepté 0,00 €" in page
    assert "2 choix au panier : 0,00 €" in texte(camille.get(adresse(roussel, "calendrier")))


def test_ce_qui_ne_peut_pas_partir_ne_compte_pas(camille: Client, roussel: Foyer, horloge) -> None:
    quotient(roussel.famille, 1020)
    au_panier(roussel, MERCREDI, SUIVANT)
    horloge("2026-12-08 10:00")
    camille.force_login(roussel.compte)
    page = texte(camille.get("/panier/"))
    assert "Ne peut pas partir 1 jour" in page
    assert "Si tout est accepté 10,40 €" in page


def test_le_prix_change_avec_le_quotient_au_milieu_de_l_annee(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    quotient(roussel.famille, 700, du=date(2026, 12, 10))
    page = texte(camille.get(adresse(roussel, "calendrier")))
    assert "Journée avec repas pour Élio : 10,40 €" in page
    assert "à partir du 16 décembre : 8,78 €" in page


def test_le_quotient_d_une_autre_famille_ne_compte_pas(camille: Client, roussel: Foyer) -> None:
    quotient(famille_fauvel().famille, 300)
    assert "11,84 €" in texte(camille.get(adresse(roussel, "calendrier")))


def test_un_quotient_annule_laisse_le_precedent(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    faux = quotient(roussel.famille, 102)
    assert "10,40 €" not in texte(camille.get(adresse(roussel, "calendrier")))
    agent = Agent.objects.first()
    assert agent is not None
    quotients.annuler(roussel.famille, faux.pk, "Erreur de frappe", agent)
    assert "10,40 €" in texte(camille.get(adresse(roussel, "calendrier")))


def test_hors_des_communes_la_majoration_est_dite(camille: Client, roussel: Foyer) -> None:
    """8,00 − 0,80 = 7,20, + 20 % = 8,64, + 3,20."""
    quotient(roussel.famille, 1020)
    camille_r = roussel.adultes["camille"]
    camille_r.commune = "Tours"
    camille_r.save()
    oublier()
    page = texte(camille.get(adresse(roussel, "calendrier")))
    assert "11,84 €" in page
    assert "Hors CC +20 %" in page


def test_le_panier_repas_du_pai_remplace_le_repas(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    roussel.elio.fiche.type_repas = "panier_pai"
    roussel.elio.fiche.save()
    oublier()
    assert "8,20 €" in texte(camille.get(adresse(roussel, "calendrier")))


def test_sans_tarifs_aucun_prix_et_rien_ne_manque(camille: Client, roussel: Foyer) -> None:
    TexteTarifs.objects.all().delete()
    oublier()
    au_panier(roussel, MERCREDI)
    for ecran in ECRANS:
        assert "€" not in texte(camille.get(adresse(roussel, ecran))), ecran
    assert "€" not in texte(camille.get("/panier/"))


@pytest.mark.parametrize("ecran", ["calendrier", "mois", "semaine"])
def test_le_prix_tient_le_budget_de_la_page(camille: Client, roussel: Foyer, ecran: str) -> None:
    quotient(roussel.famille, 1020)
    au_panier(roussel, MERCREDI, SUIVANT)
    camille.get(adresse(roussel, ecran))
    with CaptureQueriesContext(connection) as lues:
        camille.get(adresse(roussel, ecran))
    requetes = [une["sql"] for une in lues.captured_queries if not une["sql"].startswith(TRANSACTION)]
    assert len(requetes) <= 12, requetes
    assert not [une for une in requetes if "quotientfamilial" in une], "retenu quelques secondes"


def test_envoyer_le_panier_ne_calcule_aucun_prix(camille: Client, roussel: Foyer) -> None:
    au_panier(roussel, MERCREDI, SUIVANT)
    jeton = str(depot.panier_de(roussel.famille).jeton)
    with CaptureQueriesContext(connection) as lues:
        assert camille.post("/panier/envoi", {"jeton": jeton}).status_code == 302
    assert not [une for une in lues.captured_queries if "tarification" in une["sql"]]
