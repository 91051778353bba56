"""The price seen before asking: on each way to book, in the cart, line by line; computed here, never by the browser."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.models import Periode
from marelle.comptes.models import Agent
from marelle.demandes import depot, panier
from marelle.socle.memoire import oublier
from marelle.tarification import quotients
from marelle.tarification.models import QuotientFamilial, TexteTarifs
from tests.distribution import Foyer, famille_fauvel
from tests.monde import reserver, unite

from .monde import quotient

pytestmark = pytest.mark.django_db
MERCREDI, SUIVANT = date(2026, 12, 9), date(2026, 12, 16)
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
ECRANS = ("calendrier", "mois", "semaine", "grille")


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


@pytest.mark.parametrize("ailleurs", [{"commune": "Tours"}, {"pays": "BE"}])
def test_hors_des_communes_la_majoration_est_dite(camille: Client, roussel: Foyer, ailleurs: dict[str, str]) -> None:
    """Abroad too, whatever the town is called. 8,00 − 0,80 = 7,20, + 20 % = 8,64, + 3,20."""
    quotient(roussel.famille, 1020)
    camille_r = roussel.adultes["camille"]
    for nom, valeur in ailleurs.items():
        setattr(camille_r, nom, valeur)
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
    # Which tariffs are in force is asked (is something to pay when booking?), no quotient and no grid.
    lus = [une["sql"] for une in lues.captured_queries if "tarification" in une["sql"]]
    assert not [sql for sql in lus if '"empreinte" AS' not in sql]


@pytest.mark.parametrize("ecran", ECRANS)
def test_jusqu_a_quand_annuler_est_a_cote_du_prix(camille: Client, roussel: Foyer, ecran: str) -> None:
    """Four days before, week-ends and holidays not counted: the rule of the cart, said before the cart."""
    quotient(roussel.famille, 1020)
    page = texte(camille.get(adresse(roussel, ecran)))
    assert re.search(r"\w+ \d+(er)? \w+ : annulable gratuitement jusqu’au \w+ \d+(er)? \w+ à minuit", page), page
    if ecran == "semaine":
        assert "Mercredi 9 décembre : annulable gratuitement jusqu’au lundi 30 novembre à minuit." in page


def test_un_jour_trop_proche_ne_promet_pas_une_annulation_gratuite(camille: Client, roussel: Foyer, horloge) -> None:
    horloge("2026-12-08 10:00")
    camille.force_login(roussel.compte)
    page = texte(camille.get(adresse(roussel, "semaine")))
    assert "annulable gratuitement" not in page


def test_la_page_du_jour_de_l_agenda_le_dit_aussi(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    page = texte(camille.get(reverse("espace_famille:agenda_jour", args=[roussel.elio.pk, "2026-12-09"])))
    assert "Mercredi 9 décembre : annulable gratuitement jusqu’au lundi 30 novembre à minuit." in page


def avec_des_tarifs(avant: str, apres: str) -> None:
    texte_ = TexteTarifs.objects.latest("pk")
    change = texte_.texte.replace(avant, apres, 1)
    TexteTarifs.objects.create(texte=change, source="essai", empreinte=sha256(change.encode()).hexdigest())
    oublier()


def test_la_cotisation_de_l_annee_est_dite_a_la_premiere_reservation(camille: Client, roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    cotisation = (
        'cotisations = [{ code="c", nom="Cotisation annuelle", par="famille", annee="scolaire", prix="12,00" }]'
    )
    avec_des_tarifs("hors_secteur = {", f"{cotisation}\nhors_secteur = {{")
    au_panier(roussel, MERCREDI, SUIVANT)
    page = texte(camille.get("/panier/"))
    assert "+ cotisation annuelle 12,00 € à la première réservation." in page
    assert "Si tout est accepté 20,80 €" in page, "elle n’est pas dans le total des jours"
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), date(2026, 12, 2))
    au_panier(roussel, MERCREDI)
    assert "cotisation annuelle" not in texte(camille.get("/panier/"))


def test_la_remise_des_enfants_presents_compte_ceux_du_panier(camille: Client, roussel: Foyer) -> None:
    """Élio alone that day: no discount; with Jeanne in the cart too, both 10 %: 8,00 − 0,80 + 3,20 each."""
    quotient(roussel.famille, 1020)
    avec_des_tarifs(
        'remises = { 2 = "10 %", 3 = "20 %" }', 'remises = { 2 = "10 %" }, parmi = "presents", pour_tous = true'
    )
    au_panier(roussel, MERCREDI)
    assert "Si tout est accepté 11,20 €" in texte(camille.get("/panier/"))
    panier.basculer(roussel.famille, roussel.jeanne, unite("chaveignes-mercredis"), MERCREDI)
    page = texte(camille.get("/panier/"))
    assert "2 enfants présents −10 %" in page
    assert "2 choix au panier : 20,80 €" in texte(camille.get(adresse(roussel, "calendrier")))
