"""Opening a household, correcting an adult or a child, booking for a family."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from marelle.activites.models import Unite
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.demandes.natures.formulaires import ChampTelephone
from marelle.familles.models import Enfant, Responsable
from marelle.regles.calendrier import LUNDI_A_DIMANCHE
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui
from marelle.socle.pays import ChampPays, champ_code_postal, exiger_le_code_postal

from .pre_inscriptions import Accord

ADULTES, ENFANTS = 2, 4
DUREE_AU_PLUS = timedelta(days=400)


class NomDeFamille(forms.Form):
    """What the household is called, and who signs in."""

    nom = forms.CharField(label="Nom de la famille", max_length=120)
    acces = forms.ChoiceField(
        label="Accès au portail",
        choices=[("partage", "Un seul, pour toute la famille"), ("adulte", "Un pour chaque adulte")],
        widget=forms.RadioSelect,
    )


class TelephoneDuDossier(ChampTelephone):
    """A telephone that rings, written as families' are; one that was there before stays as it was written."""

    deja = ""

    def clean(self, value: Any) -> str:
        return self.deja if self.deja and str(value or "").strip() == self.deja else super().clean(value)


class SansEcraser(forms.BaseModelForm):
    """A sheet that is corrected writes what was changed on the page: the rest may have been, since it was opened, by a
    colleague or by a demande of the family."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for champ in self.fields.values():
            champ.show_hidden_initial = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        for nom in [*donnees]:
            if self[nom].html_initial_name in self.data and nom not in self.changed_data:
                donnees[nom] = getattr(self.instance, nom)
        return donnees


class FicheAdulte(SansEcraser, forms.ModelForm[Responsable]):
    class Meta:
        model = Responsable
        fields = [
            "civilite", "prenom", "nom", "courriel", "mobile", "telephone", "adresse", "code_postal", "commune", "pays",
        ]  # fmt: skip
        widgets = {
            "courriel": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    mobile = TelephoneDuDossier(label="Mobile", required=False)
    telephone = TelephoneDuDossier(label="Téléphone", required=False)
    code_postal = champ_code_postal(required=False)
    pays = ChampPays()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for nom in ("mobile", "telephone"):
            self.fields[nom].deja = getattr(self.instance, nom)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        exiger_le_code_postal(self)
        return donnees


class FicheEnfantDuGuichet(SansEcraser, forms.ModelForm[Enfant]):
    class Meta:
        model = Enfant
        fields = ["prenom", "nom", "date_naissance", "sexe", "ecole", "classe"]

    date_naissance = ChampDate(label="Date de naissance")

    def clean_date_naissance(self) -> date:
        ne_le: date = self.cleaned_data["date_naissance"]
        if not date(aujourdhui().year - 20, 1, 1) <= ne_le <= aujourdhui():
            raise forms.ValidationError("Vérifiez l’année : l’enfant a entre 0 et 19 ans.")
        return ne_le


class NouvelleFamille:
    """The forms of one page: the household, up to two adults (the first is mandatory), up to four children."""

    def __init__(self, donnees: Any = None, *, partage: bool = True) -> None:
        depart = {"acces": "partage" if partage else "adulte"}
        self.foyer = NomDeFamille(donnees, prefix="foyer", initial=depart)
        self.adultes = [
            FicheAdulte(donnees, prefix=f"adulte{n}", empty_permitted=n > 0, use_required_attribute=n == 0)
            for n in range(ADULTES)
        ]
        self.enfants = [
            FicheEnfantDuGuichet(donnees, prefix=f"enfant{n}", empty_permitted=True, use_required_attribute=False)
            for n in range(ENFANTS)
        ]
        self.accord = Accord(donnees)

    @property
    def tous(self) -> list[forms.BaseForm]:
        return [self.foyer, *self.adultes, *self.enfants]

    @property
    def fautes(self) -> list[tuple[str, forms.BoundField, str]]:
        """Whose card, which field, what is wrong with it: the page is long, and its summary leads to each."""
        noms = ["La famille", "Responsable principal", "Deuxième adulte"]
        noms += [f"Enfant {n + 1}" for n in range(ENFANTS)]
        return [
            (nom, champ, str(erreur))
            for nom, fiche in zip(noms, self.tous, strict=True)
            for champ in fiche
            for erreur in champ.errors
        ]

    def est_valide(self) -> bool:
        return all([un.is_valid() for un in self.tous])  # noqa: C419  # all of them say their errors

    @property
    def est_verifiee(self) -> bool:
        """Whether the agent says that none of the households shown is this one."""
        return self.accord.is_valid() and bool(self.accord.cleaned_data["malgre_les_doublons"])

    @property
    def contenu(self) -> dict[str, Any]:
        """What a household already known is recognised by, as a pré-inscription says it."""
        enfants = [un.cleaned_data for un in self.enfants if un.has_changed()]
        return {
            "adultes": [un.cleaned_data for un in self.adultes if un.has_changed()],
            "enfants": [{**un, "date_naissance": un["date_naissance"].isoformat()} for un in enfants],
        }

    def adultes_saisis(self) -> list[Responsable]:
        return [un.save(commit=False) for un in self.adultes if un.has_changed()]

    def enfants_saisis(self) -> list[Enfant]:
        return [un.save(commit=False) for un in self.enfants if un.has_changed()]


JOURS = [(str(n), jour.capitalize()) for n, jour in enumerate(LUNDI_A_DIMANCHE[:5])]


class InscriptionDirecte(forms.Form):
    """Booking or cancelling in the name of a family: a child, an activity, one day or a stretch with its weekdays."""

    action = forms.ChoiceField(
        label="Que faire ?",
        choices=[("inscrire", "Inscrire"), ("desinscrire", "Désinscrire")],
        widget=forms.RadioSelect,
        initial="inscrire",
    )
    enfant = forms.ChoiceField(label="Enfant")
    unite = forms.ChoiceField(label="Activité")
    debut = ChampDate(label="Du")
    fin = ChampDate(label="Au", required=False, help_text="Vide pour un seul jour.")
    jours = forms.MultipleChoiceField(
        label="Jours de la semaine",
        choices=JOURS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Aucun coché : tous.",
    )
    derogation = forms.CharField(
        label="Raison de la dérogation",
        required=False,
        max_length=500,
        help_text="Seulement contre une règle ; gardée dans l’historique.",
    )

    def __init__(
        self,
        enfants: Sequence[Enfant],
        unites: Sequence[Unite],
        agent: Agent,
        donnees: Any = None,
        su: dict[str, str] | None = None,
    ) -> None:
        super().__init__(donnees, initial={"action": "inscrire", **(su or {})})
        self.enfants = {str(un.pk): un for un in enfants}
        self.unites = {str(une.pk): une for une in unites}
        self.fields["enfant"].choices = [(cle, un.prenom) for cle, un in self.enfants.items()]  # type: ignore[attr-defined]
        self.fields["unite"].choices = [  # type: ignore[attr-defined]
            (cle, f"{une.activite.nom}, {une.nom}") for cle, une in self.unites.items()
        ]
        if not agent.peut(Droit.DEROGER):
            del self.fields["derogation"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La date de fin vient avant la date de début : inversez-les.")
        elif debut and fin and fin - debut > DUREE_AU_PLUS:
            self.add_error("fin", "La période est trop longue : choisissez une année au plus.")
        return donnees

    @property
    def dates(self) -> list[date]:
        debut: date = self.cleaned_data["debut"]
        fin: date = self.cleaned_data.get("fin") or debut
        voulus = {int(jour) for jour in self.cleaned_data.get("jours", [])}
        toutes = [debut + timedelta(days=n) for n in range((fin - debut).days + 1)]
        return [jour for jour in toutes if not voulus or jour.weekday() in voulus]
