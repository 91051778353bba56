"""*Fiche médicale*: vaccinations, illnesses, allergies, treatment, PAI. Encrypted when asked and when in force.

`en_vigueur` and `ecarts` decrypt: whoever shows them to somebody of the service first calls
`journal.service.noter_lecture_sante`. A family that reads its own child's sheet is not journaled: it wrote it;
printing the complete sheet is (`fiche_imprimee`).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.collectivite.identite import identite
from marelle.collectivite.options import Vaccin
from marelle.familles.models import Enfant, FicheSanitaire

from .base import Nature, Sujet
from .formulaires import (
    ChampDatePassee,
    ChampNom,
    ChampOuiNon,
    ChampTelephone,
    ChampTexte,
    FormulaireContenu,
    conditionnel,
)

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande

PREFIXE_VACCIN = "vaccin_"


class ContenuFicheSanitaire(FormulaireContenu):
    vaccins_absents = ChampTexte(
        label="S’il manque un vaccin obligatoire, pourquoi ?",
        lignes=2,
        required=False,
        help_text="Rendez-vous pris, contre-indication… L’accueil est alors provisoire, pour trois mois.",
    )
    maladies = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    allergie = ChampOuiNon()
    allergies = ChampTexte(label="Lesquelles ?", lignes=2, required=False, help_text="Aliments, médicaments, asthme…")
    conduite = ChampTexte(
        label="Que faire en cas de réaction ?",
        lignes=3,
        required=False,
        help_text="Les animateurs liront ces deux réponses, et elles seules.",
    )
    traitement = ChampOuiNon()
    traitement_detail = ChampTexte(
        label="Lequel, et comment ?",
        lignes=2,
        required=False,
        help_text="Aucun médicament n’est donné sans ordonnance.",
    )
    pai = ChampOuiNon()
    pai_detail = ChampTexte(
        label="Depuis quand, et pour quoi ?",
        lignes=2,
        required=False,
        help_text="Envoyez aussi le PAI signé, avec les documents.",
    )
    medecin_nom = ChampNom(label="Médecin traitant", required=False)
    medecin_telephone = ChampTelephone(label="Téléphone du médecin", required=False)
    autres = ChampTexte(
        label="Autres recommandations",
        lignes=3,
        required=False,
        help_text="Lunettes, appareil dentaire, difficultés à l’endormissement…",
    )

    SOUS_CONDITION = ("vaccins_absents", "maladies", "allergies", "conduite", "traitement_detail", "pai_detail")

    def construire(self) -> None:
        enfant = self.sujet.enfant
        assert enfant is not None
        self.vaccins = vaccins_de(enfant)
        for vaccin in self.vaccins:
            date_du_vaccin = _date_de_vaccin(vaccin, enfant)
            self.fields[PREFIXE_VACCIN + vaccin.code] = (
                conditionnel(date_du_vaccin) if vaccin.est_obligatoire else date_du_vaccin
            )
        for nom in self.SOUS_CONDITION:
            conditionnel(self.fields[nom])
        maladies = self.fields["maladies"]
        maladies.choices = [(une.code, une.nom) for une in identite().maladies]  # type: ignore[attr-defined]
        il = {Enfant.Sexe.FILLE: "elle", Enfant.Sexe.GARCON: "il"}.get(Enfant.Sexe(enfant.sexe), "elle ou il")
        maladies.label = f"{enfant.prenom} a déjà eu"
        self.fields["allergie"].label = f"{enfant.prenom} a-t-{il} des allergies ?"
        self.fields["traitement"].label = f"{enfant.prenom} suit-{il} un traitement ?"
        self.fields["pai"].label = f"{enfant.prenom} a-t-{il} un projet d’accueil individualisé (PAI) ?"

    def groupes(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        vaccins = tuple(PREFIXE_VACCIN + vaccin.code for vaccin in self.vaccins)
        return (
            (
                "Vaccinations",
                "Les dates sont dans le carnet de santé, pages « Vaccinations ».",
                (*vaccins, "vaccins_absents"),
            ),
            ("Maladies et allergies", "", ("maladies", "allergie", "allergies", "conduite")),
            ("Traitements", "", ("traitement", "traitement_detail", "pai", "pai_detail")),
            ("Autres", "", ("medecin_nom", "medecin_telephone", "autres")),
        )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("allergie") == "oui":
            self._exiger("allergies", "Écrivez à quoi, par exemple arachide.")
            self._exiger("conduite", "Écrivez ce que les animateurs doivent faire, par exemple appeler le 15.")
        if donnees.get("traitement") == "oui":
            self._exiger("traitement_detail", "Écrivez lequel, par exemple Ventoline avant le sport.")
        if not donnees.get("vaccins_absents"):
            for vaccin in self.vaccins:
                if vaccin.est_obligatoire:
                    self._exiger(
                        PREFIXE_VACCIN + vaccin.code, "Écrivez la date, ou dites plus bas pourquoi elle manque."
                    )
        return donnees

    def _exiger(self, nom: str, phrase: str) -> None:
        if not self.cleaned_data.get(nom) and nom not in self.errors:
            self.add_error(nom, phrase)


def _date_de_vaccin(vaccin: Vaccin, enfant: Enfant) -> ChampDatePassee:
    accord = "e" if enfant.sexe == Enfant.Sexe.FILLE else ""
    return ChampDatePassee(
        label=vaccin.nom,
        required=False,
        depuis=enfant.date_naissance,
        trop_tot=f"Vérifiez l’année : {enfant.prenom} n’était pas encore né{accord}.",
    )


class FicheMedicale(Nature):
    CODE = "fiche_sanitaire"
    LIBELLE = "Fiche médicale"
    Contenu = ContenuFicheSanitaire
    EST_CONFIDENTIELLE = True

    @classmethod
    def en_vigueur(cls, sujet: Sujet) -> dict[str, Any]:
        fiche = FicheSanitaire.objects.filter(enfant=sujet.enfant).first()
        return dict(json.loads(fiche.contenu)) if fiche is not None and fiche.contenu else {}

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        contenu = demande.contenu
        FicheSanitaire.objects.update_or_create(
            enfant=demande.enfant,
            defaults={
                "contenu": json.dumps(contenu, ensure_ascii=False),
                "alerte": alerte(contenu),
                "a_pai": contenu.get("pai") == "oui",
                "validee_le": maintenant,
            },
        )


def vaccins_de(enfant: Enfant) -> list[Vaccin]:
    """The vaccines asked for a child of this birth date (cohorts are the collectivité's data)."""
    return [un for un in identite().vaccins if un.ne_depuis is None or enfant.date_naissance >= un.ne_depuis]


def alerte(contenu: dict[str, Any]) -> str:
    """What those who keep the child must see, and nothing else: the allergies and what to do."""
    if contenu.get("allergie") != "oui":
        return ""
    return f"{contenu.get('allergies', '')} – {contenu.get('conduite', '')}".strip(" –")
