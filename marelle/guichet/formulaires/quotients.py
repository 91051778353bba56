"""Entering the quotient familial of a household, as the agent has just read it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from marelle.familles.models import Famille
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui
from marelle.tarification.models import QuotientFamilial
from marelle.tarification.quotients import fin_de_validite, justificatifs_de

LOIN = timedelta(days=3 * 366)
# What an agent types: the answers of API Particulier are not typed.
SAISIES = [(un.value, un.label) for un in QuotientFamilial.Source if un != QuotientFamilial.Source.API]


class FicheQuotient(forms.ModelForm[QuotientFamilial]):
    class Meta:
        model = QuotientFamilial
        fields = ["valeur", "source", "releve_le", "valable_du", "valable_au", "piece"]

    valeur = forms.IntegerField(
        label="Quotient familial",
        min_value=0,
        max_value=99_999,
        help_text="En euros, sans centimes, comme la Caf ou la MSA l’écrit.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "court", "autocomplete": "off"}),
        error_messages={
            "invalid": "Écrivez le quotient en chiffres, sans espace ni centimes, par exemple 850.",
            "min_value": "Un quotient familial n’est pas négatif.",
            "max_value": "Un quotient familial a cinq chiffres au plus : vérifiez ce nombre.",
        },
    )
    source = forms.ChoiceField(label="Source", choices=SAISIES, initial="cdap", widget=forms.RadioSelect)
    releve_le = ChampDate(label="Relevé le", initial=aujourdhui)
    valable_du = ChampDate(
        label="Valable à partir du", initial=aujourdhui, help_text="Les jours d’avant gardent leur prix."
    )
    valable_au = ChampDate(label="Jusqu’au", required=False, help_text="Sans date : jusqu’au prochain quotient saisi.")

    def __init__(self, famille: Famille, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valable_au"].initial = fin_de_validite(aujourdhui())
        siennes = justificatifs_de(famille)
        if not siennes:
            del self.fields["piece"]
            return
        choix = forms.TypedChoiceField(
            label="Justificatif",
            required=False,
            empty_value=None,
            coerce=lambda cle: next((une for une in siennes if str(une.pk) == cle), None),
            choices=[
                ("", "Aucun document"),
                *((str(une.pk), f"{une.nom}, {une.envoyee_le:%d/%m/%Y}") for une in siennes),
            ],
        )
        self.fields["piece"] = choix

    def clean_releve_le(self) -> Any:
        le = self.cleaned_data["releve_le"]
        if le > aujourdhui():
            raise forms.ValidationError("Un quotient se relève aujourd’hui ou avant.")
        return _de_nos_jours(le)

    def clean_valable_du(self) -> Any:
        return _de_nos_jours(self.cleaned_data["valable_du"])

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        du, au = donnees.get("valable_du"), donnees.get("valable_au")
        if du and au and au < du:
            self.add_error("valable_au", "La fin vient avant le début : corrigez une des deux dates.")
        return donnees


def _de_nos_jours(jour: date) -> date:
    """A wrong year would price again all that was billed since, without a word."""
    if abs(jour - aujourdhui()) > LOIN:
        raise forms.ValidationError("Vérifiez l’année : cette date est à plus de trois ans d’aujourd’hui.")
    return jour


class AnnulationQuotient(forms.Form):
    """Why an entry was a mistake."""

    motif = forms.CharField(label="Pourquoi l’annuler ?", max_length=200)
