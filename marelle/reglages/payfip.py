"""How PayFiP is reached: where, and whether what is paid is real; read by `settings`."""

from django.core.exceptions import ImproperlyConfigured

from . import env

# Empty: the address of the régie (the State's own). Elsewhere: the simulator of the demonstration and of the tests.
PAYFIP_ADRESSE = env.PAYFIP_ADRESSE.rstrip("/")
if PAYFIP_ADRESSE and not PAYFIP_ADRESSE.startswith("https://" if env.PRODUCTION else ("http://", "https://")):
    raise ImproperlyConfigured("MARELLE_PAYFIP_ADRESSE : une adresse https:// en production, ou rien.")
# T: test; X: activation (real money, asked once by the DGFiP before opening); W: production.
PAYFIP_SAISIE = env.PAYFIP_SAISIE or ("W" if env.PRODUCTION else "T")
if PAYFIP_SAISIE not in {"T", "X", "W"}:
    raise ImproperlyConfigured(f"MARELLE_PAYFIP_SAISIE : « {PAYFIP_SAISIE} » au lieu de T, X ou W.")
