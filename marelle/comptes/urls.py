"""Addresses of sign-in, password, second factor and invitation, under /compte/; the names are those allauth reverses."""

from allauth.account import views as compte
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path, re_path

from .views import invitation, statut_juste

_double = "double-authentification/"

_invitation = [
    path("", invitation, name="choisir"),
    path("<str:jeton>/", invitation, name="invitation"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", statut_juste(compte.login), name="account_login"),
    path("deconnexion/", compte.logout, name="account_logout"),
    path("inactif/", compte.account_inactive, name="account_inactive"),
    path("confirmer/", statut_juste(compte.reauthenticate), name="account_reauthenticate"),
    path("mot-de-passe/", statut_juste(compte.password_change), name="account_change_password"),
    path("mot-de-passe/choisir/", statut_juste(compte.password_set), name="account_set_password"),
    path("mot-de-passe/oublie/", statut_juste(compte.password_reset), name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", compte.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        statut_juste(compte.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/change/", compte.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path(_double, mfa.index, name="mfa_index"),
    path(_double + "code/", statut_juste(mfa.authenticate), name="mfa_authenticate"),
    path(_double + "confirmer/", statut_juste(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(_double + "activer/", statut_juste(totp.activate_totp), name="mfa_activate_totp"),
    path(_double + "retirer/", statut_juste(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(_double + "codes-de-secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(_double + "codes-de-secours/renouveler/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("invitation/", include((_invitation, "comptes"))),
]
