"""The households of a child at the desk: one more, by its number; the share of custody of each, and who may book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from marelle.familles.models import Rattachement


class AutreFoyer(forms.Form):
    numero = forms.CharField(
        label="Numéro de l’autre famille",
        max_length=20,
        help_text="Il est en haut de sa page, par exemple FAM-00042. Créez d’abord cette famille si elle n’existe pas.",
    )


class Garde(forms.Form):
    """Two fields per household, in its order."""

    def __init__(self, donnees: Any, liens: Sequence[Rattachement]) -> None:
        super().__init__(donnees)
        self.liens = list(liens)
        for lien in self.liens:
            nom = f"{lien.famille.nom} ({lien.famille.numero})"
            self.fields[f"part_{lien.famille_id}"] = forms.IntegerField(
                label=f"Part de garde, {nom} (%)", min_value=0, max_value=100, initial=lien.part_garde
            )
            self.fields[f"reserve_{lien.famille_id}"] = forms.BooleanField(
                label=f"{nom} peut réserver", required=False, initial=lien.peut_reserver
            )

    @property
    def voulus(self) -> dict[int, tuple[int, bool]]:
        lus = self.cleaned_data
        return {un.famille_id: (lus[f"part_{un.famille_id}"], lus[f"reserve_{un.famille_id}"]) for un in self.liens}
