"""What an agent writes to excuse days for all, to end it sooner, and to note who was absent from school too."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from marelle.activites.models import Activite
from marelle.regles.presences import Excuse
from marelle.reservations.excuses_dites import Saisie
from marelle.reservations.models import AbsenceEcole
from marelle.socle.formulaires import ChampDate

from .dates import DuAu


class Excuser(DuAu):
    """The reason, the days, the activities, and whom it is for; what is left empty is « all »."""

    motif = forms.ChoiceField(label="Motif")
    debut = ChampDate(label="Du")
    fin = ChampDate(label="Au", required=False, help_text="Vide pour un seul jour.")
    activites = forms.MultipleChoiceField(label="Activités", widget=forms.CheckboxSelectMultiple)
    unites = forms.MultipleChoiceField(
        label="Seulement ces accueils",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun coché : tous.",
    )
    ecoles = forms.MultipleChoiceField(
        label="Seulement ces écoles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucune cochée : tous les enfants. L’école est celle que dit la fiche de l’enfant.",
    )
    classes = forms.MultipleChoiceField(
        label="Seulement ces classes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucune cochée : toutes.",
    )
    prevenir = forms.BooleanField(
        label="Prévenir par e-mail les familles qui ont réservé ces jours", required=False, initial=True
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        activites: Sequence[Activite],
        accueils: Mapping[str, str],
        excuses: Mapping[str, Excuse],
        ecoles: Mapping[str, Sequence[str]],
        donnees: Any = None,
    ) -> None:
        super().__init__(donnees)
        self.par_cle = {str(une.pk): une for une in activites}
        choix = {
            "motif": [(code, une.nom[:1].upper() + une.nom[1:]) for code, une in excuses.items()],
            "activites": [(cle, f"{une.nom} ({une.centre.nom})") for cle, une in self.par_cle.items()],
            "unites": list(accueils.items()),
            "ecoles": [(nom, nom) for nom in ecoles["ecoles"]],
            "classes": [(nom, nom) for nom in ecoles["classes"]],
        }
        for nom, valeurs in choix.items():
            self.fields[nom].choices = valeurs  # type: ignore[attr-defined]
        for nom in ("unites", "ecoles", "classes"):
            if len(choix[nom]) < (2 if nom == "unites" else 1):
                del self.fields[nom]  # nothing to choose

    @property
    def saisie(self) -> Saisie:
        dit = self.cleaned_data
        return Saisie(
            dit["motif"],
            dit["debut"],
            dit["fin"],
            [self.par_cle[cle] for cle in dit["activites"]],
            *(dit.get(nom, []) for nom in ("unites", "ecoles", "classes")),
        )


class Finir(forms.Form):
    """The last day of an excuse that ends sooner."""

    fin = ChampDate(label="Dernier jour excusé")

    def __init__(self, donnees: Any = None, *, cle: int = 0) -> None:
        super().__init__(donnees, auto_id=f"e{cle}-%s")


class QuiLADit(forms.Form):
    """Who told the service that these children were absent from school."""

    source = forms.ChoiceField(label="Qui l’a dit", choices=AbsenceEcole.Source.choices)
