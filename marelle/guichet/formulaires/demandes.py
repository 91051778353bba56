"""Filtering the queue, and the words that go with a decision."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.activites.gestion import activites_de
from marelle.collectivite.identite import identite
from marelle.comptes.models import Agent
from marelle.demandes.file import A_TRAITER, VUES, Filtre
from marelle.demandes.natures import NATURES

AGES = [("", "Indifférent"), ("1", "Plus d’un jour"), ("3", "Plus de trois jours"), ("7", "Plus d’une semaine")]
AUTRE = "autre"


class FiltreDeLaFile(forms.Form):
    """The filters of the queue, in the address: a page can be kept and sent to a colleague."""

    vue = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(c, n) for c, (n, _) in VUES.items()])
    nature = forms.ChoiceField(label="Nature", required=False)
    activite = forms.ChoiceField(label="Activité", required=False)
    age = forms.ChoiceField(label="Âge de la demande", required=False, choices=AGES)
    recherche = forms.CharField(
        label="Famille ou enfant", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, agent: Agent, donnees: Any) -> None:
        super().__init__(donnees, auto_id="f_%s")
        self.fields["nature"].choices = [("", "Toutes"), *((c, n.LIBELLE) for c, n in NATURES.items())]  # type: ignore[attr-defined]
        activites = [(str(une.pk), une.nom) for une in activites_de(agent)]
        self.fields["activite"].choices = [("", "Toutes"), *activites]  # type: ignore[attr-defined]

    @property
    def filtre(self) -> Filtre:
        """What is asked; an unknown value in the address is as if it had not been given."""
        self.is_valid()
        donnees = {nom: self.cleaned_data.get(nom, "") for nom in self.fields}
        return Filtre(
            vue=donnees["vue"] or A_TRAITER,
            nature=donnees["nature"],
            activite=int(donnees["activite"]) if donnees["activite"] else None,
            age=int(donnees["age"]) if donnees["age"] else None,
            recherche=donnees["recherche"].strip(),
        )


class MotifDeRefus(forms.Form):
    """Why a demande is refused: one of the collectivité's reasons, or one's own words. None is chosen beforehand: the first of
    the list, sent by a hurried press, told families that were refused for something else that the day was full."""

    motif_choisi = forms.ChoiceField(
        label="Motif, envoyé à la famille",
        error_messages={"required": "Choisissez un motif : la famille le lira."},
    )
    motif = forms.CharField(
        label="Votre texte", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, donnees: Any = None) -> None:
        super().__init__(donnees, auto_id="refus_%s")
        motifs = [(motif, motif) for motif in identite().motifs_refus]
        self.fields["motif_choisi"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez un motif"),
            *motifs,
            (AUTRE, "Autre, à écrire ci-dessous"),
        ]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("motif_choisi") == AUTRE and not donnees.get("motif", "").strip():
            self.add_error("motif", "Écrivez le motif : la famille le lira.")
        return donnees

    @property
    def texte(self) -> str:
        """The reason as the family will read it; what is written completes what was chosen."""
        choisi, ecrit = self.cleaned_data["motif_choisi"], self.cleaned_data.get("motif", "").strip()
        return ecrit if choisi == AUTRE else " ".join(filter(None, [choisi, ecrit]))


class MotifDeRenvoi(forms.Form):
    """What the family has to correct."""

    motif = forms.CharField(
        label="Ce que la famille doit corriger",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez ce qui est à corriger : la famille le lira."},
    )

    def __init__(self, donnees: Any = None) -> None:
        super().__init__(donnees, auto_id="renvoi_%s")


class Acceptation(forms.Form):
    """Accepting; against a rule, with the reason."""

    derogation = forms.CharField(
        label="Raison de la dérogation",
        required=False,
        max_length=500,
        help_text="Gardée dans l’historique de la demande.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, donnees: Any = None) -> None:
        super().__init__(donnees, auto_id="acceptation_%s")
