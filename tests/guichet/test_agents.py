"""The page of the agents: for directions only; a second factor is taken from a colleague, never from oneself."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.journal.models import Entree
from tests import distribution as gens

PAGE = "/guichet/agents/"


def retrait(agent: Agent) -> str:
    return reverse("guichet:double_retiree", args=[agent.pk])


@pytest.fixture
def protege(karim: Agent) -> Agent:
    """Karim with a second factor and its recovery codes."""
    for sorte, donnees in (("totp", {"secret": "x"}), ("recovery_codes", {"seed": "x"})):
        Authenticator.objects.create(user=karim.compte, type=sorte, data=donnees)
    return karim


def test_la_direction_voit_les_agents_et_retire_celle_d_un_collegue(guichet, nadia, protege):
    gens.lucas()
    client = guichet(nadia)
    page = client.get(PAGE).content.decode()
    for mot in ("Nadia Ferrand", "(vous)", "Karim Benali", "Secrétariat", "Mot de passe seul", "de Karim Benali"):
        assert mot in page, mot
    assert page.count('<form class="pile"') == 1  # only Karim has something to take away
    assert f'href="{PAGE}"' in page  # in the menu of her name
    suite = client.post(retrait(protege), follow=True).content.decode()
    assert "La double authentification de Karim Benali est retirée." in suite
    assert not Authenticator.objects.exists()
    assert Entree.objects.get(action="compte.double_authentification_retiree").acteur == nadia.compte
    assert Courriel.objects.filter(gabarit="double_authentification_retiree").count() == bool(protege.compte.email)
    assert "rien n’a changé" in client.post(retrait(protege), follow=True).content.decode()


def test_personne_ne_se_retire_la_sienne_par_cette_page(guichet, nadia):
    Authenticator.objects.create(user=nadia.compte, type="totp", data={"secret": "x"})
    client = guichet(nadia)
    assert "avec votre mot de passe" in client.post(retrait(nadia), follow=True).content.decode()
    assert Authenticator.objects.exists()


def test_les_autres_roles_n_y_ont_pas_droit(guichet, protege):
    client = guichet(protege)
    assert client.get(PAGE).status_code == 403
    assert client.post(retrait(gens.lucas())).status_code == 403
    assert PAGE not in client.get("/guichet/").content.decode()
    assert Authenticator.objects.count() == 2


def test_un_agent_qui_n_est_plus_en_service_est_introuvable(guichet, nadia, protege):
    protege.est_actif = False
    protege.save()
    client = guichet(nadia)
    assert client.post(retrait(protege)).status_code == 404
    assert "Karim" not in client.get(PAGE).content.decode()


def test_l_aide_parle_de_chaque_page_et_dit_comment_revenir_en_arriere(guichet, karim):
    aide = guichet(karim).get("/guichet/aide/").content.decode().replace("\xa0", " ")
    for mot in (
        "Les présences",
        "Absences à examiner",
        "Ouvrir des jours",
        "Une décision ne s’efface pas",
        "E-mails et agents",
    ):
        assert mot in aide, mot
    assert 'id="a-compte"' in aide  # where the page of the agents leads


def test_la_page_des_agents_dit_a_qui_demander_un_nouvel_agent(guichet, nadia):
    assert "demandez-le à qui a installé le portail" in guichet(nadia).get(PAGE).content.decode()
