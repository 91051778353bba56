"""Headers, cookies, and Django's own deployment check on production settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from marelle.comptes.models import Compte

RACINE = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "MARELLE_PRODUCTION": "1",
    "MARELLE_CLE_SECRETE": "k7Qz-" * 12 + "unique-et-longue",
    "MARELLE_CLES_CHIFFREMENT": "sel-de-production",
    "MARELLE_BASE_URL": "https://familles.essais.exemple",
    "MARELLE_HOTES": "familles.essais.exemple",
    "MARELLE_MANDATAIRES_DE_CONFIANCE": "1",
}


def lancer(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MARELLE_", "DJANGO_"))}
    propre.pop("DATABASE_URL", None)
    env = {**propre, "MARELLE_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "marelle.reglages.settings", **variables}
    return subprocess.run(
        [sys.executable, *arguments], cwd=RACINE, env=env, capture_output=True, text=True, check=False
    )


def test_check_deploy_est_muet(tmp_path: Path) -> None:
    fini = lancer(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert fini.returncode == 0, fini.stderr
    assert "no issues" in fini.stdout


def test_la_production_refuse_de_partir_sans_cle(tmp_path: Path) -> None:
    fini = lancer(tmp_path, "manage.py", "check", MARELLE_PRODUCTION="1")
    assert fini.returncode != 0
    assert "MARELLE_CLE_SECRETE" in fini.stderr


@pytest.mark.parametrize("anciennes", ["courte", f"{'k7Qz-' * 12},,"])
def test_une_ancienne_cle_vide_ou_courte_arrete_le_depart(tmp_path: Path, anciennes: str) -> None:
    """An empty key among those that verify signatures would let anybody sign."""
    fini = lancer(tmp_path, "manage.py", "check", **PRODUCTION, MARELLE_CLES_SECRETES_ANCIENNES=anciennes)
    assert fini.returncode != 0
    assert "MARELLE_CLES_SECRETES_ANCIENNES" in fini.stderr


def test_changer_la_cle_secrete_ne_deconnecte_personne(alice: Compte, settings) -> None:
    client = Client()
    client.force_login(alice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une-nouvelle-" * 5, [settings.SECRET_KEY]
    client.get("/compte/mot-de-passe/")
    assert "_auth_user_id" in client.session
    assert client.get("/compte/mot-de-passe/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []  # a session that came back meanwhile has passed to the new key
    assert client.get("/compte/mot-de-passe/").status_code == 200


def test_la_production_ferme_ses_cookies_et_parle_https(tmp_path: Path) -> None:
    programme = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER[0], s.ALLAUTH_TRUSTED_PROXY_COUNT)"
    )
    fini = lancer(tmp_path, "-c", programme, **PRODUCTION)
    attendu = "__Host-marelle-session True True True 31536000 HTTP_X_FORWARDED_PROTO 1"
    assert fini.stdout.strip() == attendu, fini.stderr


def test_une_valeur_inconnue_de_mfa_arrete_le_depart(tmp_path: Path) -> None:
    fini = lancer(tmp_path, "manage.py", "check", MARELLE_MFA_AGENTS="parfois")
    assert "MARELLE_MFA_AGENTS" in fini.stderr
    assert fini.returncode != 0


def test_politique_de_contenu_sans_rien_en_ligne(navigateur: Client) -> None:
    politique = navigateur.get("/compte/connexion/").headers["Content-Security-Policy"]
    regles = dict(regle.strip().split(" ", 1) for regle in politique.split(";"))
    assert regles["default-src"] == "'none'"
    assert regles["script-src"] == regles["style-src"] == regles["form-action"] == "'self'"
    assert regles["frame-ancestors"] == regles["base-uri"] == "'none'"
    assert "unsafe" not in politique


@pytest.mark.parametrize(
    ("nom", "valeur"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_entetes(navigateur: Client, nom: str, valeur: str) -> None:
    assert navigateur.get("/compte/connexion/").headers[nom] == valeur


def test_permissions_et_page_personnelle_non_gardee(alice: Compte, navigateur: Client) -> None:
    navigateur.force_login(alice)
    reponse = navigateur.get("/compte/double-authentification/")
    assert "camera=()" in reponse.headers["Permissions-Policy"]
    assert "no-store" in reponse.headers["Cache-Control"]


def test_cookies_du_portail(alice: Compte, navigateur: Client) -> None:
    navigateur.get("/compte/connexion/")
    navigateur.post("/compte/connexion/", {"login": "FAM-00001", "password": "Marelle-pour-2026"})
    for nom in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = navigateur.cookies[nom]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert not navigateur.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert 11 * 3600 < navigateur.session.get_expiry_age() <= 12 * 3600


def test_sans_jeton_csrf_rien_ne_passe(alice: Compte) -> None:
    strict = Client(enforce_csrf_checks=True)
    reponse = strict.post("/compte/connexion/", {"login": "FAM-00001", "password": "Marelle-pour-2026"})
    assert reponse.status_code == 403
    assert "_auth_user_id" not in strict.session
