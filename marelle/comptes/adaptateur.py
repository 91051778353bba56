"""What allauth asks of us: nobody signs up, e-mails are our own rows, errors are our sentences, secrets are encrypted."""

import time
from io import BytesIO
from typing import Any, cast

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url

from marelle.courriels.service import ecrire
from marelle.journal.service import noter
from marelle.socle.coffre import coffre

from . import phrases
from .acces import annuler_invitations, est_agent
from .models import Compte

GABARITS = {
    "account/email/password_reset_key": "mot_de_passe_oublie",
    "account/email/password_reset": "mot_de_passe_change",
    "account/email/password_changed": "mot_de_passe_change",
    "account/email/password_set": "mot_de_passe_change",
    "mfa/email/totp_activated": "double_authentification_activee",
    "mfa/email/totp_deactivated": "double_authentification_retiree",
    "mfa/email/recovery_codes_generated": "codes_de_secours",
}


class AdaptateurCompte(DefaultAccountAdapter):
    """Accounts: see the module."""

    error_messages = {**DefaultAccountAdapter.error_messages, **phrases.ERREURS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accesses are handed out by the centre."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write one of our e-mails, to the address on file of the account and nowhere else."""
        compte: Compte = context["user"]
        if not compte.email:
            return
        contexte = {"identifiant": compte.username, "lien": context.get("password_reset_url", "")}
        ecrire(GABARITS[template_prefix], [compte.email], contexte, confidentiel=bool(contexte["lien"]))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner that their password or second factor changed, and write it in the journal."""
        noter(cast(Compte, user), f"compte.{GABARITS[template_prefix]}", user)
        self.send_mail(template_prefix, "", {**(context or {}), "user": user})

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the e-mail: on the portal's own address when it is known, never on what the request claims."""
        lien = super().get_reset_password_from_key_url(key)
        chemin = "/" + lien.split("/", 3)[3]
        return f"{settings.BASE_URL}{chemin}" if settings.BASE_URL else lien

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of a sign-in: asking twice in a row for one password protects nobody."""
        preuves = self.request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
        if preuves and time.time() - preuves[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set it, and close the invitation that could set another."""
        super().set_password(user, password)
        annuler_invitations(user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The guichet for an agent, the home of the families for the others."""
        return resolve_url(settings.ACCUEIL_AGENTS if est_agent(request.user) else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where one works."""
        return self.get_login_redirect_url(request)


class AdaptateurMFA(DefaultMFAAdapter):
    """Second factor: secrets are encrypted like health data; an agent cannot drop it where it is mandatory."""

    error_messages = {**DefaultMFAAdapter.error_messages, **phrases.ERREURS_MFA}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The identifiant: an address may be shared, and is personal data on a telephone's screen."""
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """The square to show to the telephone: black on white with its margin, in dark mode too."""
        dessin = BytesIO()
        segno.make(url, error="m").save(dessin, kind="svg", scale=5, border=4, light="white", xmldecl=False)
        return dessin.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Ciphertext under the newest key."""
        return coffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Clear text, whichever key still in use wrote it."""
        return coffre().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """No for an agent where `MARELLE_MFA_AGENTS=obligatoire`."""
        return not (settings.MFA_AGENTS == "obligatoire" and est_agent(authenticator.user))
