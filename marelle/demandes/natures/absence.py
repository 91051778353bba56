"""*Déclarer une absence*: booked days on which the child will not come, and why; the booking stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.collectivite.identite import identite
from marelle.regles.situation import Action
from marelle.regles.verdict import Verdict

from ..absences import AUTRE, dire_le_motif
from .base import Nature
from .formulaires import ChampTexte, FormulaireContenu, conditionnel
from .jours import examiner_les_jours, resumer_les_jours

if TYPE_CHECKING:
    from ..models import Demande


def choix_de_motifs() -> list[tuple[str, str]]:
    """The collectivité's reasons, then *Autre*."""
    return [*((un.code, un.nom) for un in identite().motifs_absence if un.code != AUTRE), (AUTRE, "Autre")]


def dire_l_absence(motif: str) -> str:
    """« Absence déclarée (maladie) »; without the reason when it is *autre*: the message says it to the service."""
    nom = dire_le_motif(motif)
    return f"Absence déclarée ({nom})" if nom else "Absence déclarée"


class ContenuAbsence(FormulaireContenu):
    motif = forms.ChoiceField(label="Motif", widget=forms.RadioSelect(attrs={"class": "pile serre"}))
    message = conditionnel(
        ChampTexte(label="Message (demandé si « Autre »)", lignes=2, required=False, help_text="Le service le lira.")
    )

    def construire(self) -> None:
        self.fields["motif"].choices = choix_de_motifs()  # type: ignore[attr-defined]
        self.fields["motif"].error_messages["required"] = "Choisissez le motif de l’absence."

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("motif") == AUTRE and not donnees.get("message") and "message" not in self.errors:
            self.add_error("message", "Écrivez la raison de l’absence : vous avez choisi « Autre ».")
        return donnees


class DeclarerUneAbsence(Nature):
    CODE = "absence"
    LIBELLE = "Absence"
    Contenu = ContenuAbsence
    PORTE_SUR_DES_JOURS = True

    @classmethod
    def examiner(cls, demande: Demande, maintenant: datetime) -> Sequence[Verdict]:
        return examiner_les_jours(demande, Action.DECLARER_ABSENCE, maintenant)

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        """« Absence (maladie) · mer. 9 décembre · Chaveignes mercredis », with the family's message when there is one."""
        contenu = demande.contenu
        dit = dire_l_absence(str(contenu.get("motif", ""))).replace(" déclarée", "")
        message = f" : « {contenu['message']} »" if contenu.get("message") else ""
        return f"{dit}{message} · {resumer_les_jours(demande)}"
