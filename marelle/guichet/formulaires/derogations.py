"""Granting to a household, or to one of its children, what the tariffs call an exception or a waiver."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.familles.acces import enfants_de
from marelle.familles.models import Famille
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import annee_scolaire, aujourdhui
from marelle.tarification.derogations import Sorte, derogations_possibles
from marelle.tarification.models import DerogationTarifaire


class FicheDerogation(forms.ModelForm[DerogationTarifaire]):
    class Meta:
        model = DerogationTarifaire
        fields = ["enfant", "du", "au", "motif"]

    quoi = forms.ChoiceField(label="Dérogation", widget=forms.RadioSelect)
    du = ChampDate(label="Valable à partir du", initial=aujourdhui)
    au = ChampDate(label="Jusqu’au", required=False, help_text="Sans date : jusqu’à nouvel ordre.")
    motif = forms.CharField(
        label="Raison",
        max_length=200,
        help_text="Ce que vous avez vérifié : contrat, certificat de scolarité, attestation.",
    )
    field_order = ["quoi", "enfant", "du", "au", "motif"]

    def __init__(self, famille: Famille, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        siens = {str(un.pk): un for un in enfants_de(famille)}
        choix = [
            (f"{sorte}:{code}", f"{Sorte(sorte).label} : {nom}")
            for (sorte, code), nom in derogations_possibles().items()
        ]
        self.fields["quoi"] = forms.ChoiceField(label="Dérogation", choices=choix, widget=forms.RadioSelect)
        self.fields["enfant"] = forms.TypedChoiceField(
            label="Pour",
            required=False,
            empty_value=None,
            coerce=siens.__getitem__,
            choices=[("", "Tous les enfants de la famille"), *((cle, str(un)) for cle, un in siens.items())],
        )
        self.fields["au"].initial = annee_scolaire(aujourdhui())[1]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            self.add_error("au", "La fin vient avant le début : corrigez une des deux dates.")
        return donnees

    def save(self, commit: bool = True) -> DerogationTarifaire:
        self.instance.sorte, _, self.instance.code = self.cleaned_data["quoi"].partition(":")
        return super().save(commit)
