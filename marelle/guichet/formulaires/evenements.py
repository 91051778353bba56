"""The form by which outings are put on days of an activity, or taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from marelle.activites.models import Groupe, Unite
from marelle.demandes.evenements import Choix, JourPrevu
from marelle.regles.phrases import dire_date
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui


class Sorties(forms.Form):
    """Which events, on which days; for which unités and age groups where there are several."""

    evenements = forms.MultipleChoiceField(
        label="Sorties et événements",
        widget=forms.CheckboxSelectMultiple,
        help_text="Leurs noms et leurs prix viennent des tarifs.",
        error_messages={"required": "Choisissez au moins une sortie."},
    )
    jours = forms.MultipleChoiceField(
        label="Jours",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un jour."},
    )
    unites = forms.MultipleChoiceField(
        label="Accueils",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un accueil."},
    )
    groupes = forms.MultipleChoiceField(
        label="Groupes d’âge",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un groupe."},
    )
    prevenir = forms.BooleanField(
        label="Prévenir par e-mail les familles qui ont déjà réservé ces jours", required=False, initial=True
    )

    def __init__(
        self,
        proposes: Mapping[str, str],
        jours: Sequence[JourPrevu],
        unites: Sequence[Unite],
        groupes: Sequence[Groupe],
        donnees: Any = None,
    ) -> None:
        super().__init__(donnees)
        choix = {
            "evenements": list(proposes.items()),
            "jours": [(f"{un.date:%Y-%m-%d}", _dire(un)) for un in jours],
            "unites": [(str(une.pk), une.nom) for une in unites],
            "groupes": [(str(un.pk), un.nom) for un in groupes],
        }
        for nom, siens in choix.items():
            self.fields[nom].choices = siens  # type: ignore[attr-defined]
        for nom in ("unites", "groupes"):
            self.fields[nom].initial = [cle for cle, _ in choix[nom]]
            if len(choix[nom]) < 2:
                del self.fields[nom]
        self._tout = Choix((), [une.pk for une in unites], [None, *(un.pk for un in groupes)])

    @property
    def choix(self) -> Choix:
        lues = self.cleaned_data
        return Choix(
            [date.fromisoformat(jour) for jour in lues["jours"]],
            [int(cle) for cle in lues["unites"]] if "unites" in lues else self._tout.unites,
            [None, *(int(cle) for cle in lues["groupes"])] if "groupes" in lues else self._tout.groupes,
        )


def _dire(un: JourPrevu) -> str:
    """« Mercredi 2 décembre : sortie à la piscine ; 3 familles ont déjà réservé »."""
    dits = [f"{nom[:1].lower()}{nom[1:]}" for nom in un.evenements]
    if un.familles:
        dits.append(f"{compte(un.familles, 'famille')} {'a' if un.familles == 1 else 'ont'} déjà réservé")
    jour = dire_date(un.date, aujourdhui().year)
    return f"{jour[:1].upper()}{jour[1:]}" + (f" : {' ; '.join(dits)}" if dits else "")
