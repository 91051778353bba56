"""Do the secrets of the second factors open with the keys in force, and how do they pass to the newest one?"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from marelle.socle.chiffrement import Bilan
from marelle.socle.coffre import coffre

# Where allauth keeps what a telephone shares with the portal, and what the recovery codes are drawn from.
SECRETS = ("secret", "seed")


def verifier() -> Bilan:
    """Decrypt every secret and forget it."""
    return _parcourir(renouvelle=False)


def renouveler() -> Bilan:
    """Encrypt every secret again with the first key: without it, who has a second factor could not come in any more."""
    return _parcourir(renouvelle=True)


def _parcourir(*, renouvelle: bool) -> Bilan:
    cles = coffre()
    lues, illisibles = 0, []
    for cle in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():  # a recovery code used meanwhile is written in the same column
            un = Authenticator.objects.select_for_update().filter(pk=cle).first()
            for nom in [nom for nom in SECRETS if un and nom in un.data]:
                lues += 1
                try:
                    un.data[nom] = cles.rotate(un.data[nom].encode()).decode()
                except InvalidToken:
                    illisibles.append(f"{Authenticator._meta.db_table}.data, ligne {cle}")
            if renouvelle and un:
                un.save(update_fields=["data"])
    return Bilan(lues, illisibles)
