"""What is written while pointing: the hours of a child, the proof of an absence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms

from marelle.regles.presences import Excuse
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import PARIS, aujourdhui

HEURE = {"type": "time"}


class Heures(forms.Form):
    """Arrival and departure; both may be left empty."""

    arrivee = forms.TimeField(label="Arrivée", required=False, widget=forms.TimeInput(format="%H:%M", attrs=HEURE))
    depart = forms.TimeField(label="Départ", required=False, widget=forms.TimeInput(format="%H:%M", attrs=HEURE))


class Preuve(forms.Form):
    """The proof of an absence: which excuse of the tariffs it is for, and when it came."""

    motif = forms.ChoiceField(label="Motif")
    recu_le = ChampDate(label="Justificatif reçu le")
    recu_a = forms.TimeField(
        label="Heure",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs=HEURE),
        help_text="Sans heure, il compte depuis le matin.",
    )

    def __init__(self, excuses: Sequence[Excuse], donnees: Any = None, *, motif: str = "", cle: int = 0) -> None:
        super().__init__(donnees, auto_id=f"a{cle}-%s", initial={"motif": motif, "recu_le": aujourdhui()})
        self.excuses = excuses
        self.fields["motif"].choices = [(une.motif, une.nom.capitalize()) for une in excuses]  # type: ignore[attr-defined]

    @property
    def excuse(self) -> Excuse:
        return next(une for une in self.excuses if une.motif == self.cleaned_data["motif"])

    @property
    def instant(self) -> datetime:
        """When the proof came: without its hour, the doubt is the family's."""
        heure = self.cleaned_data["recu_a"] or time(0)
        return datetime.combine(self.cleaned_data["recu_le"], heure, tzinfo=PARIS)
