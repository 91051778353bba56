"""The second factor, with real codes: set up, asked at sign-in, recovery codes, mandatory for agents."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from marelle.comptes import cles
from marelle.comptes.acces import retirer_double_authentification
from marelle.comptes.agents import retirer_double_authentification_a
from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.journal.models import Entree
from marelle.socle.chiffrement import Bilan
from marelle.socle.erreurs import ErreurMarelle

from .conftest import MOT_DE_PASSE

CONNEXION = "/compte/connexion/"
ACTIVER = "/compte/double-authentification/activer/"
CODE = "/compte/double-authentification/code/"
CODES = "/compte/double-authentification/codes-de-secours/"


def code(secret: str, pas: int = 0) -> str:
    """What the telephone shows now, or `pas` half-minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + pas))


def entrer(navigateur: Client, identifiant: str = "camille"):
    return navigateur.post(CONNEXION, {"login": identifiant, "password": MOT_DE_PASSE})


def activer(navigateur: Client) -> str:
    secret = navigateur.get(ACTIVER).context["form"].secret
    assert navigateur.post(ACTIVER, {"code": code(secret)}).status_code == 302
    return secret


@pytest.fixture
def protegee(secretaire: Agent, navigateur: Client, django_capture_on_commit_callbacks) -> str:
    """The secretary with her second factor on, signed out; gives the secret."""
    entrer(navigateur)
    with django_capture_on_commit_callbacks(execute=True):
        secret = activer(navigateur)
    navigateur.post("/compte/deconnexion/")
    return secret


def test_activer_montre_les_codes_de_secours_et_previent(protegee: str) -> None:
    assert Authenticator.objects.count() == 2
    assert Courriel.objects.get().gabarit == "double_authentification_activee"


def test_le_secret_est_chiffre_au_repos(protegee: str) -> None:
    for ligne in Authenticator.objects.values_list("data", flat=True):
        assert protegee not in str(ligne)
        assert "gAAAA" in str(ligne)


def test_les_secrets_passent_aux_nouvelles_cles(protegee: str, navigateur: Client, settings) -> None:
    """Without it, an agent could not come in any more once the former keys are gone."""
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une-nouvelle-" * 5, [former]
    assert cles.renouveler() == Bilan(2, [])
    settings.SECRET_KEY_FALLBACKS = []
    assert cles.verifier() == Bilan(2, [])
    entrer(navigateur)
    assert navigateur.post(CODE, {"code": code(protegee, 1)}).headers["Location"] == "/guichet/"
    settings.SALT_KEY = ["un autre sel"]
    un = Authenticator.objects.order_by("pk").first()
    assert f"mfa_authenticator.data, ligne {un.pk}" in cles.renouveler().illisibles


def test_le_mot_de_passe_ne_suffit_plus(protegee: str, navigateur: Client) -> None:
    assert entrer(navigateur).headers["Location"] == CODE
    assert "_auth_user_id" not in navigateur.session
    assert navigateur.post(CODE, {"code": "000000"}).status_code == 422
    suivant = code(protegee, 1)
    reponse = navigateur.post(CODE, {"code": f"{suivant[:3]} {suivant[3:]}"})
    assert reponse.headers["Location"] == "/guichet/"


def test_un_code_ne_sert_qu_une_fois(protegee: str, navigateur: Client) -> None:
    suivant = code(protegee, 1)
    for attendu in (302, 422):
        autre = Client()
        entrer(autre)
        assert autre.post(CODE, {"code": suivant}).status_code == attendu


def test_un_code_de_secours_remplace_le_telephone_une_fois(protegee: str, navigateur: Client) -> None:
    entrer(navigateur)
    navigateur.post(CODE, {"code": code(protegee, 1)})
    secours = navigateur.get(CODES).context["unused_codes"]
    assert len(secours) == 10
    for attendu in (302, 422):
        autre = Client()
        entrer(autre)
        assert autre.post(CODE, {"code": secours[0]}).status_code == attendu


def test_les_essais_de_codes_sont_limites(protegee: str, navigateur: Client) -> None:
    entrer(navigateur)
    statuts = [navigateur.post(CODE, {"code": "000000"}).status_code for _ in range(6)]
    assert statuts == [422] * 5 + [429]


def test_obligatoire_mene_a_l_activation_avant_le_guichet(secretaire: Agent, navigateur: Client, settings) -> None:
    settings.MFA_AGENTS = "obligatoire"
    settings.ROOT_URLCONF = "tests.comptes.adresses"
    entrer(navigateur)
    assert navigateur.get("/essai/agents/").headers["Location"] == ACTIVER
    activer(navigateur)
    assert navigateur.get("/essai/agents/").status_code == 200
    retirer = navigateur.post("/compte/double-authentification/retirer/")
    assert retirer.status_code == 422
    assert "obligatoire" in retirer.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_proposee_se_retire(protegee: str, navigateur: Client) -> None:
    entrer(navigateur)
    navigateur.post(CODE, {"code": code(protegee, 1)})
    assert navigateur.post("/compte/double-authentification/retirer/").status_code == 302
    assert not Authenticator.objects.exists()


def test_le_carre_est_clair_meme_de_nuit(secretaire: Agent, navigateur: Client) -> None:
    entrer(navigateur)
    assert 'fill="#fff"' in navigateur.get(ACTIVER).context["totp_svg"]


def test_la_direction_la_retire_a_qui_a_tout_perdu(
    protegee: str, secretaire: Agent, lectrice: Agent, navigateur: Client
) -> None:
    assert retirer_double_authentification(secretaire.compte, lectrice)
    assert entrer(navigateur).headers["Location"] == "/guichet/"
    assert Courriel.objects.filter(gabarit="double_authentification_retiree").count() == 1
    assert not retirer_double_authentification(secretaire.compte, lectrice)


def test_qui_tient_le_serveur_la_retire_a_n_importe_quel_compte(protegee: str, secretaire: Agent) -> None:
    assert retirer_double_authentification_a("CAMILLE")
    assert not Authenticator.objects.exists()
    entree = Entree.objects.get(action="compte.double_authentification_retiree")
    assert (entree.acteur_id, entree.objet_id) == (None, str(secretaire.compte_id))
    assert not retirer_double_authentification_a("camille")
    with pytest.raises(ErreurMarelle, match="aucun compte"):
        retirer_double_authentification_a("personne")
