"""The pages of billing at the desk: who may do what, a month from its preview to its avoir, what is typed badly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.creances.models import Facture, Regie
from marelle.facturation.emission import emettre_campagne
from marelle.facturation.models import Campagne
from tests.distribution import Foyer
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

from .conftest import ACTIVITE, MERCREDIS, SEPTEMBRE, emettre, preparer_le_cinq
from .monde import reserve, tarifs

BASE = "/guichet/finances/facturation/"


def client_de(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.compte)
    return client


@pytest.fixture
def campagne(roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> Campagne:
    tarifs()
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    return preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("echeance", "statut", "phrase"), [("2026-09-01", 409, "vient avant"), ("demain", 422, "ne se lit pas")]
)
def test_des_dates_refusees_se_disent_et_restent_ecrites(
    campagne: Campagne, agent: Agent, echeance: str, statut: int, phrase: str
) -> None:
    saisie = {"date_emission": "2026-10-06", "date_echeance": echeance}
    reponse = client_de(agent).post(f"{BASE}{campagne.pk}/dates", saisie)
    page = reponse.content.decode()
    assert reponse.status_code == statut
    assert "Les dates ne sont pas changées" in page
    assert "<strong>Rien n’est émis" not in page
    assert phrase in page
    assert 'value="2026-10-06"' in page
    assert '<details class="pourquoi" open>' in page
    campagne.refresh_from_db()
    assert str(campagne.date_emission) == "2026-10-05"


SAISIE = {
    "libelle": "Septembre", "debut": "2026-09-01", "fin": "2026-09-30", "activites": [ACTIVITE], "moment": "apres",
    "date_emission": "2026-10-05", "date_echeance": "2026-11-04", "numeros": "",
}  # fmt: skip


@pytest.mark.django_db
def test_un_mois_de_l_apercu_a_l_avoir(roussel: Foyer, agent: Agent, horloge: Callable[[str], object]) -> None:
    tarifs()
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    horloge("2026-10-05 09:00")
    la = client_de(agent)
    assert la.get(f"{BASE}nouvelle/1/").status_code == 200
    page = la.post(f"{BASE}nouvelle/1/", SAISIE, follow=True)
    assert "1 facture, 44,00" in page.content.decode().replace("\u00a0", " ")
    campagne = Campagne.objects.get()
    texte = la.get(f"{BASE}{campagne.pk}/payeurs/{campagne.prevues.get().payeur_id}/").content.decode()
    assert "journée avec repas" in texte
    la.post(f"{BASE}{campagne.pk}/emission", {"empreinte": page.context["empreinte"]})
    assert "0 sur 1 facture" in la.get(f"{BASE}{campagne.pk}/").content.decode().replace("\u00a0", " ")
    emettre_campagne.call(campagne.pk)
    facture = Facture.objects.get()
    filtre = "q=Roussel&quoi=impayees&mois=2026-09"
    for adresse in (f"{BASE}{campagne.pk}/", f"{BASE}factures/?{filtre}", f"{BASE}factures/{facture.numero}/"):
        assert facture.numero in la.get(adresse).content.decode(), adresse
    avoir = f"{BASE}factures/{facture.numero}/avoir/"
    ligne = facture.lignes.first().pk
    jeton = la.get(avoir).context["fiche"]["jeton"].value()
    corps = {"motif": "Accueil fermé", "jeton": str(jeton), f"l{ligne}": "on", f"m{ligne}": "5,50"}
    for _ in range(2):  # a double click is one avoir
        assert la.post(avoir, corps).status_code == 302
    fait = Facture.objects.get(sorte="avoir")
    assert fait.montant_centimes == -550
    assert la.get(f"{BASE}factures/{fait.numero}/avoir/").status_code == 409  # an avoir gives no avoir


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"fin": "2026-08-01"}, "finit avant"),
        ({"fin": "2026-10-31"}, "n’est pas finie"),
        ({"activites": []}, "Choisissez au moins une réponse"),
        ({"activites": ["inconnue"]}, "Choisissez parmi"),
        ({"numeros": "FAM-99999"}, "Aucune famille ne porte le numéro FAM-99999"),
        ({"date_echeance": "2026-09-01"}, "échéance"),
        ({"debut": "hier"}, "Écrivez la date"),
    ],
)
def test_ce_qui_est_mal_saisi_se_dit(
    roussel: Foyer, agent: Agent, horloge: Callable[[str], object], change: dict[str, object], phrase: str
) -> None:
    horloge("2026-10-05 09:00")
    reponse = client_de(agent).post(f"{BASE}nouvelle/1/", SAISIE | change)
    assert reponse.status_code == 422
    assert phrase in reponse.content.decode().replace("\u00a0", " ")
    assert not Campagne.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("montant", "phrase"),
    [("-5", "Écrivez un montant"), ("999", "il reste"), ("cinq", "Écrivez un montant"), ("", "Écrivez un montant")],
)
def test_un_avoir_mal_saisi(campagne: Campagne, agent: Agent, montant: str, phrase: str) -> None:
    emettre(campagne, agent)
    facture = Facture.objects.get()
    ligne = facture.lignes.first().pk
    la, adresse = client_de(agent), f"{BASE}factures/{facture.numero}/avoir/"
    corps = {
        "motif": "Erreur",
        "jeton": "0b5d7e64-6f0e-4f8e-9a40-6a8f0f6f8a11",
        f"l{ligne}": "on",
        f"m{ligne}": montant,
    }
    reponse = la.post(adresse, corps)
    assert reponse.status_code == 422
    assert phrase in reponse.content.decode()
    assert la.post(adresse, {"motif": "", "jeton": "x"}).status_code == 422
    assert Facture.objects.count() == 1


@pytest.mark.django_db
def test_un_montant_ecrit_sans_cocher_sa_ligne_ne_se_perd_pas(campagne: Campagne, agent: Agent) -> None:
    emettre(campagne, agent)
    facture = Facture.objects.get()
    une, autre = facture.lignes.all()[:2]
    la, adresse = client_de(agent), f"{BASE}factures/{facture.numero}/avoir/"
    jeton = "0b5d7e64-6f0e-4f8e-9a40-6a8f0f6f8a11"
    corps = {"motif": "Erreur", "jeton": jeton, f"l{une.pk}": "on", f"m{une.pk}": "5", f"m{autre.pk}": "2"}
    reponse = la.post(adresse, corps)
    assert (reponse.status_code, Facture.objects.count()) == (422, 1)
    assert "Cochez cette ligne pour rendre ce montant" in reponse.content.decode()
    assert la.post(adresse, corps | {f"l{autre.pk}": "on"}).status_code == 302
    assert Facture.objects.get(sorte="avoir").montant_centimes == -700


@pytest.mark.django_db
def test_deux_agents_ne_mettent_pas_de_cote_le_meme_payeur_pour_deux_raisons(campagne: Campagne, agent: Agent) -> None:
    la = client_de(agent)
    adresse = f"{BASE}{campagne.pk}/payeurs/{campagne.prevues.get().payeur_id}/"
    for _ in range(2):  # a double click
        assert la.post(adresse, {"motif": "Réclamation"}).status_code == 302
    reponse = la.post(adresse, {"motif": "Autre"})
    assert reponse.status_code == 409
    assert "déjà mis de côté" in reponse.content.decode()
    assert campagne.prevues.get().motif == "Réclamation"


@pytest.mark.django_db
def test_qui_ne_facture_pas_ne_facture_pas(campagne: Campagne, agent: Agent) -> None:
    compte = Compte.objects.create_user("regisseuse")
    regie = client_de(Agent.objects.create(compte=compte, nom="Lambert", prenom="Noor", role=Role.REGIE))
    assert regie.get(BASE).status_code == regie.get(f"{BASE}{campagne.pk}/").status_code == 200
    assert "Émettre" not in regie.get(f"{BASE}{campagne.pk}/").content.decode()
    payeur = campagne.prevues.get().payeur_id
    for adresse in ("emission", "abandon", "calcul", "relance", f"payeurs/{payeur}/", f"payeurs/{payeur}/reprise"):
        assert regie.post(f"{BASE}{campagne.pk}/{adresse}", {"empreinte": "1:4400:4", "motif": "x"}).status_code == 403
    compte = Compte.objects.create_user("animateur")
    anime = client_de(Agent.objects.create(compte=compte, nom="Roy", prenom="Léo", role=Role.ANIMATION))
    assert anime.get(BASE).status_code == anime.get(f"{BASE}factures/").status_code == 403
    assert not Facture.objects.exists()


@pytest.mark.django_db
def test_ce_qui_n_existe_pas(campagne: Campagne, agent: Agent) -> None:
    la = client_de(agent)
    for adresse in ("99999/", f"{campagne.pk}/payeurs/99999/", "factures/000/", "factures/000/avoir/", "nouvelle/9/"):
        assert la.get(f"{BASE}{adresse}").status_code == 404, adresse
    assert la.get(f"{BASE}factures/?mois=peut-être&regie=²&quoi=rien&page=x").status_code == 200
    assert la.post(f"{BASE}{campagne.pk}/emission", {"empreinte": "1:1:1"}).status_code == 409
    assert la.get(f"{BASE}{campagne.pk}/?anomalie=inconnue&q=%00").status_code == 200


@pytest.mark.django_db
def test_mettre_de_cote_puis_reprendre(campagne: Campagne, agent: Agent) -> None:
    la, payeur = client_de(agent), campagne.prevues.get().payeur_id
    adresse = f"{BASE}{campagne.pk}/payeurs/{payeur}/"
    assert la.post(adresse, {"motif": ""}).status_code == 422
    la.post(adresse, {"motif": "Réclamation en cours"})
    assert campagne.prevues.get().etat == "ecartee"
    la.post(f"{BASE}{campagne.pk}/calcul")
    assert campagne.prevues.get().motif == "Réclamation en cours"
    la.post(f"{adresse}reprise")
    assert campagne.prevues.get().etat == "prevue"
    la.post(f"{BASE}{campagne.pk}/abandon")
    assert not Facture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_emettre_au_navigateur(
    campagne: Campagne, agent: Agent, page_bureau: Page, page_telephone: Page, connecter: Callable[[Page, Compte], None]
) -> None:
    """Preview, confirmation, progress; the page looks again by itself."""
    page = page_bureau
    connecter(page, agent.compte)
    page.goto(f"{BASE}{campagne.pk}/")
    sans_defaut_axe(page)
    page.get_by_text("Émettre 1 facture").click()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("0 sur 1 facture émise")).to_be_visible()
    emettre_campagne.call(campagne.pk)
    expect(page.get_by_role("link", name="Factures à imprimer")).to_be_visible()
    connecter(page_telephone, agent.compte)
    for adresse in (
        BASE,
        f"{BASE}{campagne.pk}/",
        f"{BASE}factures/",
        f"{BASE}factures/{Facture.objects.get().numero}/avoir/",
    ):
        page_telephone.goto(adresse)
        sans_debordement(page_telephone)
        sans_defaut_axe(page_telephone)
