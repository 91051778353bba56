"""Whom to look for at the Caf and the MSA, as the civil register writes it: asked each time, kept nowhere."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from marelle.familles.models import Famille, Responsable
from marelle.familles.selection import adultes_de
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui
from marelle.tarification.api_particulier import FRANCE, Identite

COURT = {"class": "court", "autocomplete": "off"}


class FicheInterrogation(forms.Form):
    """The identity of the adult who receives the allocations."""

    adulte = forms.TypedChoiceField(label="Allocataire", widget=forms.HiddenInput)
    nom_naissance = forms.CharField(label="Nom de naissance", max_length=80)
    prenoms = forms.CharField(
        label="Prénoms",
        max_length=120,
        help_text="Dans l’ordre de l’état civil, séparés par des espaces ; trois au plus.",
    )
    nom_usage = forms.CharField(label="Nom d’usage", max_length=80, required=False)
    sexe = forms.ChoiceField(
        label="Sexe à l’état civil", choices=[("F", "Femme"), ("M", "Homme")], widget=forms.RadioSelect
    )
    date_naissance = ChampDate(label="Date de naissance")
    commune = forms.CharField(
        label="Commune de naissance", max_length=80, required=False, help_text="Pour une naissance en France."
    )
    departement = forms.CharField(
        label="Département de naissance",
        max_length=20,
        required=False,
        help_text="Son numéro : 37, 2A, 974.",
        widget=forms.TextInput(attrs=COURT),
    )
    pays = forms.CharField(
        label="Pays de naissance",
        max_length=20,
        initial=FRANCE,
        help_text="Code Insee : 99100 pour la France ; 99 et trois chiffres pour un autre pays.",
        widget=forms.TextInput(attrs={**COURT, "inputmode": "numeric"}),
    )

    def __init__(self, famille: Famille, voulu: str, *args: Any, **options: Any) -> None:
        """`voulu`: the key of the adult that the page is about; the first one without it."""
        self.adultes = {str(un.pk): un for un in adultes_de(famille)}
        self.choisi = self.adultes.get(voulu) or next(iter(self.adultes.values()), None)
        if (qui := self.choisi) is not None:
            connus = {"adulte": str(qui.pk), "nom_naissance": qui.nom, "prenoms": qui.prenom}
            options.setdefault("initial", connus | {"sexe": {"mme": "F", "m": "M"}.get(qui.civilite, "")})
        super().__init__(*args, **options)
        champ = self.fields["adulte"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = [(cle, str(un)) for cle, un in self.adultes.items()]
        champ.coerce = self.adultes.__getitem__

    def clean_prenoms(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["prenoms"].split())[:3]

    def clean_date_naissance(self) -> Any:
        le = self.cleaned_data["date_naissance"]
        if not le.year >= 1900 or le >= aujourdhui():
            raise forms.ValidationError("Cette date de naissance n’est pas possible.")
        return le

    def clean_departement(self) -> str:
        ecrit = str(self.cleaned_data["departement"]).strip().upper()
        if ecrit and not re.fullmatch(r"\d{2,3}|2[AB]", ecrit):
            raise forms.ValidationError("Écrivez le numéro du département, par exemple 37.")
        return ecrit

    def clean_pays(self) -> str:
        ecrit = str(self.cleaned_data["pays"]).strip()
        if not re.fullmatch(r"99\d{3}", ecrit):
            raise forms.ValidationError("Écrivez le code Insee du pays : 99 puis trois chiffres, 99100 pour la France.")
        return ecrit

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("pays") == FRANCE:
            for nom in ("commune", "departement"):
                if nom in donnees and not donnees[nom]:
                    self.add_error(nom, "À remplir pour une naissance en France.")
        return donnees

    @property
    def responsable(self) -> Responsable:
        adulte: Responsable = self.cleaned_data["adulte"]
        return adulte

    @property
    def identite(self) -> Identite:
        return Identite(**{cle: valeur for cle, valeur in self.cleaned_data.items() if cle != "adulte"})
