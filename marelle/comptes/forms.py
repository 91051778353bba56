"""The forms of sign-in, password and second factor: allauth's, with our labels and our sentences."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthentifierCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from marelle.cryptogramme.formulaires import AvecCryptogramme

from . import phrases
from .connexion import comptes_pour
from .models import Compte
from .mots_de_passe import AIDE

AIDE_IDENTIFIANT = "Il figure sur le courrier remis par le centre, par exemple « FAM-04812 »."


def _presenter(form: forms.Form, **libelles: tuple[str, str]) -> None:
    """Give the fields their label and help; a placeholder that repeats the label is noise for a screen reader."""
    for nom, champ in form.fields.items():
        champ.widget.attrs.pop("placeholder", None)
        libelle, aide = libelles.get(nom, (champ.label, ""))
        champ.label, champ.help_text = libelle, aide


class ConnexionForm(AvecCryptogramme, allauth_forms.LoginForm):
    """Identifiant or address, and password; the cryptogramme before them where it is switched on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saisie = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
        self.fields["login"] = forms.CharField(max_length=254, widget=saisie)
        self.order_fields(["login", "password"])
        _presenter(self, login=("Identifiant ou adresse e-mail", AIDE_IDENTIFIANT), password=("Mot de passe", ""))


class _Confirmation:
    """Two equal passwords, said in French."""

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = forms.Form.clean(self) or {}  # type: ignore[arg-type]
        if {"password1", "password2"} <= donnees.keys() and donnees["password1"] != donnees["password2"]:
            self.add_error("password2", phrases.CONFIRMATION_DIFFERENTE)  # type: ignore[attr-defined]
        return donnees


_NOUVEAU = {
    "password1": ("Nouveau mot de passe", AIDE),
    "password2": ("Le même, une seconde fois", ""),
}


class ChangerMotDePasseForm(_Confirmation, allauth_forms.ChangePasswordForm):
    """Current password, new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _presenter(self, oldpassword=("Mot de passe actuel", ""), **_NOUVEAU)


class NouveauMotDePasseForm(_Confirmation, allauth_forms.ResetPasswordKeyForm):
    """New password twice, from the link of the e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _presenter(self, **_NOUVEAU)


class MotDePasseOublieForm(AvecCryptogramme, allauth_forms.ResetPasswordForm):
    """Identifiant or address; never says whether it is known. The field keeps the name that allauth's view reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saisie = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
        self.fields["email"] = forms.CharField(max_length=254, widget=saisie)
        _presenter(self, email=("Identifiant ou adresse e-mail", AIDE_IDENTIFIANT))

    def clean_email(self) -> str:
        """Find the accounts; one without an address on file gets no e-mail."""
        saisie: str = self.cleaned_data["email"]
        self.users = comptes_pour(saisie)
        return saisie


class ConfirmerForm(allauth_forms.ReauthenticateForm):
    """The password again, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _presenter(self, password=("Mot de passe", ""))


class _Code:
    """A code typed from a telephone: digits keyboard, spaces forgiven."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _presenter(self, code=self.libelle)  # type: ignore[arg-type]
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "class": "court"})  # type: ignore[attr-defined]
        self.fields["code"].clean = _sans_espaces(self.fields["code"].clean)  # type: ignore[attr-defined]

    libelle = ("Code", "Les six chiffres affichés par votre application, ou l’un de vos codes de secours.")


def _sans_espaces(nettoyer: Any) -> Any:
    return lambda valeur: nettoyer("".join((valeur or "").split()))


class CodeForm(_Code, AuthenticateForm):
    """Second step of the sign-in."""


class CodeConfirmerForm(_Code, ReauthentifierCodeForm):
    """A code again, before something delicate."""


class ActiverForm(_Code, ActivateTOTPForm):
    """First code, which proves that the application is set up."""

    libelle = ("Code", "Les six chiffres affichés par votre application.")


class InvitationForm(_Confirmation, forms.Form):
    """First password of an access, twice."""

    password1 = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        label="Mot de passe",
        help_text=AIDE,
    )
    password2 = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        label="Le même, une seconde fois",
    )

    def __init__(self, *args: Any, compte: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compte = compte

    def clean_password1(self) -> str:
        """Apply the rules of passwords."""
        mot_de_passe: str = self.cleaned_data["password1"]
        validate_password(mot_de_passe, self.compte)
        return mot_de_passe
