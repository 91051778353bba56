"""What people read: the cart says what will be asked, the pages say what is, the desk receives it, an agent follows the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from marelle.appels.models import Appel
from marelle.appels.rappels import rappeler_les_soldes
from marelle.courriels.models import Courriel
from marelle.creances.models import Paiement, Payeur
from marelle.creances.payeurs import payeur_adulte
from marelle.creances.regies import charger_regies
from marelle.demandes import decision
from marelle.facturation.models import PartAdulte
from marelle.familles.models import Responsable
from marelle.regie.encaissements import Reception, recevoir
from marelle.socle.horloge import a_l_instant, aujourdhui
from tests.demandes.monde import choisir, demander, envoyer
from tests.distribution import auteur_agent, karim
from tests.salle.regard import regarder

from .conftest import Monter
from .monde import Scene, acces_de

pytestmark = pytest.mark.django_db
ACOMPTE = '{{ delai_minutes = 60, acompte = "25 %", solde_jours = 30, annulee = "{annulee}" }}'


def famille(scene: Scene, rang: int = 0) -> Client:
    client = Client()
    client.force_login(acces_de(scene, rang).compte)
    return client


def guichet(scene: Scene) -> Client:
    client = Client()
    client.force_login(scene.agent.compte)
    return client


def lire(client: Client, adresse: str) -> str:
    """The words of a page."""
    texte = re.sub(r"<[^>]+>", " ", client.get(adresse, follow=True).content.decode())
    return re.sub(r"[\s\u202f\u00a0]+", " ", texte)


def test_une_page_de_prix_dit_ce_que_chaque_jour_demandera(monter: Monter) -> None:
    """Not of one day as an example: the first of the page may be one whose time has passed."""
    scene = monter("{ delai_minutes = 60 }")
    page = lire(
        famille(scene), f"/inscription/{scene.sol.enfants[0].pk}/{scene.sol.journee.activite_id}/?unite=journee"
    )
    assert "Chaque jour réservé : 20,00 € à payer dans une heure, sinon la réservation tombe." in page


def test_l_agent_lit_ce_que_son_acceptation_demandera(monter: Monter) -> None:
    scene = monter("{ delai_minutes = 60 }", decision="agent")
    demande, agent, client = demander(scene.sol, 0, 0, 1), karim(), Client()
    client.force_login(agent.compte)
    dit = lire(client, f"/guichet/demandes/{demande.pk}/")
    assert (
        "La famille aura à payer 40,00 € à payer au plus tard une heure après la réservation, sinon elle tombe." in dit
    )
    decision.accepter(demande.pk, auteur_agent(agent))
    assert "La famille aura à payer" not in lire(client, f"/guichet/demandes/{demande.pk}/")


def test_un_lot_dit_ce_qu_il_demandera_aux_familles(
    monter: Monter, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """Beside each demande and in all, in as many queries whatever their number; nothing of what the Treasury collects."""
    scene = monter(ACOMPTE.format(annulee="rien"), decision="agent", familles=4)
    demander(scene.sol, 0, 0, 1)
    demander(scene.sol, 0, 2)
    client = Client()
    client.force_login(karim().compte)
    dit = lire(client, "/guichet/demandes/lot/")
    assert "1 famille aura à payer 60,00 € en tout, dont 45,00 € de solde" in dit
    with CaptureQueriesContext(connection) as une_famille:
        lire(client, "/guichet/demandes/lot/")
        combien = len(une_famille)
    for rang in (1, 2, 3):
        demander(scene.sol, rang, 0)
    with django_assert_max_num_queries(combien):
        dit = lire(client, "/guichet/demandes/lot/")
    assert "4 familles auront à payer 120,00 € en tout, dont 90,00 € de solde" in dit
    assert dit.count("10,00 € à payer, puis 30,00 € de solde") == 1
    assert dit.count(" 5,00 € à payer, puis 15,00 € de solde") == 4
    charger_regies('[[regies]]\ncode = 1\nnom = "Titres"\nrecouvrement = "titre"\n', "essai/regies.toml")
    assert "à payer" not in lire(client, "/guichet/demandes/lot/")


def avancer(scene: Scene, payeur: Payeur, montant: int, jeton: str = "avance") -> None:
    """Money received that pays no invoice yet."""
    recevoir(scene.regie, payeur, Reception("especes", montant, aujourdhui(), jeton), auteur=scene.agent)


def test_ce_qui_est_en_credit_se_deduit_de_ce_qu_on_annonce(
    monter: Monter, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """On the page of a demande, in a batch, shared between the demandes of a household: what will be asked."""
    scene = monter(ACOMPTE.format(annulee="avoir"), decision="agent", familles=3)
    demandes = [demander(scene.sol, 0, 0, 1), demander(scene.sol, 0, 2), demander(scene.sol, 1, 0)]
    avancer(scene, scene.payeur(0), 2500)
    avancer(scene, scene.payeur(1), 9900, "b")
    agent, client = karim(), Client()
    client.force_login(agent.compte)
    dit = lire(client, f"/guichet/demandes/{demandes[0].pk}/")
    assert "La famille aura à payer Solde : 15,00 € à payer au plus tard le" in dit
    assert "Et le crédit du compte paie 25,00 € de plus." in dit
    dit = lire(client, f"/guichet/demandes/{demandes[1].pk}/")
    assert "À payer par la famille Rien : le crédit du compte paie 20,00 €." in dit
    with CaptureQueriesContext(connection) as lues:
        dit = lire(client, "/guichet/demandes/lot/")
    # 10,00 € then 5,00 € keep the places of both; what is left, 10,00 €, goes to the rests, the earliest first.
    assert "1 famille aura à payer 35,00 € en tout, dont 35,00 € de solde" in dit
    assert "20,00 € de solde à payer ; le crédit du compte paie 20,00 €" in dit
    assert "15,00 € de solde à payer ; le crédit du compte paie 5,00 €" in dit
    assert dit.count("Rien à payer ; le crédit du compte paie 20,00 €") == 1
    demandes.append(demander(scene.sol, 2, 0))
    avancer(scene, scene.payeur(2), 100, "c")
    with django_assert_max_num_queries(len(lues)):
        assert "4,00 € à payer, puis 15,00 € de solde ; le crédit du compte paie 1,00 €" in lire(
            client, "/guichet/demandes/lot/"
        )
    decision.accepter_lot([une.pk for une in demandes], auteur_agent(agent))
    restes = [sum(un.montant_centimes - un.credit_centimes for un in scene.appels(rang)) for rang in (0, 1, 2)]
    assert restes == [3500, 0, 1900]


@pytest.mark.django_db(transaction=True)
def test_le_lot_et_le_panier_se_lisent_partout(
    monter: Monter, nouvelle_page: Callable[..., Page], connecter: Callable[[Page, object], None]
) -> None:
    scene = monter(ACOMPTE.format(annulee="avoir"), decision="agent", familles=3)
    demandes = [demander(scene.sol, 0, 0, 1), demander(scene.sol, 1, 0)]
    avancer(scene, scene.payeur(0), 2500)
    avancer(scene, scene.payeur(1), 9900, "b")
    bureau, page = nouvelle_page(), nouvelle_page()
    connecter(bureau, karim().compte)
    adresses = ["/guichet/demandes/lot/", *(f"/guichet/demandes/{une.pk}/" for une in demandes)]
    fautes = [faute for adresse in adresses for faute in regarder(bureau, adresse)]
    choisir(scene.sol, 2, 0)
    avancer(scene, scene.payeur(2), 2000, "c")
    connecter(page, acces_de(scene, 2).compte)
    assert [*fautes, *regarder(page, "/panier/")] == []


def test_ce_qui_est_promis_ailleurs_n_est_pas_deduit_deux_fois(monter: Monter) -> None:
    scene = monter(decision="agent")
    avancer(scene, scene.payeur(0), 2500)
    agent, client = karim(), Client()
    client.force_login(agent.compte)
    decision.accepter(demander(scene.sol, 0, 0).pk, auteur_agent(agent))
    demander(scene.sol, 0, 1)
    assert "15,00 € à payer ; le crédit du compte paie 5,00 €" in lire(client, "/guichet/demandes/lot/")


def test_le_panier_dit_ce_que_le_credit_paie_et_un_adulte_ne_lit_pas_celui_de_l_autre(monter: Monter) -> None:
    scene = monter()
    client = famille(scene)
    choisir(scene.sol, 0, 0)
    avancer(scene, scene.payeur(0), 1200)
    dit = lire(client, "/panier/")
    assert "8,00 € à payer au plus tard une heure après la réservation, sinon elle tombe." in dit
    assert "Et le crédit du compte paie 12,00 € de plus." in dit
    foyer = scene.sol.familles[0]
    autre = Responsable.objects.create(famille=foyer, nom="Autre", prenom="Lou", civilite="mme", rang=2)
    for adulte, part in ((Responsable.objects.get(famille=foyer, rang=1), 25), (autre, 75)):
        PartAdulte.objects.create(famille=foyer, responsable=adulte, part_pourcent=part)
    avancer(scene, payeur_adulte(autre), 5000, "b")
    dit = lire(client, "/panier/")
    assert "20,00 € à payer au plus tard" in dit
    assert "crédit" not in dit
    envoyer(scene.sol, 0)
    assert Appel.objects.get(payeur=payeur_adulte(autre)).credit_centimes == 1500


def test_du_panier_a_la_page_ou_l_on_paie(monter: Monter) -> None:
    scene = monter(ACOMPTE.format(annulee="rien"))
    client = famille(scene)
    choisir(scene.sol, 0, 0, 1)
    dit = lire(client, "/panier/")
    assert "10,00 € à payer au plus tard une heure après la réservation, sinon elle tombe." in dit
    assert "Solde : 30,00 € à payer au plus tard le" in dit
    assert "Une journée annulée, même à temps, n’est pas remboursée." in dit
    # A page of prices says it too: some send at once, without a cart.
    page = lire(client, f"/inscription/{scene.sol.enfants[0].pk}/{scene.sol.journee.activite_id}/?unite=journee")
    assert "5,00 € à payer dans une heure, sinon la réservation tombe, puis 15,00 € à payer au plus tard" in page
    envoyer(scene.sol, 0, 2)
    phrase = "15,00 € à payer avant 13 h, sinon la réservation tombe."
    for adresse in ("/", "/demandes/", "/finances/"):
        assert phrase in lire(client, adresse)
    page = lire(client, "/finances/payer/reservations")
    assert "15,00 € à payer" in page
    assert "45,00 € de solde à payer" in page
    assert page.index("15,00 €") < page.index("45,00 €")


def test_ce_que_le_tresor_recouvre_ne_se_demande_pas_au_panier(monter: Monter) -> None:
    scene = monter()
    client = famille(scene)
    choisir(scene.sol, 0, 0)
    assert "sinon elle tombe" in lire(client, "/panier/")
    charger_regies('[[regies]]\ncode = 1\nnom = "Titres"\nrecouvrement = "titre"\n', "essai/regies.toml")
    assert "sinon elle tombe" not in lire(client, "/panier/")


def test_on_ne_paie_que_le_sien(monter: Monter) -> None:
    scene = monter()
    demander(scene.sol, 0, 0)
    [appel] = scene.appels(0)
    voisins = famille(scene, 1)
    reponse = voisins.post("/finances/payer/reservations", {"appel": appel.pk, "vu": "2000"})
    assert reponse.status_code == 404
    assert "délai est passé" in reponse.content.decode()


def test_au_guichet(monter: Monter) -> None:
    scene = monter()
    demander(scene.sol, 0, 0, 1)
    [appel] = scene.appels(0)
    client = guichet(scene)
    liste = "/guichet/finances/regie/1/reservations/"
    assert "sinon la réservation tombe" in lire(client, liste)
    adresse = f"/guichet/finances/regie/1/payeurs/{appel.payeur_id}/"
    page = client.get(f"{adresse}?appel={appel.pk}").content.decode()
    assert 'value="40,00"' in page
    jeton = re.search(r'name="jeton" value="([^"]+)"', page)
    assert jeton is not None
    envoi = {"appel": appel.pk, "montant": "40,00", "mode": "especes", "date_paiement": "2026-10-06", "jeton": jeton[1]}
    assert client.post(adresse, envoi | {"montant": "10,00"}).status_code == 409
    assert client.post(adresse, envoi).status_code == 302
    assert client.post(adresse, envoi).status_code == 302  # sent twice, received once
    assert Paiement.objects.get().montant_centimes == 4000
    appel.refresh_from_db()
    assert appel.etat == "paye"


def test_le_solde_se_rappelle_une_fois_puis_va_a_l_agent(monter: Monter) -> None:
    scene = monter(ACOMPTE.format(annulee="avoir"))
    demander(scene.sol, 0, 0)
    acompte, solde = scene.appels(0)
    scene.payer(acompte, 500)
    assert solde.avant is not None
    with a_l_instant(solde.avant - timedelta(days=8)):
        assert rappeler_les_soldes() == 0
    with a_l_instant(solde.avant - timedelta(days=6)):
        assert (rappeler_les_soldes(), rappeler_les_soldes()) == (1, 0)
        assert "Solde : 15,00 € à payer" in lire(famille(scene), "/")
    [courriel] = Courriel.objects.filter(gabarit="solde_a_payer")
    assert "15,00 €" in courriel.texte.replace("\u00a0", " ")
    with a_l_instant(solde.avant + timedelta(days=1)):
        from marelle.demandes.non_payees import finir_les_non_payees

        assert finir_les_non_payees() == 0
        assert "pas payé. La réservation tient." in lire(guichet(scene), "/guichet/finances/regie/1/reservations/")


@pytest.mark.parametrize(("annulee", "attendu"), [("avoir", False), ("remboursement", True)])
def test_ce_qui_est_a_rembourser_se_suit(monter: Monter, annulee: str, attendu: bool) -> None:
    scene = monter(f'{{ delai_minutes = 60, annulee = "{annulee}" }}')
    demander(scene.sol, 0, 0)
    scene.payer(scene.appels(0)[0], 2000)
    envoyer(scene.sol, 0, 0)
    dit = lire(guichet(scene), "/guichet/finances/regie/1/reservations/")
    assert ("À rembourser : Enfant, Courses" in dit) is attendu
