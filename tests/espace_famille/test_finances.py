"""The families' pages of money: what is left first, its own and nobody else's, and no payment claimed that is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.creances.encaissement import contrepasser, encaisser
from marelle.creances.imputation import imputer_credits
from marelle.creances.models import Facture, Paiement, Regie
from marelle.creances.payeurs import payeur_adulte, payeur_de
from marelle.familles.models import Acces
from marelle.journal.models import Entree
from marelle.socle.memoire import oublier
from tests.distribution import Foyer, collectivite, famille_fauvel, famille_roussel
from tests.espace_famille.test_pages import requetes
from tests.factures import facture_de_septembre, facturer, ligne, regie_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def chez(horloge: Callable[[str], object]) -> Callable[[str], Regie]:
    """`chez("chablis")`: that portal and its régie, on 20 October 2026."""
    horloge("2026-10-20 10:00")

    def charger(code: str) -> Regie:
        collectivite(code)
        regie = regie_de(code)
        oublier()
        return regie

    return charger


@pytest.fixture
def roussel(db: None) -> Foyer:
    return famille_roussel()


@pytest.fixture
def camille(client: Client, roussel: Foyer) -> Client:
    client.force_login(roussel.compte)
    return client


def lue(client: Client, adresse: str = "/finances/") -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, reponse.status_code
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_ce_qui_reste_a_payer_d_abord_puis_les_factures(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    regie = chez("terres-val-de-loire")
    facture = facture_de_septembre(regie, roussel)
    encaisser(regie, payeur_de(roussel.famille), 2000, Paiement.Mode.EN_LIGNE, auteur=None)
    page = lue(camille)
    assert "Il vous reste à payer" in page
    assert "92,00 €" in page
    assert "Avant le jeudi 5 novembre" in page
    for colonne in ("Facture", "Date facture", "Tiers facturé", "Montant facture", "Perçu", "À payer"):
        assert f">{colonne}<" in page, colonne
    assert "Camille Roussel" in page
    assert f"/finances/factures/{facture.numero}/pdf" in page
    assert page.index("Il vous reste à payer") < page.index("Date facture")


def test_rien_encore(chez: Callable[[str], Regie], camille: Client) -> None:
    chez("terres-val-de-loire")
    assert "Aucune facture" in lue(camille)
    assert "Aucune opération" in lue(camille, "/finances/releve/")
    assert "Aucun paiement" in lue(camille, "/finances/paiements/")
    assert "Vous ne devez rien" in lue(camille, "/")


def test_une_avance_et_un_avoir_se_disent_en_faveur_de_la_famille(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    regie = chez("terres-val-de-loire")
    payeur, facture = payeur_de(roussel.famille), facture_de_septembre(regie, roussel)
    encaisser(regie, payeur, 12000, Paiement.Mode.EN_LIGNE, auteur=None)
    facturer(regie, payeur, [ligne(roussel.elio, date(2026, 9, 9), -1120)], motif="Absence justifiée", corrige=facture)
    imputer_credits(payeur, regie)
    page = lue(camille)
    assert "Vous êtes en avance de" in page
    assert "19,20 €" in page
    assert "Absence justifiée" in lue(camille, "/finances/releve/")
    assert "Solde en votre faveur : <strong>19,20 €" in lue(camille, "/finances/releve/")


def test_le_releve_porte_le_solde_apres_chaque_operation(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    regie = chez("vals-du-dauphine")
    payeur = payeur_de(roussel.famille)
    facture_de_septembre(regie, roussel)
    paiement = encaisser(regie, payeur, 5000, Paiement.Mode.EN_LIGNE, auteur=None, date_paiement=date(2026, 10, 10))
    contrepasser(paiement, "Paiement rejeté", auteur=None)
    page = lue(camille, "/finances/releve/")
    assert [page.count(f"<strong>{montant} €</strong>") for montant in ("112,00", "62,00")] == [3, 1]
    assert "rejeté" in page
    page = lue(camille, "/finances/paiements/")
    assert page.count("Annulé") == 1  # the payment, not its counter-entry
    assert f"Annulation du paiement {paiement.numero}, paiement rejeté" in page
    pdf = camille.get("/finances/releve/pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-1.7")


def test_la_facture_des_autres_n_existe_pas(chez: Callable[[str], Regie], roussel: Foyer, camille: Client) -> None:
    regie, fauvel = chez("terres-val-de-loire"), famille_fauvel()
    autre = facture_de_septembre(regie, fauvel)
    a_paul = facturer(regie, payeur_adulte(roussel.paul), [ligne(roussel.elio, date(2026, 9, 2))])
    camille_seule = Client()
    from marelle.comptes.models import Compte

    compte = Compte.objects.create_user("camille-seule")
    Acces.objects.create(compte=compte, famille=roussel.famille, responsable=roussel.camille)
    camille_seule.force_login(compte)
    for client, facture, statut in (
        (camille, autre, 404), (camille, a_paul, 200), (camille_seule, a_paul, 404), (camille_seule, autre, 404),
    ):  # fmt: skip
        for suite in ("", "pdf"):
            adresse = f"/finances/factures/{facture.numero}/{suite}"
            assert client.get(adresse).status_code == statut, (adresse, statut)
    assert a_paul.numero in lue(camille)
    assert a_paul.numero not in lue(camille_seule)
    assert autre.numero not in lue(camille)
    assert camille.get("/finances/factures/999/").status_code == 404


def test_un_titre_n_est_dit_paye_que_si_le_tresor_l_a_dit(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    regie = chez("cc-tvv")
    facture_de_septembre(regie, roussel)
    page = lue(camille)
    assert "ce portail ne sait pas ce qui est payé" in page
    assert 'href="https://www.payfip.gouv.fr"' in page
    assert "Elles ne sont pas sur cette facture" in page
    for absent in ("Il vous reste à payer", ">Payée<", ">Perçu<", "Relevé de compte"):
        assert absent not in page, absent
    assert "ne sait pas ce qui est payé" in lue(camille, "/")
    encaisser(regie, payeur_de(roussel.famille), 11200, Paiement.Mode.TRESOR, auteur=None)
    oublier()
    page = lue(camille)
    assert ">Payée<" in page
    assert "ne sait pas" not in page


def test_sans_paiement_en_ligne_la_page_dit_comment_payer(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    facture = facture_de_septembre(chez("vals-du-dauphine"), roussel)
    page = lue(camille)
    assert f"Par chèque à l’ordre de « Régie des accueils de loisirs », avec le numéro {facture.numero} au dos" in page
    assert "payfip" not in page.lower()
    accueil = lue(camille, "/")
    assert "Il vous reste à payer" in accueil
    assert f'href="/finances/factures/{facture.numero}/"' in accueil


def test_une_facture_echue_attend_la_famille_a_l_accueil(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client, horloge: Callable[[str], object]
) -> None:
    facture_de_septembre(chez("terres-val-de-loire"), roussel)
    assert "C’était à payer" not in lue(camille, "/")
    horloge("2026-11-18 10:00")
    camille.force_login(roussel.compte)  # a month has gone by
    accueil = lue(camille, "/")
    assert "112,00 € à payer" in accueil
    assert "C’était à payer avant le jeudi 5 novembre" in accueil
    assert "Échéance passée : jeudi 5 novembre" in lue(camille)
    regie_de("chablis")  # titres: the portal cannot know
    oublier()
    assert "C’était à payer" not in lue(camille, "/")


def test_une_facture_se_lit_a_l_ecran_comme_sur_son_pdf(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    facture = facture_de_septembre(chez("terres-val-de-loire"), roussel)
    page = lue(camille, f"/finances/factures/{facture.numero}/")
    for dit in (
        "Élio Roussel",
        "Mercredi 2 septembre",
        "Tranche C, QF 712",
        "Net à payer",
        "Il reste 112,00 € à payer",
    ):
        assert dit in page, dit
    pdf = camille.get(f"/finances/factures/{facture.numero}/pdf")
    assert pdf["Content-Disposition"] == f'inline; filename="facture-{facture.numero}.pdf"'
    assert "no-store" in pdf["Cache-Control"]


def test_la_facture_electronique_est_en_vigueur_tout_de_suite_et_journalisee(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    chez("terres-val-de-loire")
    assert "J’accepte de recevoir mes factures par e-mail." in lue(camille)
    reponse = camille.post("/finances/facture-electronique", {"accord": "on"}, follow=True)
    assert "Vos factures vous seront envoyées par e-mail" in reponse.content.decode()
    adulte = roussel.famille.responsables.get(prenom="Camille")
    assert adulte.accord_facture_electronique
    assert adulte.accord_facture_le is not None
    assert Entree.objects.filter(action="facture.accord_courriel", objet_id=str(adulte.pk)).count() == 1
    camille.post("/finances/facture-electronique", {"accord": "on"})
    assert Entree.objects.filter(action="facture.accord_courriel").count() == 1
    camille.post("/finances/facture-electronique", {})
    adulte.refresh_from_db()
    assert (adulte.accord_facture_electronique, adulte.accord_facture_le) == (False, None)
    assert Entree.objects.filter(action="facture.retrait_accord_courriel").count() == 1


def test_sans_adresse_l_accord_se_refuse_d_une_phrase(
    chez: Callable[[str], Regie], roussel: Foyer, camille: Client
) -> None:
    chez("terres-val-de-loire")
    adulte = roussel.camille
    adulte.courriel = ""
    adulte.save()
    assert "compléter ma fiche" in lue(camille)
    reponse = camille.post("/finances/facture-electronique", {"accord": "on"})
    assert reponse.status_code == 409
    assert "Donnez d’abord votre adresse e-mail" in reponse.content.decode()
    adulte.refresh_from_db()
    assert not adulte.accord_facture_electronique


def test_l_accord_d_un_adulte_que_personne_ne_facture_n_est_pas_propose(
    chez: Callable[[str], Regie], roussel: Foyer, client: Client
) -> None:
    from marelle.comptes.models import Compte

    chez("terres-val-de-loire")
    compte = Compte.objects.create_user("paul-seul")
    Acces.objects.create(compte=compte, famille=roussel.famille, responsable=roussel.paul)
    client.force_login(compte)
    assert "Facture électronique" not in lue(client)
    assert client.post("/finances/facture-electronique", {"accord": "on"}).status_code == 404
    payeur_adulte(roussel.paul)
    assert "Facture électronique" in lue(client)


def test_une_longue_liste_se_lit_page_par_page_en_peu_de_requetes(
    chez: Callable[[str], Regie],
    roussel: Foyer,
    camille: Client,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    regie = chez("terres-val-de-loire")
    for rang in range(15):
        facturer(regie, payeur_de(roussel.famille), [ligne(roussel.elio, date(2026, 9, 2), 100 + rang)])
    lue(camille)
    for adresse, plafond in (("/finances/", 12), ("/", 12), ("/finances/releve/", 12), ("/finances/paiements/", 12)):
        with CaptureQueriesContext(
            connection,
        ) as contexte:
            lue(camille, adresse)
        assert len(requetes(contexte)) <= plafond, (adresse, requetes(contexte))
    page = lue(camille)
    assert page.count("Facture 2026") == 12
    assert lue(camille, "/finances/?page=2").count("Facture 2026") == 3
    assert Facture.objects.count() == 15


def test_un_portail_sans_regie_n_a_pas_de_finances(camille: Client, horloge: Callable[[str], object]) -> None:
    horloge("2026-10-20 10:00")
    collectivite("terres-val-de-loire")
    assert "/finances/" not in lue(camille, "/")
