"""What is asked for a certificate of attendance, and who signs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from marelle.familles.models import Famille
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import annee_scolaire, aujourdhui

from .models import Signataire


class Presence(forms.Form):
    """Which child, between which dates, with the hours or without."""

    enfant = forms.TypedChoiceField(label="Enfant", coerce=int)
    du = ChampDate(label="Du")
    au = ChampDate(label="Au")
    heures = forms.BooleanField(label="Avec les heures d’arrivée et de départ", required=False)

    def __init__(self, famille: Famille, donnees: Any = None) -> None:
        debut = annee_scolaire(aujourdhui())[0]
        super().__init__(donnees, initial={"du": debut, "au": aujourdhui()})
        enfants = famille.enfants.filter(est_archive=False).order_by("date_naissance", "pk")
        self.fields["enfant"].choices = [(un.pk, un.prenom) for un in enfants]  # type: ignore[attr-defined]

    @property
    def periode(self) -> tuple[date, date]:
        return self.cleaned_data["du"], self.cleaned_data["au"]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("du") and donnees.get("au") and donnees["au"] < donnees["du"]:
            self.add_error("au", "La fin vient avant le début : corrigez une des deux dates.")
        return donnees


class FicheSignataire(forms.ModelForm[Signataire]):
    class Meta:
        model = Signataire
        fields = ["nom", "qualite", "lieu", "siret"]
        help_texts = {
            "qualite": "Par exemple « Par délégation du président, la directrice du service ».",
            "siret": "Vide : celui de la première régie.",
        }
