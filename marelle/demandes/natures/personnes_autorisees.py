"""*Personnes autorisées*: who may collect the child or be called, in order; nobody is an answer when the family says so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.familles.models import ListePersonnes, PersonneAutorisee

from .base import Ecart, Nature, Sujet
from .formulaires import ChampNom, ChampTelephone, ChampTexte, Conditionnel, FormulaireContenu

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande

PERSONNES_MAX = 10
CHAMPS = ("prenom", "nom", "lien", "telephone", "peut_recuperer")
# What makes a group a person: the box alone does not.
ECRITS = CHAMPS[:-1]


class ChampDUnePersonne(Conditionnel):
    """A field that says whose it is where it stands alone: « Personne 2, téléphone ». A person has all of them, or is nobody."""

    @property
    def nom_court(self) -> str:
        return f"Personne {self.name.rpartition('_')[2]}, {super().nom_court.lower()}"


class ContenuPersonnes(FormulaireContenu):
    """Numbered groups of fields, one per person; a group left empty is nobody."""

    combien = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def construire(self) -> None:
        self.nombre = self._nombre()
        for rang in range(1, self.nombre + 1):
            self.fields.update(_groupe(rang))
        self.fields["aucune"] = forms.BooleanField(
            label="Personne d’autre que les parents ne vient chercher l’enfant.", required=False
        )
        self.initial = {**_a_plat(dict(self.initial)), "combien": self.nombre}

    def _nombre(self) -> int:
        """One group more than the persons known, two at least; what the browser says is only how many to show."""
        if not self.is_bound:
            return min(max(2, len(self.initial.get("personnes", [])) + 1), PERSONNES_MAX)
        brut = str(self.data.get(self.add_prefix("combien"), ""))
        voulu = int(brut) if brut.isdecimal() and len(brut) < 3 else 1
        return min(max(voulu, 1), PERSONNES_MAX)

    @property
    def peut_ajouter(self) -> bool:
        return self.nombre < PERSONNES_MAX

    def groupes(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        personnes = tuple(
            (f"Personne {rang}", "", tuple(f"{nom}_{rang}" for nom in CHAMPS)) for rang in range(1, self.nombre + 1)
        )
        return (*personnes, ("", "", ("aucune",)))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        remplis = [rang for rang in range(1, self.nombre + 1) if self._est_rempli(rang)]
        for rang in remplis:
            for nom in ECRITS:
                cle = f"{nom}_{rang}"
                if not donnees.get(cle) and cle not in self.errors:
                    self.add_error(cle, "À remplir, ou videz toute la personne.")
        if remplis and donnees.get("aucune"):
            self.add_error("aucune", "Décochez cette case, ou videz les personnes écrites plus haut.")
        if not remplis and not donnees.get("aucune"):
            self.add_error("aucune", "Écrivez une personne, ou cochez cette case.")
        return donnees

    def _est_rempli(self, rang: int) -> bool:
        return any(self._brut(f"{nom}_{rang}").strip() for nom in ECRITS)

    def en_json(self) -> dict[str, Any]:
        return {"personnes": self._personnes(self.cleaned_data), "aucune": bool(self.cleaned_data["aucune"])}

    def brouillon(self) -> dict[str, Any]:
        plat = super().brouillon()
        return {"personnes": self._personnes(plat), "aucune": bool(plat["aucune"])}

    def _personnes(self, plat: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {nom: plat.get(f"{nom}_{rang}", "") for nom in CHAMPS}
            for rang in range(1, self.nombre + 1)
            if self._est_rempli(rang)
        ]


def _groupe(rang: int) -> dict[str, forms.Field]:
    lien = ChampTexte(
        label="Lien avec l’enfant", max_length=60, required=False, help_text="Par exemple grand-mère, voisin."
    )
    champs: dict[str, forms.Field] = {
        "prenom": ChampNom(label="Prénom", required=False),
        "nom": ChampNom(label="Nom", required=False),
        "lien": lien,
        "telephone": ChampTelephone(label="Téléphone", required=False),
        "peut_recuperer": forms.BooleanField(label="Peut venir chercher l’enfant", required=False, initial=True),
    }
    for champ in champs.values():
        champ.bound_field_class = ChampDUnePersonne
    return {f"{nom}_{rang}": champ for nom, champ in champs.items()}


def _a_plat(contenu: dict[str, Any]) -> dict[str, Any]:
    """The list of persons as initial values of numbered fields."""
    plat: dict[str, Any] = {"aucune": contenu.get("aucune", False)}
    for rang, personne in enumerate(contenu.get("personnes", []), 1):
        plat |= {f"{nom}_{rang}": personne.get(nom, "") for nom in CHAMPS}
    return plat


class PersonnesAutorisees(Nature):
    CODE = "personnes_autorisees"
    LIBELLE = "Personnes autorisées"
    Contenu = ContenuPersonnes

    @classmethod
    def en_vigueur(cls, sujet: Sujet) -> dict[str, Any]:
        lignes = PersonneAutorisee.objects.filter(enfant=sujet.enfant).order_by("rang", "pk").values(*CHAMPS)
        personnes = [dict(ligne) for ligne in lignes]
        est_vide = (
            not personnes and ListePersonnes.objects.filter(enfant=sujet.enfant, validee_le__isnull=False).exists()
        )
        return {"personnes": personnes, "aucune": est_vide}

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        """The list asked replaces the one in force."""
        assert demande.enfant is not None
        PersonneAutorisee.objects.filter(enfant=demande.enfant).delete()
        PersonneAutorisee.objects.bulk_create(
            PersonneAutorisee(enfant=demande.enfant, rang=rang, **{nom: personne[nom] for nom in CHAMPS})
            for rang, personne in enumerate(demande.contenu["personnes"], 1)
        )
        ListePersonnes.objects.update_or_create(enfant=demande.enfant, defaults={"validee_le": maintenant})

    @classmethod
    def ecarts(cls, demande: Demande) -> list[Ecart]:
        """Person by person, by name: who comes in, who goes out, whose number changes."""
        avant = _par_nom(cls.en_vigueur(Sujet(demande.famille, demande.enfant))["personnes"])
        apres = _par_nom(demande.contenu.get("personnes", []))
        noms = [*avant, *(nom for nom in apres if nom not in avant)]
        if not noms:
            return [Ecart(cls.LIBELLE, "Personne d’autre que les parents", "Personne d’autre que les parents")]
        return [Ecart(nom, avant.get(nom, "–"), apres.get(nom, "–")) for nom in noms]


def _par_nom(personnes: list[dict[str, Any]]) -> dict[str, str]:
    return {f"{une['prenom']} {une['nom']}": _dire(une) for une in personnes}


def _dire(personne: dict[str, Any]) -> str:
    suite = "peut venir chercher l’enfant" if personne["peut_recuperer"] else "à appeler seulement"
    return f"{personne['lien']}, {personne['telephone']}, {suite}"
