"""What families type under their week: repeat a service, copy the week further, copy it to a brother or sister."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from marelle.activites.models import Unite
from marelle.demandes.repetition import SEMAINES_AU_PLUS, Parite
from marelle.familles.models import Enfant
from marelle.socle.formulaires import ChampDate

from .formulaires import JOURS

PARITES = [
    (Parite.TOUTES.value, "Toutes les semaines"),
    (Parite.PAIRES.value, "Semaines paires"),
    (Parite.IMPAIRES.value, "Semaines impaires"),
]
MODELES = [(1, "Cette semaine"), (2, "Ces 2 semaines"), (3, "Ces 3 semaines"), (4, "Ces 4 semaines")]


class _EnfantsForm(forms.Form):
    """Children of the household, all ticked to begin with."""

    enfants = forms.TypedMultipleChoiceField(
        label="Pour", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Cochez un enfant."}
    )

    def __init__(self, enfants: Sequence[Enfant], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.par_cle = {enfant.pk: enfant for enfant in enfants}
        self.fields["enfants"].choices = [(cle, un.prenom) for cle, un in self.par_cle.items()]  # type: ignore[attr-defined]
        self.fields["enfants"].initial = list(self.par_cle)

    @property
    def choisis(self) -> list[Enfant]:
        return [self.par_cle[cle] for cle in self.cleaned_data["enfants"]]


class RepeterForm(_EnfantsForm):
    """A service, some weekdays, every week or one in two, until a date."""

    service = forms.TypedChoiceField(label="Service", coerce=int)
    jours = forms.TypedMultipleChoiceField(
        label="Chaque",
        choices=JOURS[:5],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez un jour de la semaine."},
    )
    parite = forms.ChoiceField(label="Rythme", choices=PARITES, initial=Parite.TOUTES.value)
    jusquau = ChampDate(label="Jusqu’au")

    def __init__(self, enfants: Sequence[Enfant], unites: Sequence[tuple[Unite, str]], *args: Any, **kw: Any) -> None:
        super().__init__(enfants, *args, **kw)
        self.unites = {unite.pk: unite for unite, _ in unites}
        self.fields["service"].choices = [(unite.pk, nom) for unite, nom in unites]  # type: ignore[attr-defined]
        self.order_fields(["service", "jours", "parite", "jusquau", "enfants"])

    @property
    def unite(self) -> Unite:
        return self.unites[self.cleaned_data["service"]]


class CopierForm(_EnfantsForm):
    """A model of one to four weeks, copied for so many weeks after it, or until a date."""

    modele = forms.TypedChoiceField(label="Copier", choices=MODELES, coerce=int, initial=1)
    semaines = forms.IntegerField(
        label="Pendant combien de semaines", min_value=1, max_value=SEMAINES_AU_PLUS, required=False
    )
    jusquau = ChampDate(label="Ou jusqu’au", required=False)
    field_order = ["modele", "semaines", "jusquau", "enfants"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not self.errors and not donnees.get("semaines") and not donnees.get("jusquau"):
            self.add_error("semaines", "Écrivez un nombre de semaines, ou une date de fin.")
        return donnees


class FratrieForm(_EnfantsForm):
    """From one child to others."""

    de = forms.TypedChoiceField(label="Copier la semaine de", coerce=int)
    field_order = ["de", "enfants"]

    def __init__(self, enfants: Sequence[Enfant], *args: Any, **kwargs: Any) -> None:
        super().__init__(enfants, *args, **kwargs)
        self.fields["de"].choices = [(cle, un.prenom) for cle, un in self.par_cle.items()]  # type: ignore[attr-defined]

    @property
    def modele(self) -> Enfant:
        return self.par_cle[self.cleaned_data["de"]]
