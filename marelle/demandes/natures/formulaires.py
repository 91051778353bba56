"""What the forms of the natures share: their fields with French errors, sections, and the JSON that a demande keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import phonenumbers
from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField

from marelle.socle.formulaires import Champ, ChampDate
from marelle.socle.horloge import aujourdhui

if TYPE_CHECKING:
    from .base import Sujet

OUI_NON = (("oui", "Oui"), ("non", "Non"))
TEXTE_MAX = 1000
NOM = RegexValidator(r"\A[^\W\d_][\w’' .\-]*\Z", "Écrivez un nom avec des lettres, par exemple Roussel-Lemoine.")


class Conditionnel(Champ):
    """A field that another answer makes mandatory: calling it « facultatif » would mislead."""

    est_facultatif = False


C = TypeVar("C", bound=forms.Field)


def conditionnel(champ: C) -> C:
    """The same field, not called optional."""
    champ.bound_field_class = Conditionnel
    return champ


class ChampNom(forms.CharField):
    """A person's name: letters, apostrophes, hyphens and spaces; never an address nor a tag."""

    default_validators = [NOM]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 80, **options})
        self.error_messages["max_length"] = f"Écrivez {self.max_length} caractères au plus."


class ChampTexte(forms.CharField):
    """A short line, or a paragraph with `lignes`."""

    def __init__(self, *, lignes: int = 0, **options: Any) -> None:
        if lignes:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lignes}))
        super().__init__(**{"max_length": TEXTE_MAX if lignes else 120, **options})
        self.error_messages["max_length"] = f"Écrivez {self.max_length} caractères au plus."


class ChampTelephone(forms.CharField):
    """A telephone number that exists: kept as « 06 12 34 56 78 », or « +32 470 12 34 56 » when it is foreign."""

    ERREUR = "Écrivez le numéro en entier, par exemple 06 12 34 56 78."
    widget = forms.TextInput(attrs={"type": "tel", "class": "court"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 30, **options})
        self.error_messages["max_length"] = self.ERREUR

    def clean(self, value: Any) -> str:
        saisie = str(super().clean(value))
        if not saisie:
            return ""
        try:
            numero = phonenumbers.parse(saisie, "FR")
        except phonenumbers.NumberParseException:
            raise forms.ValidationError(self.ERREUR, code="invalid") from None
        if not phonenumbers.is_valid_number(numero) or numero.extension:
            raise forms.ValidationError(self.ERREUR, code="invalid")
        format_ = phonenumbers.PhoneNumberFormat
        est_francais = phonenumbers.region_code_for_number(numero) == "FR"
        return phonenumbers.format_number(numero, format_.NATIONAL if est_francais else format_.INTERNATIONAL)


class ChampOuiNon(forms.ChoiceField):
    """Yes or no, both to be said: nothing is ticked beforehand."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.RadioSelect)
        super().__init__(choices=OUI_NON, **options)
        self.error_messages["required"] = "Répondez par oui ou par non."


class ChampDatePassee(ChampDate):
    """A day that has been: not in the future, not before `depuis`."""

    def __init__(self, *, depuis: date = date(1900, 1, 1), trop_tot: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.depuis = depuis
        self.trop_tot = trop_tot or f"Vérifiez l’année : la date est avant {depuis.year}."
        self.widget.attrs.update({"min": depuis.isoformat(), "max": aujourdhui().isoformat()})

    def clean(self, value: Any) -> date | None:
        jour: date | None = super().clean(value)
        if jour is not None and jour > aujourdhui():
            raise forms.ValidationError("Vérifiez l’année : cette date n’est pas encore passée.", code="futur")
        if jour is not None and jour < self.depuis:
            raise forms.ValidationError(self.trop_tot, code="ancien")
        return jour


def naissance_d_enfant(**options: Any) -> ChampDatePassee:
    """The birth date of a child: eighteen years ago at most."""
    depuis = aujourdhui() - timedelta(days=366 * 18)
    return ChampDatePassee(
        label="Date de naissance", depuis=depuis, trop_tot="Vérifiez l’année : un enfant a moins de 18 ans.", **options
    )


class FormulaireContenu(forms.Form):
    """The form of a nature, about a sujet. `SECTIONS` says how its fields are grouped on a page: (title, help, names)."""

    SECTIONS: ClassVar[tuple[tuple[str, str, tuple[str, ...]], ...]] = ()

    def __init__(self, *args: Any, sujet: Sujet, **options: Any) -> None:
        self.sujet = sujet
        super().__init__(*args, **options)
        self.construire()

    def construire(self) -> None:
        """Add the fields that depend on the sujet or on the collectivité's choices."""

    def en_json(self) -> dict[str, Any]:
        """What is kept in the demande: cleaned values, days as ISO texts. Only for a valid form."""
        return {nom: json_de(self.cleaned_data.get(nom)) for nom in self.fields}

    def brouillon(self) -> dict[str, Any]:
        """What is typed, valid or not, to be found again in the same fields; long texts are cut."""
        self.is_valid()
        return {nom: json_de(self.cleaned_data.get(nom, self._brut(nom))) for nom in self.fields}

    def _brut(self, nom: str) -> Any:
        champ = self.fields[nom]
        valeur = champ.widget.value_from_datadict(self.data, self.files, self.add_prefix(nom))
        return [str(une)[:TEXTE_MAX] for une in valeur] if isinstance(valeur, list) else str(valeur or "")[:TEXTE_MAX]

    def sections(self) -> Iterator[tuple[str, str, list[BoundField]]]:
        """The fields by section, in order; those that no section names come last, without title."""
        dits = {nom for _, _, noms in self.groupes() for nom in noms}
        for titre, aide, noms in self.groupes():
            if champs := [self[nom] for nom in noms if nom in self.fields]:
                yield titre, aide, champs
        if reste := [self[nom] for nom in self.fields if nom not in dits]:
            yield "", "", reste

    def groupes(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        return self.SECTIONS


def json_de(valeur: Any) -> Any:
    """A cleaned value as JSON keeps it."""
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, list | tuple):
        return [json_de(une) for une in valeur]
    return valeur
