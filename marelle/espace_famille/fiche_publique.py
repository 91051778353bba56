"""The sheet of a family without access, on screen: its forms, what they say together, and the same as a PDF to fill."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from marelle.activites.models import Temps
from marelle.activites.selection import activites_ouvertes
from marelle.collectivite.identite import identite
from marelle.cryptogramme.formulaires import NOM as CRYPTOGRAMME
from marelle.cryptogramme.formulaires import AvecCryptogramme
from marelle.demandes.natures.formulaires import (
    ChampNom,
    ChampTelephone,
    ChampTexte,
    json_de,
    naissance_d_enfant,
)
from marelle.editions import produire
from marelle.familles.models import Enfant, Responsable
from marelle.socle.formulaires import Champ
from marelle.socle.pays import ChampPays, champ_code_postal, exiger_le_code_postal

ADULTES = ("Premier adulte", "Deuxième adulte")
ENFANTS = ("Premier enfant", "Deuxième enfant", "Troisième enfant", "Quatrième enfant")
ECOLE = ("ecole", "Une école")
PIEGE = "complement"  # a field that nobody sees: only a robot writes in it


class ChampDePersonne(Champ):
    """A field that says whose it is where it stands alone: « Premier enfant, prénom »."""

    form: PersonneDeLaFiche

    @property
    def nom_court(self) -> str:
        return f"{self.form.titre}, {super().nom_court.lower()}"

    @property
    def est_facultatif(self) -> bool:
        return super().est_facultatif and self.name not in ("mobile", "telephone")  # one of the two is wanted


class PersonneDeLaFiche(forms.Form):
    """An adult or a child of the sheet; the first is mandatory, the others are folded. `RANGEES`: fields side by side."""

    bound_field_class = ChampDePersonne
    RANGEES: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def __init__(self, donnees: Any, genre: str, rang: int, titre: str) -> None:
        self.titre, self.est_replie = titre, rang > 1
        super().__init__(donnees, prefix=f"{genre}{rang}", empty_permitted=rang > 1, use_required_attribute=rang == 1)

    def rangees(self) -> list[list[BoundField]]:
        return [[self[nom] for nom in noms] for noms in self.RANGEES]


class AdulteDeLaFiche(PersonneDeLaFiche):
    RANGEES = (
        ("civilite",),
        ("prenom", "nom"),
        ("courriel",),
        ("mobile", "telephone"),
        ("adresse",),
        ("code_postal", "commune"),
        ("pays",),
    )
    civilite = forms.ChoiceField(label="Civilité", choices=Responsable.Civilite.choices, required=False)
    prenom = ChampNom(label="Prénom")
    nom = ChampNom(label="Nom")
    courriel = forms.EmailField(label="Adresse e-mail", max_length=254)
    mobile = ChampTelephone(label="Mobile", required=False, help_text="Un numéro au moins.")
    telephone = ChampTelephone(label="Téléphone", required=False)
    adresse = ChampTexte(label="Adresse", max_length=200, help_text="Numéro et rue.")
    code_postal = champ_code_postal()
    commune = ChampTexte(label="Commune", max_length=80)
    pays = ChampPays()

    def __init__(self, donnees: Any, rang: int) -> None:
        super().__init__(donnees, "adulte", rang, ADULTES[rang - 1])
        if rang == 1:
            self.fields["courriel"].help_text = "Le service y répond, et nous y envoyons le lien qui confirme la fiche."
        else:
            for nom in ("courriel", "adresse", "commune"):
                self.fields[nom].required = False
            self.fields["code_postal"] = champ_code_postal(required=False)
            self.fields["adresse"].help_text = "Si elle n’est pas la même."

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        exiger_le_code_postal(self)
        joignable = any(donnees.get(nom) or nom in self.errors for nom in ("mobile", "telephone"))
        if not self.est_replie and not joignable:
            self.add_error("mobile", "Écrivez un numéro où vous joindre, par exemple 06 12 34 56 78.")
        return donnees


class EnfantDeLaFiche(PersonneDeLaFiche):
    RANGEES = (("prenom", "nom"), ("date_naissance", "sexe"), ("ecole", "classe"))
    prenom = ChampNom(label="Prénom")
    nom = ChampNom(label="Nom")
    sexe = forms.ChoiceField(label="Sexe", choices=Enfant.Sexe.choices, required=False)
    ecole = ChampTexte(label="École", required=False, help_text="Celle de cette année, s’il y va déjà.")
    classe = ChampTexte(label="Classe", required=False, max_length=40, help_text="Par exemple CM1.")
    field_order = ("prenom", "nom", "date_naissance", "sexe", "ecole", "classe")

    def __init__(self, donnees: Any, rang: int) -> None:
        super().__init__(donnees, "enfant", rang, ENFANTS[rang - 1])
        self.fields["date_naissance"] = naissance_d_enfant()
        self.order_fields(self.field_order)


class SouhaitsDeLaFiche(forms.Form):
    souhaits = forms.MultipleChoiceField(
        label="Que cherchez-vous ?", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "pile serre"})
    )

    def __init__(self, donnees: Any) -> None:
        super().__init__(donnees)
        self.fields["souhaits"].choices = souhaits_proposes()  # type: ignore[attr-defined]


class FinDeLaFiche(AvecCryptogramme):
    """What ends the sheet: the certification, and what tells people from robots."""

    jeton = forms.UUIDField(widget=forms.HiddenInput)
    certifie = forms.BooleanField(label="Je certifie exactes les informations de cette fiche.")

    def __init__(self, donnees: Any) -> None:
        super().__init__(donnees, initial={"jeton": uuid.uuid4()})
        self.fields["certifie"].error_messages["required"] = "Cochez la case pour envoyer la fiche."
        self.reste_a_corriger = False

    def clean(self) -> dict[str, Any] | None:
        """An answer to the cryptogramme is used only when all the rest is right."""
        if self.data.get(PIEGE):
            raise forms.ValidationError("Un champ caché de la page a été rempli : rechargez-la, puis recommencez.")
        if self.reste_a_corriger and CRYPTOGRAMME in self.fields:
            self.fields[CRYPTOGRAMME].widget.garde = True
            return self.cleaned_data
        return super().clean()


class FichePublique:
    """The forms of the page, read as one by the summary of errors."""

    def __init__(self, donnees: QueryDict | None = None) -> None:
        self.adultes = [AdulteDeLaFiche(donnees, rang) for rang in range(1, len(ADULTES) + 1)]
        self.enfants = [EnfantDeLaFiche(donnees, rang) for rang in range(1, len(ENFANTS) + 1)]
        self.souhaits = SouhaitsDeLaFiche(donnees)
        self.fin = FinDeLaFiche(donnees)
        self.fin.reste_a_corriger = any(une.errors for une in self._corps())

    def _corps(self) -> list[forms.Form]:
        return [*self.adultes, *self.enfants, self.souhaits]

    @property
    def errors(self) -> dict[str, Any]:
        formes = [*self._corps(), self.fin]
        return {une.add_prefix(nom): liste for une in formes for nom, liste in une.errors.items()}

    def non_field_errors(self) -> list[str]:
        return [str(erreur) for une in [*self._corps(), self.fin] for erreur in une.non_field_errors()]

    def __iter__(self) -> Iterator[BoundField]:
        for une in [*self._corps(), self.fin]:
            yield from une

    def est_valide(self) -> bool:
        return not self.errors

    @property
    def jeton(self) -> uuid.UUID:
        jeton: uuid.UUID = self.fin.cleaned_data["jeton"]
        return jeton

    @property
    def courriel(self) -> str:
        return str(self.adultes[0].cleaned_data["courriel"])

    def contenu(self) -> dict[str, Any]:
        """What is kept: the adults and children that were written, the wishes. Only for a valid sheet."""
        return {
            "adultes": [_en_json(une) for une in self.adultes if une.has_changed()],
            "enfants": [_en_json(une) for une in self.enfants if une.has_changed()],
            "souhaits": self.souhaits.cleaned_data["souhaits"],
        }


def _en_json(forme: forms.Form) -> dict[str, Any]:
    return {nom: json_de(forme.cleaned_data.get(nom)) for nom in forme.fields}


def souhaits_proposes() -> list[tuple[str, str]]:
    """The kinds of care that the portal offers, and the school where families enrol here."""
    offerts = {activite.temps for centre in activites_ouvertes() for activite in centre.offres}  # type: ignore[attr-defined]
    souhaits = [(temps.value, str(temps.label)) for temps in Temps if temps.value in offerts]
    return [*souhaits, ECOLE] if identite().inscription_scolaire else souhaits


def fiche_a_imprimer(jour: str) -> bytes:
    """The same sheet as a PDF to fill; made once a day for each collectivité (`jour` is today), since anybody may ask for it."""
    options = identite()
    tete = (options.nom, options.sigle, options.service, options.adresse, options.telephone, options.courriel)
    return _fiche_a_imprimer(jour, (*tete, options.horaires, options.site), tuple(souhaits_proposes()))


@lru_cache(maxsize=2)
def _fiche_a_imprimer(jour: str, entete: tuple[str, ...], souhaits: tuple[tuple[str, str], ...]) -> bytes:
    from marelle.editions.champs import remplissable

    donnees = {
        "adultes": list(ADULTES),
        "civilites": [(code, mot) for code, mot in Responsable.Civilite.choices if code],
        "enfants": list(ENFANTS),
        "sexes": [(code, mot) for code, mot in Enfant.Sexe.choices if code],
        "souhaits": list(souhaits),
    }
    return remplissable(produire("pre_inscription", donnees))
