"""*Fiche d'information*: who the child is, what it eats, who insures it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.collectivite.identite import identite
from marelle.familles.models import Enfant, FicheEnfant

from .base import Nature, Sujet
from .formulaires import ChampNom, ChampTexte, FormulaireContenu, naissance_d_enfant

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande

IDENTITE = ("prenom", "nom", "date_naissance", "sexe", "ecole", "classe")
FICHE = ("type_repas", "assurance_compagnie", "assurance_police")


class IdentiteEnfant(FormulaireContenu):
    """What says who a child is; shared with *nouvel_enfant*."""

    prenom = ChampNom(label="Prénom")
    nom = ChampNom(label="Nom")
    sexe = forms.ChoiceField(label="Sexe", choices=Enfant.Sexe.choices, required=False)
    ecole = ChampTexte(label="École", required=False, help_text="L’école de cette année scolaire.")
    classe = ChampTexte(label="Classe", required=False, max_length=40, help_text="Par exemple CM1.")

    field_order = IDENTITE

    def construire(self) -> None:
        self.fields["date_naissance"] = naissance_d_enfant()
        self.order_fields(self.field_order)


class ContenuFicheEnfant(IdentiteEnfant):
    SECTIONS = (
        ("Identité", "", IDENTITE),
        ("Repas", "", ("type_repas",)),
        (
            "Assurance",
            "Le contrat qui couvre l’enfant hors de l’école. L’attestation elle-même s’envoie à part, avec les documents.",
            ("assurance_compagnie", "assurance_police"),
        ),
    )
    type_repas = forms.ChoiceField(label="Type de repas", widget=forms.RadioSelect)
    assurance_compagnie = ChampTexte(label="Compagnie d’assurance", max_length=80)
    assurance_police = ChampTexte(label="Numéro de contrat", max_length=60)

    def construire(self) -> None:
        super().construire()
        self.fields["type_repas"].choices = [(un.code, un.nom) for un in identite().repas]  # type: ignore[attr-defined]


class FicheDInformation(Nature):
    CODE = "fiche_enfant"
    LIBELLE = "Fiche d’information"
    Contenu = ContenuFicheEnfant

    @classmethod
    def en_vigueur(cls, sujet: Sujet) -> dict[str, Any]:
        assert sujet.enfant is not None
        fiche = FicheEnfant.objects.filter(enfant=sujet.enfant).first()
        return identite_en_vigueur(sujet.enfant) | {nom: getattr(fiche, nom, "") for nom in FICHE}

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        assert demande.enfant is not None
        contenu = demande.contenu
        donner_l_identite(demande.enfant, contenu)
        demande.enfant.save()
        fiche, _ = FicheEnfant.objects.get_or_create(enfant=demande.enfant)
        for nom in FICHE:
            setattr(fiche, nom, contenu.get(nom, ""))
        fiche.validee_le = maintenant
        fiche.save()


def identite_en_vigueur(enfant: Enfant) -> dict[str, Any]:
    return {nom: getattr(enfant, nom) for nom in IDENTITE} | {"date_naissance": enfant.date_naissance.isoformat()}


def donner_l_identite(enfant: Enfant, contenu: dict[str, Any]) -> None:
    """Put the identity asked on the row, without saving it; what the demande does not say stays as it is."""
    for nom in IDENTITE:
        if nom in contenu:
            valeur = contenu[nom]
            setattr(enfant, nom, date.fromisoformat(valeur) if nom == "date_naissance" else valeur)
