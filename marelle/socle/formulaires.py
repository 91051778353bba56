"""How is a form drawn? Every `{{ form }}` and every field goes through our components, without a word in the template."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import validators
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

# Widget → the shape of its field. The first class that fits wins: subclasses come before their parents.
_FORMES: tuple[tuple[type[forms.Widget], str], ...] = (
    (widgets.HiddenInput, "cache"),
    (widgets.MultipleHiddenInput, "cache"),
    (widgets.CheckboxSelectMultiple, "choix"),
    (widgets.RadioSelect, "choix"),
    (widgets.CheckboxInput, "case"),
    (widgets.FileInput, "fichier"),
    (widgets.MultiWidget, "groupe"),
    (widgets.SelectDateWidget, "groupe"),
)


# What Django would say (« Ce champ est obligatoire. ») in words that tell what to do.
_MESSAGES: tuple[tuple[type[forms.Field], str, str], ...] = (
    (forms.Field, "required", "À remplir."),
    (forms.BooleanField, "required", "Cochez cette case pour continuer."),
    (forms.ChoiceField, "required", "Choisissez une réponse."),
    (forms.ChoiceField, "invalid_choice", "Choisissez une des réponses de la liste."),
    (forms.MultipleChoiceField, "required", "Choisissez au moins une réponse."),
    (forms.MultipleChoiceField, "invalid_choice", "Choisissez parmi les réponses de la liste."),
    (forms.ModelChoiceField, "required", "Choisissez une réponse."),
    (forms.ModelChoiceField, "invalid_choice", "Choisissez une des réponses de la liste."),
    (forms.FileField, "required", "Choisissez un fichier."),
    (forms.FileField, "empty", "Ce fichier est vide : choisissez-en un autre."),
    (forms.IntegerField, "invalid", "Écrivez un nombre entier, par exemple 12."),
    (forms.DateField, "invalid", "Écrivez la date avec le jour, le mois et l’année, par exemple 14/03/2017."),
    (forms.TimeField, "invalid", "Écrivez l’heure avec ses minutes, par exemple 17:30."),
)

_DES_VALIDEURS: tuple[tuple[Any, str], ...] = (
    (validators.validate_email, "Écrivez une adresse e-mail complète, par exemple camille@exemple.fr."),
    (validators.MaxLengthValidator, "Écrivez %(limit_value)d caractères au plus : il y en a %(show_value)d."),
    (validators.MinLengthValidator, "Écrivez %(limit_value)d caractères au moins : il y en a %(show_value)d."),
    (validators.MinValueValidator, "Écrivez %(limit_value)s ou davantage."),
    (validators.MaxValueValidator, "Écrivez %(limit_value)s au plus."),
    (validators.ProhibitNullCharactersValidator, "Un caractère caché s’y trouve : effacez ce texte, puis récrivez-le."),
)


def dire_les_erreurs() -> None:
    """Give Django's fields our default sentences; called once, when the application starts."""
    for classe, code, phrase in _MESSAGES:
        # A dictionary of its own: most classes would otherwise write into their parent's.
        classe.default_error_messages = {**classe.__dict__.get("default_error_messages", {}), code: phrase}
    for valideur, phrase in _DES_VALIDEURS:
        valideur.message = phrase


def texte_recu(donnees: Mapping[str, str], nom: str, longueur: int = 80) -> str:
    """A text of an address or of a form of one field, that no form cleans: without NUL, that PostgreSQL refuses, nor spaces
    around, cut."""
    return donnees.get(nom, "").replace("\x00", "").strip()[:longueur]


class Champ(BoundField):
    """A bound field that knows its shape, and that links its help and its errors by itself.

    The ids are Django's: `<id>_helptext` and `<id>_error`, named by the control's `aria-describedby`.
    """

    @property
    def forme(self) -> str:
        """« saisie », « choix » (a group of boxes), « case » (one box), « fichier », « groupe » or « cache »."""
        widget = self.field.widget
        return next((forme for genre, forme in _FORMES if isinstance(widget, genre)), "saisie")

    @property
    def ancre(self) -> str:
        """The id that a link of the error summary leads to: the control, or the first box of a group."""
        return f"{self.auto_id}_0" if self.forme in ("choix", "groupe") else str(self.id_for_label)

    @property
    def nom_court(self) -> str:
        """The label without its final punctuation, for « Nom : ce qu'il faut faire »."""
        return str(self.label).rstrip(" ?.:!\u00a0\u202f")

    @property
    def est_facultatif(self) -> bool:
        """Said after the label; what is mandatory is not marked, nor what another answer makes so (`est_conditionnel`). A box,
        or a read-only field, says nothing."""
        exige = self.field.required or getattr(self.field, "est_conditionnel", False)
        return not exige and not self.field.disabled and self.forme not in ("case", "cache")

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> SafeString:
        """The control with our class, and the tone of its error."""
        attrs = dict(attrs or {})
        if self.forme in ("saisie", "groupe"):
            propre = (widget or self.field.widget).attrs.get("class", "")
            attrs["class"] = f"saisie {propre}".strip()
        if self.errors:
            attrs["data-ton"] = "rouge"
        if isinstance(self.field.widget, widgets.Textarea):
            attrs["maxlength"] = (
                False  # browsers cut what is pasted without a word: the server says it, and loses nothing
            )
            if str(self.field.widget.attrs.get("rows")) == "10":
                attrs.setdefault("rows", 4)  # ten is Django's, nobody chose it
        return super().as_widget(widget, attrs, only_initial)

    def get_context(self) -> dict[str, Any]:
        return {"field": self, "champ": self}


class Rendu(DjangoTemplates):
    """FORM_RENDERER: Django's widgets inside our templates."""

    form_template_name = "composants/champs.html"
    field_template_name = "composants/champ.html"
    bound_field_class = Champ


class ChampDate(forms.DateField):
    """A day, with the browser's own calendar. The value travels in ISO, the only form `<input type=date>` reads."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "court"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"])
        super().__init__(**kwargs)
