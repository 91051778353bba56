"""What every nature of demande answers: the same five names in each file of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from marelle.regles.phrases import dire_jour_du_mois
from marelle.regles.verdict import Issue, Verdict
from marelle.socle.horloge import aujourdhui

if TYPE_CHECKING:
    from marelle.comptes.models import Compte
    from marelle.familles.models import Enfant, Famille, Responsable

    from ..models import Demande
    from .formulaires import FormulaireContenu


@dataclass(frozen=True, slots=True)
class Ecart:
    """One line of « asked beside in force ». `champ` is the field of the form that it is about, when there is one."""

    libelle: str
    en_vigueur: str
    demande: str
    champ: str = ""

    @property
    def est_change(self) -> bool:
        return self.en_vigueur != self.demande


@dataclass(frozen=True, slots=True)
class Sujet:
    """Whom a demande is about."""

    famille: Famille
    enfant: Enfant | None = None
    responsable: Responsable | None = None


def verdict_instruire(clause: str) -> Verdict:
    return Verdict(Issue.INSTRUIRE, clause, "Le service étudie la demande et vous répond par e-mail.")


class Nature:
    """A nature of demande. CODE, Contenu, examiner, appliquer, resumer: everything else follows from them.

    `Contenu` is the form in which it is asked (None when it is made of days): it validates, names its fields in French,
    and gives the JSON that is kept.
    """

    CODE: ClassVar[str]
    LIBELLE: ClassVar[str]
    Contenu: ClassVar[type[FormulaireContenu] | None] = None
    EST_CONFIDENTIELLE: ClassVar[bool] = False
    ENVOIE_COURRIEL: ClassVar[bool] = True
    PORTE_SUR_DES_JOURS: ClassVar[bool] = False

    @classmethod
    def examiner(cls, demande: Demande, maintenant: datetime) -> Sequence[Verdict]:
        """What the rules say of it now: one verdict, or one per day."""
        return [verdict_instruire(f"{cls.CODE}.instruction")]

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        """What is asked becomes what is in force. Inside the transaction of the decision."""
        raise NotImplementedError

    @classmethod
    def retirer(cls, demande: Demande) -> None:
        """What else must be undone when the family takes the demande back."""

    @classmethod
    def refuser(cls, demande: Demande) -> None:
        """What else a refusal changes."""

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        """One line for lists, without anything confidential."""
        return cls.LIBELLE

    @classmethod
    def en_vigueur(cls, sujet: Sujet) -> dict[str, Any]:
        """The content in force, in the shape of `Contenu`."""
        return {}

    @classmethod
    def formulaire(
        cls, sujet: Sujet, donnees: Any = None, fichiers: Any = None, initial: Any = None
    ) -> FormulaireContenu:
        """The form to ask it, filled with what is in force (or with `initial`). Its fields are named « <CODE>-<champ> »."""
        assert cls.Contenu is not None
        depart = cls.en_vigueur(sujet) if initial is None else initial
        return cls.Contenu(donnees, fichiers, initial=depart, sujet=sujet, prefix=cls.CODE)

    @classmethod
    def ecarts(cls, demande: Demande) -> list[Ecart]:
        """What is asked beside what is in force, field by field. Reads what is confidential: see `fiche_sanitaire`."""
        sujet = Sujet(demande.famille, demande.enfant, demande.responsable)
        avant, apres = cls.en_vigueur(sujet), demande.contenu
        formulaire = cls.formulaire(sujet, initial=avant)
        return [
            Ecart(str(champ.label or nom), dire(champ, avant.get(nom)), dire(champ, apres.get(nom)), nom)
            for _, _, champs in formulaire.sections()
            for nom, champ in ((un.name, un.field) for un in champs)
            if nom in apres
        ]


def dire(champ: forms.Field, valeur: Any) -> str:
    """A value as people read it."""
    if isinstance(champ, forms.BooleanField):
        return "Oui" if valeur else "Non"
    choix = dict(getattr(champ, "choices", []) or [])
    if valeur in (None, "", []):
        return str(choix.get("", "–")) if valeur == "" else "–"
    if isinstance(valeur, list | tuple):
        return ", ".join(str(choix.get(une, une)) for une in valeur)
    if isinstance(champ, forms.DateField):
        return _dire_date(str(valeur))
    return str(choix.get(valeur, valeur))


def _dire_date(iso: str) -> str:
    try:
        return dire_jour_du_mois(date.fromisoformat(iso), aujourdhui().year)
    except ValueError:
        return iso
