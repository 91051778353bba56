"""What protects the portal: passwords, sign-in, sessions, cookies, headers, limits; read by `settings`.

Every name in capitals is a Django setting (or one of allauth's and django-csp's).
"""

import re
from typing import Any

from csp import constants as csp
from django.core.exceptions import ImproperlyConfigured

from . import env

# Passwords: CNIL, délibération 2022-100 (docs/decisions); argon2id, nothing older to read.
PASSWORD_HASHERS = ["marelle.comptes.mots_de_passe.Argon2Portail"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "marelle.comptes.mots_de_passe.MotDePasseSolide"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email")},
    },
]
PASSWORD_RESET_TIMEOUT = 3 * 3600

# Sign-in. Our backend reads an identifiant or an address, so allauth only ever knows « username ».
AUTHENTICATION_BACKENDS = ["marelle.comptes.connexion.BackendPortail"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCUEIL_AGENTS = "/guichet/"
ACCOUNT_ADAPTER = "marelle.comptes.adaptateur.AdaptateurCompte"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Whoever proved to read the mailbox is signed in (after the second factor): a lock-out then ends by itself.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "marelle.comptes.forms.ConnexionForm",
    "change_password": "marelle.comptes.forms.ChangerMotDePasseForm",
    "reset_password": "marelle.comptes.forms.MotDePasseOublieForm",
    "reset_password_from_key": "marelle.comptes.forms.NouveauMotDePasseForm",
    "reauthenticate": "marelle.comptes.forms.ConfirmerForm",
}
# Five wrong passwords for one identifiant, ten from one address; then a wait. See CACHES for where it is counted.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "invitation": "20/m/ip",
    "pre_inscription": "10/h/ip,3/d/key",
    # By operation: PayFiP calls from one address for everybody.
    "payer_notification": "12/m/key",
    "payer_retour": "20/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.MANDATAIRES_DE_CONFIANCE

# Second factor: an application that shows codes, and ten recovery codes.
MFA_ADAPTER = "marelle.comptes.adaptateur.AdaptateurMFA"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "marelle.comptes.forms.CodeForm",
    "reauthenticate": "marelle.comptes.forms.CodeConfirmerForm",
    "activate_totp": "marelle.comptes.forms.ActiverForm",
}
MFA_AGENTS = env.MFA_AGENTS
if MFA_AGENTS not in {"proposee", "obligatoire"}:
    raise ImproperlyConfigured(f"MARELLE_MFA_AGENTS : « {MFA_AGENTS} » au lieu de « proposee » ou « obligatoire ».")

# Counters of attempts must be one for all processes and machines: the database is the only thing they share.
# Pages never read this cache; only a sign-in, a reset or a code does.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "comptes_compteur",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# Sessions are rows: one query a request, and a log-out holds at once in every process. Twelve hours at most,
# and the cookie goes when the browser closes.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Browsers share cookies between ports of one host: each portal has its own names.
_PREFIXE = "__Host-marelle" if env.PRODUCTION else "marelle-" + re.sub(r"[^A-Za-z0-9-]", "-", env.COLLECTIVITE)
SESSION_COOKIE_NAME = f"{_PREFIXE}-session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.PRODUCTION
CSRF_COOKIE_NAME = f"{_PREFIXE}-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = env.PRODUCTION
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Transport: production speaks HTTPS only; /sante stays readable by the machine's own probe.
SECURE_SSL_REDIRECT = env.PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^sante$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env.PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.PRODUCTION
SECURE_HSTS_PRELOAD = False
# Preloading binds the whole domain of the collectivité in every browser: its owner decides that, not its portal.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.MANDATAIRES_DE_CONFIANCE > 0 else None

# Headers.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = ", ".join(
    f"{nom}=()"
    for nom in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF, "data:"],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "manifest-src": [csp.SELF],
        "form-action": [csp.SELF],
        "frame-ancestors": [csp.NONE],
        "base-uri": [csp.NONE],
    },
}

# What one request may bring.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "marelle.pieces.televersement.Plafond",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
