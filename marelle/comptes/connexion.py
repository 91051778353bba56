"""Which account does somebody mean when they write an identifiant or an e-mail address, and is the password right?

The rule of shared addresses: an address that several active accounts share opens none of them. Choosing among them would
be picking at random, and trying the password on each would tell by its slowness that the address is known. They sign in
with their identifiant; the one sentence that answers every failed sign-in says so.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower
from django.http import HttpRequest

from .models import Compte


def comptes_pour(saisie: str) -> list[Compte]:
    """Active accounts that an identifiant (at most one) or an address (several when shared) designates; case is ignored."""
    saisie = saisie.strip()
    if not saisie or "\x00" in saisie:
        return []
    actifs = Compte.objects.filter(is_active=True).order_by("pk")
    if "@" in saisie:
        return list(actifs.filter(email=saisie))
    return list(actifs.alias(cle=Lower("username")).filter(cle=saisie.lower()))


def compte_pour(saisie: str) -> Compte | None:
    """The one account that `saisie` designates, or None when there is none or more than one."""
    trouves = comptes_pour(saisie)
    return trouves[0] if len(trouves) == 1 else None


def adresse_est_partagee(courriel: str) -> bool:
    """Whether signing in with this address is impossible because several active accounts share it."""
    return len(comptes_pour(courriel)) > 1


class BackendPortail(ModelBackend):
    """Identifiant or address, with the password; a wrong one and an unknown one take the same time."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Compte | None:
        if not username or not password:
            return None
        compte = compte_pour(username)
        if compte is None or not compte.has_usable_password():
            make_password(password)
            return None
        return compte if compte.check_password(password) else None

    def get_user(self, user_id: int) -> Compte | None:
        """The account with who stands behind it (agent or household): one query for the whole request."""
        compte = Compte.objects.select_related(*settings.RELATIONS_DU_COMPTE).filter(pk=user_id).first()
        return compte if compte is not None and compte.is_active else None
