"""*Autorisations*: the questions of the collectivité (urgent care, outings, photographs…), each answered by yes or no."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from marelle.collectivite.identite import identite
from marelle.familles.models import Autorisations

from .base import Nature, Sujet
from .formulaires import ChampOuiNon, FormulaireContenu

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande


class ContenuAutorisations(FormulaireContenu):
    def construire(self) -> None:
        for question in identite().autorisations:
            self.fields[question.code] = ChampOuiNon(label=question.question, help_text=question.aide)

    def groupes(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        aide = "Chaque réponse compte, et vous pouvez la changer à tout moment."
        return (("Autorisations", aide, tuple(self.fields)),)


class Autoriser(Nature):
    CODE = "autorisations"
    LIBELLE = "Autorisations"
    Contenu = ContenuAutorisations

    @classmethod
    def en_vigueur(cls, sujet: Sujet) -> dict[str, Any]:
        ligne = Autorisations.objects.filter(enfant=sujet.enfant).first()
        accords = ligne.accords if ligne is not None else {}
        return {code: "oui" if accord else "non" for code, accord in accords.items()}

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        """`accords` maps the code of each question to true or false."""
        assert demande.enfant is not None
        ligne, _ = Autorisations.objects.get_or_create(enfant=demande.enfant)
        ligne.accords = {code: reponse == "oui" for code, reponse in demande.contenu.items()}
        ligne.validees_le = maintenant
        ligne.save()
