"""What people type to write a message: text, files, and for a new thread what it is about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from marelle.collectivite.identite import identite
from marelle.familles.models import Enfant
from marelle.pieces.formats import TROP_LOURD
from marelle.pieces.televersement import ACCEPTE, ChampFichier, Recu

from .envoi import Ecrit, Propos
from .pieces_jointes import AU_PLUS

TEXTE_MAX, OBJET_MAX = 5000, 120


class SaisieDeFichiers(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class ChampFichiers(forms.Field):
    """Up to three documents, each judged as any document that a family sends; cleaned, a list of `Recu`."""

    widget = SaisieDeFichiers

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", f"PDF ou photo, 10 Mo au plus chacun, {AU_PLUS} fichiers au plus.")
        options.setdefault("widget", SaisieDeFichiers(attrs={"accept": ACCEPTE}))
        super().__init__(**{"required": False, **options})

    def clean(self, value: Any) -> list[Recu]:
        fichiers = value if isinstance(value, list) else [value] if value else []
        if len(fichiers) > AU_PLUS:
            raise forms.ValidationError(
                f"Joignez {AU_PLUS} fichiers au plus : envoyez les autres à part.", code="nombre"
            )
        champ = ChampFichier()
        recus = [champ.clean(fichier) for fichier in fichiers]
        return [recu for recu in recus if recu is not None]


class Jeton(forms.UUIDField):
    """The page's own token: a text that is not one is nobody's, and gets a new one."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class FormulaireReponse(forms.Form):
    """An answer. `trop_lourd`: a file of the request was dropped before it was whole."""

    texte = forms.CharField(
        label="Votre message",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez votre message.", "max_length": f"Écrivez {TEXTE_MAX} caractères au plus."},
    )
    fichiers = ChampFichiers(label="Joindre des fichiers")
    jeton = Jeton(required=False, initial=uuid.uuid4)

    def __init__(self, *args: Any, trop_lourd: bool = False, **options: Any) -> None:
        options.setdefault("prefix", "message")
        self.trop_lourd = trop_lourd
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if self.trop_lourd:
            self.add_error("fichiers", TROP_LOURD)
        return donnees

    @property
    def ecrit(self) -> Ecrit:
        """What is sent, once valid."""
        donnees = self.cleaned_data
        return Ecrit(donnees["texte"], donnees["jeton"], donnees["fichiers"])

    @property
    def a_des_fichiers_a_reprendre(self) -> bool:
        """The page comes back although the files were good: the browser does not keep them."""
        return self.is_bound and bool(self.cleaned_data.get("fichiers"))


class FormulaireMessage(FormulaireReponse):
    """A new thread: what it is about, and the first message."""

    field_order = ["sujet", "enfant", "objet", "texte", "fichiers", "jeton"]
    sujet = forms.ChoiceField(label="À propos de")
    enfant = forms.ChoiceField(label="Pour qui ?", required=False)
    objet = forms.CharField(
        label="Objet",
        max_length=OBJET_MAX,
        error_messages={"required": "Dites en quelques mots de quoi il s’agit."},
    )

    def __init__(self, enfants: Sequence[Enfant], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.enfants = {str(un.pk): un for un in enfants}
        sujets = [(un.code, un.nom) for un in identite().messages.sujets]
        self._proposer("sujet", "Choisissez", sujets)
        self._proposer("enfant", "Toute la famille", [(cle, un.prenom) for cle, un in self.enfants.items()])

    def _proposer(self, nom: str, vide: str, choix: list[tuple[str, str]]) -> None:
        """The choices of a field; without any it is not asked."""
        if choix:
            self.fields[nom].choices = [("", vide), *choix]  # type: ignore[attr-defined]
        else:
            del self.fields[nom]

    def propos(self, **de_plus: Any) -> Propos:
        """What the thread is about, once valid."""
        donnees = self.cleaned_data
        enfant = self.enfants.get(donnees.get("enfant", ""))
        return Propos(donnees["objet"], donnees.get("sujet", ""), enfant, **de_plus)
