"""How does a form ask for the cryptogramme? By inheriting: the field appears where the collectivité switched it on.

    class ContactForm(AvecCryptogramme, forms.Form): …

The template shows `form.cryptogramme` when the form has one (`{{ form }}` does). Put the class first: its `clean` must come
before what it protects.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import widgets

from marelle.socle.contexte import identite

from . import defi
from .defi import Defi, Issue

NOM = "cryptogramme"
PHRASES = {
    Issue.VIDE: "Écrivez le nombre demandé, en chiffres.",
    Issue.FAUSSE: "Ce n’est pas le nombre demandé. En voici un autre : écrivez-le en chiffres.",
    Issue.EXPIREE: "La vérification du cryptogramme a expiré : elle vaut une demi-heure. Une autre est prête, "
    "envoyez à nouveau le formulaire.",
    Issue.SERVIE: "La vérification du cryptogramme a déjà servi. Une autre est prête, envoyez à nouveau le formulaire.",
}


def est_demande() -> bool:
    """Whether this collectivité asks for it."""
    options = identite()
    return bool(options and options.cryptogramme)


class SaisieCryptogramme(widgets.MultiWidget):
    """The answer to the question, the challenge, the number that the browser found. `garde` says that they come back."""

    template_name = "cryptogramme/saisie.html"
    garde = False

    def __init__(self) -> None:
        cache = {"autocomplete": "off"}  # a browser that gives back an old number would have it refused
        saisies: dict[str, forms.Widget | type[forms.Widget]] = {
            "reponse": forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
            "jeton": forms.HiddenInput(cache),
            "preuve": forms.HiddenInput(cache),
        }
        super().__init__(saisies, {"class": "court"})

    def use_required_attribute(self, initial: Any) -> bool:
        """No: the question is hidden from whoever has nothing to answer."""
        return False

    def decompress(self, value: Any) -> list[str]:
        return ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """A fresh challenge, unless this one is answered and only waits for the rest of the form."""
        ancien = defi.lire(value[1] or "") if self.garde and value else None
        actuel = ancien if isinstance(ancien, Defi) else defi.nouveau()
        valeurs = value if actuel is ancien else ["", actuel.jeton, ""]
        contexte = super().get_context(name, valeurs, attrs)
        reponse = contexte["widget"]["subwidgets"][0]
        reponse["attrs"]["aria-describedby"] = f"{reponse['attrs']['id']}_aide"
        return contexte | {"defi": actuel, "borne": defi.BORNE, "tours": defi.TOURS}


class ChampCryptogramme(forms.Field):
    """What was answered, as it came: the form judges it, since one use is counted only when all the rest is right."""

    widget = SaisieCryptogramme

    def __init__(self) -> None:
        super().__init__(label="Cryptogramme")

    def clean(self, value: Any) -> list[str]:
        return [str(une or "") for une in value] if isinstance(value, list) else ["", "", ""]


class AvecCryptogramme(forms.Form):
    """A form that asks for the cryptogramme where it is switched on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if est_demande():
            self.fields[NOM] = ChampCryptogramme()

    def clean(self) -> dict[str, Any] | None:
        """Judge, and count the use before what follows: a challenge never tries two passwords."""
        if NOM in self.fields:
            self._juger(*self.cleaned_data.pop(NOM))
        return super().clean()

    def _juger(self, reponse: str, jeton: str, preuve: str) -> None:
        lu = defi.lire(jeton)
        issue = defi.juger(lu, reponse, preuve) if isinstance(lu, Defi) else lu
        if issue is Issue.JUSTE and isinstance(lu, Defi):
            if self.errors:
                self.fields[NOM].widget.garde = True
                return
            issue = Issue.JUSTE if defi.user(lu) else Issue.SERVIE
        elif issue is Issue.FAUSSE and isinstance(lu, Defi):
            defi.user(lu)
        if issue is not Issue.JUSTE:
            self.add_error(NOM if issue in (Issue.VIDE, Issue.FAUSSE) else None, PHRASES[issue])
