"""The sheets of one page: their forms filled with what is asked or in force, certified and sent together, or kept as draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from marelle.demandes.fiches import deposer, garder_brouillon
from marelle.demandes.models import Demande, Envoi
from marelle.demandes.natures import NATURES, Ecart, Sujet
from marelle.demandes.natures.formulaires import FormulaireContenu
from marelle.demandes.passer import Auteur
from marelle.demandes.suivi import Suivi, suivis


class Certification(forms.Form):
    """The box of the guide, and the token that makes one sending of two clicks."""

    jeton = forms.UUIDField(widget=forms.HiddenInput)
    certifie = forms.BooleanField(label="Je certifie exactes les informations de cette fiche.")

    def __init__(self, donnees: Any, nom: str) -> None:
        super().__init__(donnees, initial={"jeton": uuid.uuid4()})
        self.fields["certifie"].error_messages["required"] = f"Cochez la case pour valider {nom}."


@dataclass(frozen=True, slots=True)
class ChampMontre:
    """A field, and beside it what is asked and what is in force when they differ."""

    champ: BoundField
    ecart: Ecart | None
    mot: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A card of the page: rows of fields, short ones side by side."""

    titre: str
    aide: str
    rangees: list[list[ChampMontre]]


class Fiche:
    """One page of the dossier: the sheets of `natures` about a sujet. `nom` is what its button validates."""

    def __init__(
        self,
        sujet: Sujet,
        natures: Sequence[str],
        nom: str,
        donnees: QueryDict | None = None,
        connus: dict[str, Suivi] | None = None,
        depart: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self.sujet, self.nom, self.depart = sujet, nom, depart or {}
        connus = suivis(sujet) if connus is None else connus
        self.suivis = {nature: connus.get(nature, Suivi()) for nature in natures}
        self._lus: dict[str, list[Ecart]] = {}
        self.formulaires: dict[str, FormulaireContenu] = {
            nature: NATURES[nature].formulaire(sujet, donnees, initial=self._depart(nature)) for nature in natures
        }
        self.certification = Certification(donnees, nom)

    def _depart(self, nature: str) -> dict[str, Any] | None:
        """What fills the form: what was just typed, the draft, what was asked, else (None) what is in force."""
        if nature in self.depart:
            return self.depart[nature]
        courante = self.suivis[nature].courante
        return courante.contenu if courante is not None else None

    # What the error summary reads, as if this were one form.

    @property
    def errors(self) -> dict[str, Any]:
        return {f"{forme.prefix}-{nom}": liste for forme in self._tous() for nom, liste in forme.errors.items()}

    def non_field_errors(self) -> list[str]:
        return [str(erreur) for forme in self._tous() for erreur in forme.non_field_errors()]

    def __iter__(self) -> Iterator[BoundField]:
        for forme in self.formulaires.values():
            for _, _, champs in forme.sections():
                yield from champs
        yield from self.certification

    def _tous(self) -> list[forms.Form]:
        return [*self.formulaires.values(), self.certification]

    # What the page shows.

    def sections(self) -> Iterator[Section]:
        for nature, forme in self.formulaires.items():
            ecarts = {ecart.champ: ecart for ecart in self._ecarts(nature) if ecart.champ}
            mot = "Demande à corriger" if self.suivis[nature].a_corriger else "Demande en attente"
            for titre, aide, champs in forme.sections():
                visibles = [champ for champ in champs if not champ.is_hidden]
                if visibles:
                    yield Section(titre, aide, _rangees([ChampMontre(c, ecarts.get(c.name), mot) for c in visibles]))

    def caches(self) -> list[BoundField]:
        return [champ for forme in self._tous() for champ in forme.hidden_fields()]

    def differences(self) -> list[dict[str, Any]]:
        """What no single field can carry (persons who come in or go out), for composants/diff.html."""
        return [
            {"nom": ecart.libelle, "avant": ecart.en_vigueur, "apres": ecart.demande, "change": True, "ton": ""}
            for nature in self.formulaires
            for ecart in self._ecarts(nature)
            if not ecart.champ
        ]

    def _ecarts(self, nature: str) -> list[Ecart]:
        """What was asked and changes something in force; nothing when nothing is: the form itself says what was asked."""
        envoyee = self.suivis[nature].envoyee
        if envoyee is None:
            return []
        if nature not in self._lus:
            changes = [ecart for ecart in NATURES[nature].ecarts(envoyee) if ecart.est_change]
            self._lus[nature] = changes if any(ecart.en_vigueur != "–" for ecart in changes) else []
        return self._lus[nature]

    def renvoyees(self) -> list[Demande]:
        """What the service has sent back, each with its reason."""
        return [suivi.a_corriger for suivi in self.suivis.values() if suivi.a_corriger is not None]

    def en_attente(self) -> Demande | None:
        return next((suivi.en_attente for suivi in self.suivis.values() if suivi.en_attente is not None), None)

    def a_un_brouillon(self) -> bool:
        return any(suivi.brouillon is not None for suivi in self.suivis.values())

    def est_demandee_ailleurs(self) -> bool:
        return any(suivi.ailleurs for suivi in self.suivis.values())

    def peut_ajouter(self) -> bool:
        """Whether one more group of fields may be asked for (the list of persons)."""
        return any(getattr(forme, "peut_ajouter", False) for forme in self.formulaires.values())

    # What the family does.

    def est_valide(self) -> bool:
        return not self.errors

    def envoyer(self, auteur: Auteur) -> Envoi:
        """Deposit the sheets, with one receipt. Only for a valid page."""
        contenus = {nature: forme.en_json() for nature, forme in self.formulaires.items()}
        reprise = next((demande.pk for demande in self.renvoyees()), None)
        return deposer(self.sujet, contenus, auteur, self.certification.cleaned_data["jeton"], reprise_id=reprise)

    def avec_une_ligne(self) -> Fiche:
        """The same page with what is typed, nothing being called a fault, and room for one person more."""
        depart = {nature: forme.brouillon() for nature, forme in self.formulaires.items()}
        return Fiche(self.sujet, list(self.formulaires), self.nom, None, self.suivis, depart)

    def garder(self) -> None:
        """Keep what is typed, right or wrong, for later and for any device."""
        for nature, forme in self.formulaires.items():
            garder_brouillon(self.sujet, nature, forme.brouillon())


def _rangees(champs: list[ChampMontre]) -> list[list[ChampMontre]]:
    """Short fields that follow one another share a row; a paragraph, a choice, or a field with a difference stands alone."""
    rangees: list[list[ChampMontre]] = []
    precedent_court = False
    for montre in champs:
        court = _est_court(montre)
        if court and precedent_court:
            rangees[-1].append(montre)
        else:
            rangees.append([montre])
        precedent_court = court
    return rangees


def _est_court(montre: ChampMontre) -> bool:
    champ: Any = montre.champ
    est_paragraphe = isinstance(champ.field.widget, forms.Textarea)
    return champ.forme == "saisie" and not est_paragraphe and montre.ecart is None


def nommer(titre: str) -> str:
    """What a button validates: « la fiche médicale », « les personnes autorisées », « Santé » between guillemets."""
    premier = titre.split(maxsplit=1)[0].lower() if titre else ""
    if premier == "fiche":
        return f"la {titre[0].lower()}{titre[1:]}"
    if premier.endswith("s"):
        return f"les {titre[0].lower()}{titre[1:]}"
    return f"« {titre} »"
