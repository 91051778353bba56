"""Signing in and out: by identifiant or address, shared addresses, limits, what a stranger learns."""

import pytest
from django.test import Client
from django.urls import reverse

from marelle.comptes import phrases
from marelle.comptes.models import Agent, Compte
from marelle.journal.models import Entree

from .conftest import MOT_DE_PASSE

CONNEXION = "/compte/connexion/"


def entrer(navigateur: Client, login: str, mot_de_passe: str = MOT_DE_PASSE, **extra: str):
    return navigateur.post(CONNEXION, {"login": login, "password": mot_de_passe}, **extra)


def est_entre(navigateur: Client) -> bool:
    return "_auth_user_id" in navigateur.session


@pytest.mark.parametrize(
    "login", ["FAM-00001", "fam-00001", " FAM-00001 ", "alice@familles.exemple", "Alice@Familles.EXEMPLE"]
)
def test_par_identifiant_ou_adresse(alice: Compte, navigateur: Client, login: str) -> None:
    reponse = entrer(navigateur, login)
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/")
    assert est_entre(navigateur)


def test_un_agent_arrive_au_guichet(secretaire: Agent, navigateur: Client) -> None:
    assert entrer(navigateur, "camille").headers["Location"] == "/guichet/"


def test_revient_ou_l_on_allait_et_jamais_ailleurs(alice: Compte, navigateur: Client) -> None:
    for suite, arrivee in (("/compte/mot-de-passe/", "/compte/mot-de-passe/"), ("https://pirate.exemple/", "/")):
        reponse = navigateur.post(CONNEXION, {"login": "FAM-00001", "password": MOT_DE_PASSE, "next": suite})
        assert reponse.headers["Location"] == arrivee
        navigateur.logout()


@pytest.mark.parametrize(
    ("login", "mot_de_passe"),
    [("FAM-00001", "faux"), ("FAM-99999", "faux"), ("x@y.exemple", "faux"), ("a\x00b", "faux")],
)
def test_echec_toujours_la_meme_phrase(alice: Compte, navigateur: Client, login: str, mot_de_passe: str) -> None:
    reponse = entrer(navigateur, login, mot_de_passe)
    assert reponse.status_code == 422
    if "\x00" not in login:
        assert reponse.context["form"].non_field_errors() == [phrases.MAUVAIS_COUPLE]
    assert not est_entre(navigateur)


def test_un_compte_ferme_ne_se_distingue_pas(alice: Compte, navigateur: Client) -> None:
    Compte.objects.update(is_active=False)
    reponse = entrer(navigateur, "FAM-00001")
    assert reponse.context["form"].non_field_errors() == [phrases.MAUVAIS_COUPLE]


def test_une_adresse_partagee_n_ouvre_aucun_compte_et_le_dit_comme_un_echec(alice: Compte, navigateur: Client) -> None:
    Compte.objects.create_user("FAM-00002", alice.email, "Un-autre-mot-2026")
    for mot_de_passe in (MOT_DE_PASSE, "Un-autre-mot-2026", "faux"):
        reponse = entrer(navigateur, alice.email, mot_de_passe)
        assert reponse.context["form"].non_field_errors() == [phrases.MAUVAIS_COUPLE]
        assert not est_entre(navigateur)
    assert entrer(navigateur, "FAM-00002", "Un-autre-mot-2026").status_code == 302


def test_l_adresse_d_un_compte_ferme_ne_compte_pas_comme_partagee(alice: Compte, navigateur: Client) -> None:
    Compte.objects.create_user("FAM-00002", alice.email, "Un-autre-mot-2026", is_active=False)
    assert entrer(navigateur, alice.email).status_code == 302


def test_cinq_essais_puis_429_meme_avec_le_bon_mot_de_passe(alice: Compte, navigateur: Client) -> None:
    for _ in range(5):
        assert entrer(navigateur, "FAM-00001", "faux").status_code == 422
    reponse = entrer(navigateur, "fam-00001")
    assert reponse.status_code == 429
    assert phrases.TROP_D_ESSAIS in reponse.context["form"].non_field_errors()
    assert not est_entre(navigateur)


def test_dix_echecs_d_une_meme_machine_quels_que_soient_les_comptes(alice: Compte, navigateur: Client) -> None:
    for rang in range(10):
        assert entrer(navigateur, f"FAM-1{rang:04}", "faux").status_code == 422
    assert entrer(navigateur, "FAM-00001").status_code == 429
    assert entrer(Client(), "FAM-00001", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_les_essais_sont_comptes_dans_la_base_pour_tous_les_processus(alice: Compte, navigateur: Client) -> None:
    from django.core.cache import cache

    assert type(cache._connections[cache._alias]).__name__ == "DatabaseCache"  # type: ignore[attr-defined]


def test_get_deconnexion_ne_fait_que_demander(alice: Compte, navigateur: Client) -> None:
    navigateur.force_login(alice)
    reponse = navigateur.get("/compte/deconnexion/")
    assert reponse.status_code == 200
    assert est_entre(navigateur)
    assert navigateur.post("/compte/deconnexion/").headers["Location"] == CONNEXION
    assert not est_entre(navigateur)


def test_personne_ne_s_inscrit_seul(navigateur: Client) -> None:
    for chemin in ("/compte/signup/", "/compte/inscription/", "/accounts/signup/"):
        assert navigateur.get(chemin).status_code in (302, 404)
    assert "signup_url" not in navigateur.get(CONNEXION).content.decode()


@pytest.mark.parametrize(
    "nom", ["account_change_password", "account_logout", "mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes"]
)
def test_sans_session_on_est_mene_a_la_connexion(navigateur: Client, nom: str) -> None:
    reponse = navigateur.get(reverse(nom))
    assert reponse.status_code == 302
    assert reponse.headers["Location"].startswith(CONNEXION)


def test_deux_requetes_pour_savoir_qui_est_la(
    secretaire: Agent, navigateur: Client, django_assert_max_num_queries
) -> None:
    navigateur.force_login(secretaire.compte)
    navigateur.get("/compte/deconnexion/")
    with django_assert_max_num_queries(2):
        navigateur.get("/compte/deconnexion/")


def test_changer_de_mot_de_passe_ferme_les_autres_sessions(alice: Compte, navigateur: Client) -> None:
    ailleurs = Client()
    ailleurs.force_login(alice)
    navigateur.force_login(alice)
    nouveau = "Tout-nouveau-2027"
    saisie = {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau}
    assert navigateur.post("/compte/mot-de-passe/", {**saisie, "password2": "autre"}).status_code == 422
    assert navigateur.post("/compte/mot-de-passe/", {**saisie, "oldpassword": "faux"}).status_code == 422
    assert navigateur.post("/compte/mot-de-passe/", saisie).status_code == 302
    assert navigateur.get("/compte/mot-de-passe/").status_code == 200
    assert ailleurs.get("/compte/mot-de-passe/").status_code == 302
    assert Entree.objects.get().action == "compte.mot_de_passe_change"
