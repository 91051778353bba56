"""*Insertion photo*: the photograph of a child, square and without what telephones hide in it; accepted, it is the child's."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction

from marelle.familles.models import Enfant
from marelle.pieces import rangement
from marelle.pieces.televersement import ChampFichier, Recu

from .base import Ecart, Nature
from .formulaires import FormulaireContenu

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande

PAS_UNE_PHOTO = "Envoyez une photo (JPEG ou PNG) : un PDF ne se montre pas."


class ChampPhoto(ChampFichier):
    """A photograph: what documents accept, but no PDF."""

    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,image/jpeg,image/png"})

    def clean(self, data: Any, initial: Any = None) -> Recu | None:
        recu = super().clean(data, initial)
        if recu is not None and not recu.document.format.startswith("image/"):
            raise forms.ValidationError(PAS_UNE_PHOTO, code="refuse")
        return recu


class ContenuPhoto(FormulaireContenu):
    fichier = ChampPhoto(label="Photo", help_text="JPEG ou PNG, 10 Mo au plus. Elle est recadrée en carré, au milieu.")


class Photographie(Nature):
    CODE = "photo"
    LIBELLE = "Photo"
    Contenu = ContenuPhoto

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        assert demande.enfant is not None
        changer_la_photo(demande.enfant, demande.contenu["photo"])

    @classmethod
    def refuser(cls, demande: Demande) -> None:
        _jeter(demande.contenu["photo"])

    @classmethod
    def retirer(cls, demande: Demande) -> None:
        _jeter(demande.contenu["photo"])

    @classmethod
    def ecarts(cls, demande: Demande) -> list[Ecart]:
        """The desk shows the two pictures; in words, only that there is one."""
        a_deja = demande.enfant is not None and demande.enfant.photo
        return [Ecart(cls.LIBELLE, "Une photo" if a_deja else "–", "Nouvelle photo")]


def changer_la_photo(enfant: Enfant, cle: str) -> None:
    """The child's photograph becomes this one (none: « »); the file of the one before goes with the transaction."""
    avant = enfant.photo
    enfant.photo = cle
    enfant.save(update_fields=["photo"])
    if avant and avant != cle:
        _jeter(avant)


def cle_de(demande: Demande) -> uuid.UUID:
    return uuid.UUID(demande.contenu["photo"])


def _jeter(cle: str) -> None:
    transaction.on_commit(partial(rangement.jeter, uuid.UUID(cle)))
