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
