"""Django settings: one file for every use; what differs between them is read from `env`."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from marelle.journal.traces import configurer

from . import env
from .base_de_donnees import base_de_donnees
from .particulier import *  # noqa: F403
from .payfip import *  # noqa: F403
from .securite import *  # noqa: F403  # every name in capitals there is a setting

BASE_DIR = env.RACINE
DEBUG = False
PRODUCTION = env.PRODUCTION

if PRODUCTION and (len(env.CLE_SECRETE) < 50 or not env.CLES_CHIFFREMENT):
    raise ImproperlyConfigured(
        "MARELLE_CLE_SECRETE (50 caractères au moins) et MARELLE_CLES_CHIFFREMENT sont obligatoires en production : "
        "voir docs/exploitation/installer.md."
    )
SECRET_KEY = env.CLE_SECRETE or "marelle-hors-production-" + "x" * 40
# Former ones, while they leave: what they signed stays good, what they encrypted opens (the encrypted fields read this too).
# A short or empty one would let anybody sign.
SECRET_KEY_FALLBACKS = env.CLES_SECRETES_ANCIENNES
if any(len(ancienne) < (50 if PRODUCTION else 1) for ancienne in SECRET_KEY_FALLBACKS):
    raise ImproperlyConfigured(
        "MARELLE_CLES_SECRETES_ANCIENNES : chaque ancienne clé a 50 caractères au moins, séparées par des virgules. "
        "Retirez celle qui est vide ou trop courte : voir docs/exploitation/installer.md."
    )
# Salts of the encrypted fields, newest first: the first encrypts, all decrypt (key rotation).
SALT_KEY = env.CLES_CHIFFREMENT or ["marelle-hors-production"]

ALLOWED_HOSTS = env.HOTES or ["localhost", "127.0.0.1", "[::1]", "testserver"]
BASE_URL = env.BASE_URL
CSRF_TRUSTED_ORIGINS = [env.BASE_URL] if env.BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "marelle.socle",
    "marelle.journal",
    "marelle.taches",
    "marelle.courriels",
    "marelle.collectivite",
    "marelle.cryptogramme",
    "marelle.comptes",
    "marelle.familles",
    "marelle.activites",
    "marelle.pieces",
    "marelle.scolarite",
    "marelle.tarification",
    "marelle.creances",
    "marelle.facturation",
    "marelle.regie",
    "marelle.paiements",
    "marelle.appels",
    "marelle.tresor",
    "marelle.attestations",
    "marelle.reservations",
    "marelle.transport",
    "marelle.demandes",
    "marelle.correspondance",
    "marelle.editions",
    "marelle.espace_famille",
    "marelle.guichet",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "simple_history",
    "encrypted_fields",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "marelle.comptes.middleware.ConnexionRequiseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "marelle.reglages.entetes.EntetesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "marelle.comptes.middleware.PersonneMiddleware",
    "marelle.familles.acces.FamilleMiddleware",
    "marelle.socle.refus.RefusMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "marelle.reglages.urls"
WSGI_APPLICATION = "marelle.reglages.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marelle.socle.contexte.portail",
            ],
        },
    }
]
FORM_RENDERER = "marelle.socle.formulaires.Rendu"
CSRF_FAILURE_VIEW = "marelle.socle.views.csrf"

DATABASES = {"default": base_de_donnees(env.DATABASE_URL, env.VAR / f"{env.COLLECTIVITE}.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "comptes.Compte"
# Read with the account, in one query: the agent, or the household and its adult.
RELATIONS_DU_COMPTE = ["agent", "acces__famille", "acces__responsable"]

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = env.VAR / "statiques"
MEDIA_ROOT = env.VAR / "pieces" / env.COLLECTIVITE
# Where the administrator may put the schemas of the DGFiP (docs/exploitation/comptabilite.md).
SCHEMAS_PES = env.SCHEMAS_PES
# Names with a hash once `collectstatic` has run (production, demonstration); straight from the sources in tests.
A_DES_STATIQUES_COLLECTES = PRODUCTION or env.DEMO
_STATIQUES = (
    "whitenoise.storage.CompressedManifest" if A_DES_STATIQUES_COLLECTES else "django.contrib.staticfiles.storage."
)
WHITENOISE_USE_FINDERS = not A_DES_STATIQUES_COLLECTES
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"{_STATIQUES}StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# One way out for logs, masked of personal data; JSON in production.
LOGGING_CONFIG = None
configurer(env.NIVEAU_JOURNAL, json=PRODUCTION)
