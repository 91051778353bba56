"""A day, or a stretch of days, as an agent writes it."""

from __future__ import annotations

from typing import Any

from django import forms


class DuAu(forms.Form):
    """For a form with `debut` and `fin`: an empty end is the same day, and it never comes before the beginning."""

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("debut"), donnees.get("fin") or donnees.get("debut")
        if debut and fin and fin < debut:
            self.add_error("fin", "La date de fin vient avant la date de début : inversez-les.")
        donnees["fin"] = fin
        return donnees
