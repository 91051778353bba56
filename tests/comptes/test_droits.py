"""Who enters the guichet, and what each role may do."""

import pytest
from django.test import Client

from marelle.comptes.demo import AGENTS_DEMO, creer_comptes_demo
from marelle.comptes.droits import DROITS, Droit, Role, a_le_droit
from marelle.comptes.models import Agent, Compte
from marelle.socle.erreurs import ErreurMarelle

pytestmark = pytest.mark.urls("tests.comptes.adresses")


def test_chaque_role_a_sa_ligne_et_la_direction_peut_tout() -> None:
    assert set(DROITS) == set(Role)
    assert DROITS[Role.DIRECTION] == set(Droit)
    assert not a_le_droit("lecture", "decider_demandes")
    assert not a_le_droit("secretariat", "gerer_agents")
    with pytest.raises(ValueError, match="decider_tout"):
        a_le_droit("direction", "decider_tout")


def test_une_famille_ne_voit_pas_le_guichet(alice: Compte, navigateur: Client) -> None:
    navigateur.force_login(alice)
    assert navigateur.get("/essai/agents/").status_code == 404
    assert navigateur.get("/essai/decider/").status_code == 404
    assert navigateur.get("/essai/qui/").content == b"famille"


def test_sans_le_droit_403(lectrice: Agent, navigateur: Client) -> None:
    navigateur.force_login(lectrice.compte)
    assert navigateur.get("/essai/agents/").content.decode() == "Camille Aubert"
    assert navigateur.get("/essai/decider/").status_code == 403


def test_avec_le_droit(secretaire: Agent, navigateur: Client) -> None:
    navigateur.force_login(secretaire.compte)
    assert navigateur.get("/essai/decider/").content.decode() == "décidé"
    assert navigateur.get("/essai/qui/").content == b"agent"


def test_un_agent_mis_de_cote_n_entre_plus(secretaire: Agent, navigateur: Client) -> None:
    navigateur.force_login(secretaire.compte)
    Agent.objects.update(est_actif=False)
    assert navigateur.get("/essai/agents/").status_code == 404
    assert navigateur.get("/essai/qui/").content == b"famille"
    secretaire.refresh_from_db()
    assert not secretaire.peut("lire_demandes")
    assert not Agent.objects.actifs().exists()


def test_visiteur_mene_a_la_connexion(navigateur: Client) -> None:
    assert navigateur.get("/essai/agents/").headers["Location"].startswith("/compte/connexion/")


def test_les_comptes_de_demonstration_se_creent_deux_fois_sans_doublon() -> None:
    for _ in range(2):
        agents = creer_comptes_demo("Marelle-demo-2026")
    assert [agent.compte.username for agent in agents] == [qui[0] for qui in AGENTS_DEMO]
    assert Compte.objects.get(username="agent1").check_password("Marelle-demo-2026")


def test_les_comptes_de_demonstration_refusent_la_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ErreurMarelle, match="démonstration"):
        creer_comptes_demo("Marelle-demo-2026")
    assert not Compte.objects.exists()
