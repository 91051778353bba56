"""The page that changes a demande: for each of its days a formula or none, and one day more."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.activites.models import Unite
from marelle.demandes.models import Demande
from marelle.demandes.modifier import Voulu
from marelle.socle.formulaires import ChampDate
from marelle.socle.francais import date_longue
from marelle.socle.horloge import aujourdhui

PREFIXE = "jour-"
RETIRER = "Retirer ce jour"


class ModificationForm(forms.Form):
    """Named after the jours de demande; what another household's page would post is simply not among the fields."""

    le = ChampDate(label="Ajouter un jour", required=False)
    unite = forms.TypedChoiceField(label="Formule de ce jour", required=False, coerce=int, empty_value=None)

    def __init__(self, donnees: Any, demande: Demande, formules: dict[int, list[Unite]]) -> None:
        super().__init__(donnees)
        self.jours = {jour.pk: jour for jour in demande.jours.all()}
        for cle, jour in self.jours.items():
            choix = [(str(une.pk), une.nom) for une in formules[cle]]
            self.fields[f"{PREFIXE}{cle}"] = forms.TypedChoiceField(
                label=_capitale(date_longue(jour.date, aujourdhui().year)),
                choices=[*choix, ("", RETIRER)],
                initial=str(jour.ouverture.unite_id),
                required=False,
                coerce=int,
                empty_value=None,
            )
        assert demande.activite is not None
        unites = sorted(demande.activite.unites.all(), key=lambda une: (une.ordre, une.pk))
        self.fields["unite"].choices = [(str(une.pk), une.nom) for une in unites]  # type: ignore[attr-defined]
        self.order_fields([*(f"{PREFIXE}{cle}" for cle in self.jours), "le", "unite"])

    def champs_des_jours(self) -> list[forms.BoundField]:
        return [self[f"{PREFIXE}{cle}"] for cle in self.jours]

    def voulu(self) -> Voulu:
        """What the page says. Only for a valid form."""
        dit = self.cleaned_data
        jours = {cle: dit[f"{PREFIXE}{cle}"] for cle in self.jours}
        ajouts = ((dit["le"], dit["unite"]),) if dit.get("le") and dit.get("unite") else ()
        return Voulu(jours, ajouts)


def _capitale(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
