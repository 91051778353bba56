"""What families type to book by period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.formulaires import ChampDate

JOURS = [(0, "lun."), (1, "mar."), (2, "mer."), (3, "jeu."), (4, "ven."), (5, "sam."), (6, "dim.")]


class PeriodeForm(forms.Form):
    """*Du*, *au*, weekdays (none ticked: all)."""

    du = ChampDate(label="Du")
    au = ChampDate(label="Au")
    jours = forms.TypedMultipleChoiceField(
        label="Les jours",
        help_text="Aucun coché : tous les jours d’accueil.",
        choices=JOURS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, jours: list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.montrer(jours or [])

    def montrer(self, jours: list[int]) -> None:
        """Only the weekdays on which the activity opens; all of them where none is known."""
        if jours:
            self.fields["jours"].choices = [(n, nom) for n, nom in JOURS if n in jours]  # type: ignore[attr-defined]

    @staticmethod
    def lire_jour(texte: str) -> date:
        """The day of a button of the calendar. Raises `ErreurMarelle` when it is not one."""
        try:
            return date.fromisoformat(texte)
        except ValueError:
            raise ErreurMarelle("Ce jour n’existe pas : choisissez un jour du calendrier.") from None
