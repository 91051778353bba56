"""*Pièce*: a document sent. It waits, is accepted (with the days it is valid for) or not; no e-mail is sent (guide, §1)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.collectivite.identite import identite
from marelle.familles.acces import enfants_de
from marelle.pieces import service
from marelle.pieces.televersement import ChampFichier
from marelle.socle.horloge import annee_scolaire, aujourdhui

from .base import Ecart, Nature
from .formulaires import FormulaireContenu, conditionnel

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande

# From that month on, a family may send the certificate of the next school year.
MOIS_DE_L_ANNEE_SUIVANTE = 4


class ContenuPiece(FormulaireContenu):
    fichier = ChampFichier(label="Document à joindre")
    type_piece = forms.ChoiceField(label="Ce document est")
    annee = forms.ChoiceField(
        label="Année scolaire", required=False, help_text="Pour une attestation qui se renouvelle chaque année."
    )
    enfants = forms.MultipleChoiceField(
        label="Pour qui ?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Une attestation peut en couvrir plusieurs.",
    )

    def construire(self) -> None:
        enfants = enfants_de(self.sujet.famille)
        for nom, choix in (
            ("type_piece", [(un.code, un.nom) for un in identite().pieces]),
            ("annee", annees_proposees(aujourdhui())),
            ("enfants", [(str(un.pk), un.prenom) for un in enfants]),
        ):
            self.fields[nom].choices = choix  # type: ignore[attr-defined]
        conditionnel(self.fields["annee"])
        conditionnel(self.fields["enfants"])
        if len(enfants) == 1:
            self.fields["enfants"].initial = [str(enfants[0].pk)]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        type_piece = identite().piece(donnees.get("type_piece", ""))
        if type_piece and type_piece.est_obligatoire and not donnees.get("enfants") and "enfants" not in self.errors:
            self.add_error("enfants", "Cochez l’enfant : ce document est demandé pour chacun.")
        donnees["annee"] = _annee(donnees.get("annee")) if type_piece and type_piece.est_annuelle else None
        return donnees


class Transmettre(Nature):
    CODE = "piece"
    LIBELLE = "Document"
    Contenu = ContenuPiece
    ENVOIE_COURRIEL = False

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        """Accepted: valid for the school year it is for, or from today on."""
        du, au = validite(demande.contenu.get("annee"), maintenant.date())
        service.accepter(cle(demande), du, au)

    @classmethod
    def refuser(cls, demande: Demande) -> None:
        service.refuser(cle(demande))

    @classmethod
    def retirer(cls, demande: Demande) -> None:
        service.retirer(cle(demande))

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        return f"{cls.LIBELLE} · {nom_du_type(demande.contenu)}"

    @classmethod
    def ecarts(cls, demande: Demande) -> list[Ecart]:
        """Nothing is in force beside a document: what it is, and its file."""
        contenu = demande.contenu
        return [
            Ecart("Ce document est", "–", nom_du_type(contenu)),
            Ecart("Fichier", "–", str(contenu.get("nom", ""))),
        ]


def annees_proposees(jour: date) -> list[tuple[str, str]]:
    """The school years a document may be sent for: the current one, and the next from April on."""
    rentree = annee_scolaire(jour)[0].year
    annees = [rentree, rentree + 1] if MOIS_DE_L_ANNEE_SUIVANTE <= jour.month <= 8 else [rentree]
    return [(str(une), dire_annee(une)) for une in annees]


def dire_annee(rentree: int) -> str:
    """« 2026-2027 »."""
    return f"{rentree}-{rentree + 1}"


def validite(rentree: int | None, jour: date) -> tuple[date, date | None]:
    """First and last day of validity: the school year of that September, or from `jour` without end."""
    return annee_scolaire(date(rentree, 9, 1)) if rentree else (jour, None)


def nom_du_type(contenu: dict[str, Any]) -> str:
    """« Attestation d'assurance extra-scolaire 2026-2027 »."""
    type_piece = identite().piece(contenu.get("type_piece", ""))
    nom = type_piece.nom if type_piece else "Document"
    return f"{nom} {dire_annee(contenu['annee'])}" if contenu.get("annee") else nom


def cle(demande: Demande) -> uuid.UUID:
    return uuid.UUID(demande.contenu["piece"])


def _annee(brut: str | None) -> int:
    return int(brut) if brut else annee_scolaire(aujourdhui())[0].year
