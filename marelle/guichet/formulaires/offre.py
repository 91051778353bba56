"""One form for an activity: its settings, and as many rows of unités and age groups as wanted, added and removed one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify

from marelle.activites.clauses import code_libre, modeles
from marelle.activites.gestion import centres_de
from marelle.activites.models import PARTIES, Activite, Groupe, Temps, Unite
from marelle.comptes.models import Agent
from marelle.demandes.offre import Emploi, LigneGroupe, LigneUnite, Offre, emploi, phrase_groupe, phrase_unite

from .activites import FicheActivite

LIGNES_AU_PLUS = 20
HEURE = {"type": "time", "class": "court"}


class FicheNouvelle(FicheActivite):
    """A new activity also says where and when it is, and which rules it follows; none of it changes afterwards."""

    class Meta(FicheActivite.Meta):
        fields = ["centre", "nom", "temps", *[nom for nom in FicheActivite.Meta.fields if nom != "nom"]]

    regles = forms.ChoiceField(label="Règles à suivre", widget=forms.RadioSelect)

    def __init__(self, agent: Agent, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("instance", Activite())  # which says the usual answers
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres_de(agent)  # type: ignore[attr-defined]
        self.fields["centre"].empty_label = "Choisissez"  # type: ignore[attr-defined]
        self.fields["temps"].choices = [("", "Choisissez"), *Temps.choices]  # type: ignore[attr-defined]
        self.modeles = {un.cle: un for un in modeles(agent)}
        if len(self.modeles) > 1:
            self.fields["regles"].choices = [(cle, un.nom) for cle, un in self.modeles.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["regles"]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        modele = self.modeles.get(donnees.get("regles") or "0")
        if modele and donnees.get("nom") and donnees.get("centre"):
            code = code_libre(slugify(donnees["nom"]), donnees["centre"].code, modele.portees)
            if code is None:
                self.add_error("nom", "Le règlement ne reconnaîtrait pas ce nom : choisissez-en un autre.")
            self.instance.code = code or ""
        return donnees


class FicheUnite(forms.Form):
    """What is booked at once. Its parts of the day stay once days are open: their capacities follow them."""

    nom = forms.CharField(label="Nom", max_length=80)
    parties = forms.MultipleChoiceField(
        label="Moments de la journée",
        choices=[(code, nom.capitalize()) for code, nom in PARTIES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    debut = forms.TimeField(label="De", widget=forms.TimeInput(format="%H:%M", attrs=HEURE))
    fin = forms.TimeField(label="À", widget=forms.TimeInput(format="%H:%M", attrs=HEURE))

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin <= debut:
            self.add_error("fin", "L’heure de fin vient après l’heure de début.")
        return donnees


class FicheGroupe(forms.Form):
    nom = forms.CharField(label="Nom", max_length=60)
    age_min = forms.IntegerField(label="De (ans)", min_value=0, max_value=17)
    age_max = forms.IntegerField(label="À (ans)", min_value=0, max_value=17)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        plus_jeune, plus_age = donnees.get("age_min"), donnees.get("age_max")
        if plus_jeune is not None and plus_age is not None and plus_age < plus_jeune:
            self.add_error("age_max", "L’âge de fin est au moins égal à l’âge de début.")
        return donnees


@dataclass
class Ligne:
    """A row: its form, the key of the row of the database that it changes (0: none yet), whether it can go."""

    fiche: forms.Form
    cle: int
    est_utilisee: bool = False


@dataclass
class Lignes:
    """The rows of one kind, in the order of the page, and the keys of those taken away."""

    nom: str
    classe: type[forms.Form]
    lignes: list[Ligne] = field(default_factory=list)
    retirees: list[int] = field(default_factory=list)

    def ajouter(self, cle: int, utilisee: bool, figees: tuple[str, ...] = (), **quoi: Any) -> None:
        fiche = self.classe(prefix=f"{self.nom}-{len(self.lignes)}", **quoi)
        for champ in figees:
            fiche.fields[champ].disabled = True
        self.lignes.append(Ligne(fiche, cle, utilisee))


class SaisieActivite:
    """What the page of an activity holds: what exists, or what was posted; with a row more or less, and then nothing is
    judged yet."""

    def __init__(self, agent: Agent, activite: Activite | None, donnees: QueryDict | None, depart: Mapping[str, Any]):
        self.activite, self.depart = activite, depart
        self.est_postee, self.donnees = donnees is not None, donnees or QueryDict()
        self.geste = self.donnees.get("ajouter", ""), self.donnees.get("retirer", "")
        self.est_a_redessiner = any(self.geste)
        self._faire: Callable[..., FicheActivite] = (
            partial(FicheActivite, instance=activite) if activite else partial(FicheNouvelle, agent)
        )
        self.emploi = emploi(activite) if activite else Emploi(frozenset(), frozenset(), frozenset())
        self.refus = ""
        self.erreurs_communes: list[str] = []
        self.fiche = self._fiche()
        self.unites = self._lignes("unites", FicheUnite, self._unites_en_base())
        self.groupes = self._lignes("groupes", FicheGroupe, self._groupes_en_base())

    # What exists

    def _unites_en_base(self) -> dict[int, dict[str, Any]]:
        unites: list[Unite] = list(self.activite.unites.order_by("ordre", "pk")) if self.activite else []
        return {
            une.pk: {"nom": une.nom, "parties": une.parties, "debut": une.heure_debut, "fin": une.heure_fin}
            for une in unites
        }

    def _groupes_en_base(self) -> dict[int, dict[str, Any]]:
        groupes: list[Groupe] = list(self.activite.groupes.order_by("age_min")) if self.activite else []
        return {un.pk: {"nom": un.nom, "age_min": un.age_min, "age_max": un.age_max} for un in groupes}

    # The forms

    def _fiche(self) -> FicheActivite:
        if not self.est_postee:
            return self._faire(initial=dict(self.depart))
        return self._faire(initial=self._tape(self._faire())) if self.est_a_redessiner else self._faire(self.donnees)

    def _tape(self, fiche: forms.BaseForm) -> dict[str, Any]:
        """What was typed in the fields of a form, as it was typed."""
        return {
            nom: champ.widget.value_from_datadict(self.donnees, {}, fiche.add_prefix(nom))
            for nom, champ in fiche.fields.items()
        }

    def _lignes(self, nom: str, classe: type[forms.Form], en_base: dict[int, dict[str, Any]]) -> Lignes:
        lignes = Lignes(nom, classe)
        if not self.est_postee:
            for cle, valeurs in en_base.items():
                self._ajouter(lignes, cle, en_base, initial=valeurs)
            if not en_base and nom == "unites":
                self._ajouter(lignes, 0, en_base)
            return lignes
        lignes.retirees = [cle for cle in map(_entier, self.donnees.getlist(f"{nom}-retiree")) if cle in en_base]
        a_retirer = self._rang_a_retirer(nom, en_base)
        for rang in range(min(_entier(self.donnees.get(f"{nom}-nombre")), LIGNES_AU_PLUS)):
            cle = _entier(self.donnees.get(f"{nom}-{rang}-cle"))
            cle = cle if cle in en_base else 0
            if rang == a_retirer:
                lignes.retirees += [cle] if cle else []
            elif self.est_a_redessiner:
                self._ajouter(lignes, cle, en_base, initial=self._tape(classe(prefix=f"{nom}-{rang}")))
            else:
                self._ajouter(lignes, cle, en_base, data=self.donnees)
        if self.geste[0] == nom and len(lignes.lignes) < LIGNES_AU_PLUS:
            self._ajouter(lignes, 0, en_base)
            premier = next(iter(lignes.lignes[-1].fiche.fields.values()))
            premier.widget.attrs["autofocus"] = True
        return lignes

    def _ajouter(self, lignes: Lignes, cle: int, en_base: dict[int, dict[str, Any]], **quoi: Any) -> None:
        figees = ("parties",) if lignes.nom == "unites" and cle in self.emploi.unites_ouvertes else ()
        if figees:
            initial = quoi.get("initial") or {}
            quoi["initial"] = {**initial, "parties": en_base[cle]["parties"]}
        utilisees = self.emploi.unites_utilisees if lignes.nom == "unites" else self.emploi.groupes_utilises
        lignes.ajouter(cle, cle in utilisees, figees, **quoi)

    def _rang_a_retirer(self, nom: str, en_base: dict[int, dict[str, Any]]) -> int:
        """The row whose button was pressed, -1 when there is none or when it must stay."""
        voulu, _, rang = self.geste[1].partition("-")
        if voulu != nom or not rang.isdecimal():
            return -1
        cle = _entier(self.donnees.get(f"{nom}-{rang}-cle"))
        if nom == "unites" and cle in self.emploi.unites_utilisees:
            self.refus = phrase_unite(en_base[cle]["nom"])
        elif nom == "groupes" and cle in self.emploi.groupes_utilises:
            self.refus = phrase_groupe(en_base[cle]["nom"])
        return -1 if self.refus else int(rang)

    # Judging

    def is_valid(self) -> bool:
        fiches = [ligne.fiche for ligne in (*self.unites.lignes, *self.groupes.lignes)]
        tout = all([self.fiche.is_valid(), *(fiche.is_valid() for fiche in fiches)])
        if tout:
            self.erreurs_communes = self._fautes()
        return tout and not self.erreurs_communes

    def _fautes(self) -> list[str]:
        """What no row alone can say."""
        fautes = []
        if not self.unites.lignes:
            fautes.append("Ajoutez au moins une unité : c’est ce que les familles réservent.")
        noms = [ligne.fiche.cleaned_data["nom"].casefold() for ligne in self.unites.lignes]
        if len(set(noms)) < len(noms):
            fautes.append("Deux unités portent le même nom : les familles ne sauraient pas laquelle choisir.")
        donnees = self.fiche.cleaned_data
        ages = [ligne.fiche.cleaned_data for ligne in self.groupes.lignes]
        return fautes + _fautes_des_groupes(ages, donnees["age_min"], donnees["age_max"])

    @property
    def offre(self) -> Offre:
        unites = [
            LigneUnite(une.cle or None, d["nom"], d["parties"], d["debut"], d["fin"])
            for une in self.unites.lignes
            for d in [une.fiche.cleaned_data]
        ]
        groupes = [
            LigneGroupe(un.cle or None, d["nom"], d["age_min"], d["age_max"])
            for un in self.groupes.lignes
            for d in [un.fiche.cleaned_data]
        ]
        return Offre(unites, groupes, frozenset(self.unites.retirees), frozenset(self.groupes.retirees))

    @property
    def fautes(self) -> list[tuple[str, str]]:
        """The summary on top of the page: where (an id of the page, or nothing), and what to do there."""
        if not self.est_postee or self.est_a_redessiner:
            return []
        dites = _dire(self.fiche, "")
        for mot, lignes in (("Unité", self.unites), ("Groupe", self.groupes)):
            for rang, ligne in enumerate(lignes.lignes, 1):
                dites += _dire(ligne.fiche, f"{mot} {rang}, ")
        return dites + [("", faute) for faute in self.erreurs_communes]


def _dire(fiche: Any, devant: str) -> list[tuple[str, str]]:
    dites = [("", str(erreur)) for erreur in fiche.non_field_errors()]
    for champ in fiche.visible_fields():
        nom = f"{devant}{champ.nom_court}"
        dites += [(champ.ancre, f"{nom[0].upper()}{nom[1:]} : {str(e)[0].lower()}{str(e)[1:]}") for e in champ.errors]
    return dites


def _fautes_des_groupes(ages: list[dict[str, Any]], age_min: int, age_max: int) -> list[str]:
    """Every age of the activity in one group and one only."""
    if not ages:
        return []
    combien = {age: sum(un["age_min"] <= age <= un["age_max"] for un in ages) for age in range(18)}
    fautes = [f"À {age} ans, un enfant serait dans plusieurs groupes." for age, n in combien.items() if n > 1]
    fautes += [
        f"À {age} ans, un enfant n’aurait pas de groupe : complétez les groupes, ou changez les âges de l’activité."
        for age, n in combien.items()
        if n == 0 and age_min <= age <= age_max
    ]
    return fautes[:3]


def _entier(ecrit: Any) -> int:
    return int(ecrit) if isinstance(ecrit, str) and ecrit.isascii() and ecrit.isdecimal() and len(ecrit) < 10 else 0
