"""How API Particulier is reached, where the collectivité has its habilitation; read by `settings`. Empty: nothing is asked."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import env

OFFICIELLE = "https://particulier.api.gouv.fr"
API_PARTICULIER_ADRESSE = env.API_PARTICULIER_ADRESSE.rstrip("/")
API_PARTICULIER_JETON = env.API_PARTICULIER_JETON
API_PARTICULIER_SIRET = env.API_PARTICULIER_SIRET

if API_PARTICULIER_ADRESSE:
    _lue = urlsplit(API_PARTICULIER_ADRESSE)
    _ici = _lue.hostname in ("127.0.0.1", "localhost", "::1")
    if env.PRODUCTION and API_PARTICULIER_ADRESSE != OFFICIELLE:
        raise ImproperlyConfigured(f"MARELLE_API_PARTICULIER_ADRESSE : en production, {OFFICIELLE} ou rien.")
    if _lue.scheme != "https" and not (_lue.scheme == "http" and _ici):
        raise ImproperlyConfigured(
            "MARELLE_API_PARTICULIER_ADRESSE : une adresse https:// ; le jeton ne part pas en clair."
        )
    if not API_PARTICULIER_JETON or not (len(API_PARTICULIER_SIRET) == 14 and API_PARTICULIER_SIRET.isdecimal()):
        raise ImproperlyConfigured(
            "MARELLE_API_PARTICULIER_JETON et MARELLE_API_PARTICULIER_SIRET (14 chiffres) vont avec l’adresse."
        )
