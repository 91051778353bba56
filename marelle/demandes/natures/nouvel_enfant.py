"""*Nouvel enfant*: a child to add to the household; accepted, it exists and its file can be filled."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.familles.ajouts import est_deja_la
from marelle.familles.models import Enfant, Rattachement
from marelle.socle.erreurs import Refus

from .base import Nature
from .fiche_enfant import IDENTITE, IdentiteEnfant, donner_l_identite

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande


class ContenuNouvelEnfant(IdentiteEnfant):
    SECTIONS = (("Identité", "", IDENTITE),)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        prenom, ne_le = donnees.get("prenom"), donnees.get("date_naissance")
        if prenom and ne_le and est_deja_la(self.sujet.famille, prenom, ne_le):
            raise forms.ValidationError(
                f"{prenom} est déjà dans votre dossier : ouvrez sa fiche depuis « Mon compte »."
            )
        return donnees


class NouvelEnfant(Nature):
    CODE = "nouvel_enfant"
    LIBELLE = "Nouvel enfant"
    Contenu = ContenuNouvelEnfant

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        """Create the child in the household. Raises `Refus` when the same child is there already."""
        contenu = demande.contenu
        if est_deja_la(demande.famille, contenu["prenom"], date.fromisoformat(contenu["date_naissance"])):
            raise Refus(
                f"{contenu['prenom']} est déjà dans cette famille : refusez la demande, ou retirez l’autre fiche."
            )
        enfant = Enfant()
        donner_l_identite(enfant, contenu)
        enfant.save()
        Rattachement.objects.create(enfant=enfant, famille=demande.famille)
        demande.enfant = enfant  # the e-mail and the history then say whom it was about
        demande.save(update_fields=["enfant"])

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        return f"{cls.LIBELLE} · {demande.contenu.get('prenom', '')}".rstrip(" ·")
