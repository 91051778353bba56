"""What the accounts ask of an agent: dates of a bordereau, a period, a file of the Treasury, a category, a régime."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.activites.gestion import centres_de
from marelle.comptes.models import Agent
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui
from marelle.tresor.consultation import ORGANISMES, trimestre_passe
from marelle.tresor.envoi import exercices_ouverts
from marelle.tresor.models import RegimeAllocataire
from marelle.tresor.retours import TAILLE_MAXIMUM

SORTES = (("ormc", "Rôle ORMC"), ("titre", "Titres individuels"), ("annulation", "Annulations et réductions"))


class FicheEnvoi(forms.Form):
    """When a bordereau is issued, and up to which invoices."""

    sorte = forms.ChoiceField(choices=SORTES, widget=forms.HiddenInput)
    jour = ChampDate(label="Date du bordereau", initial=aujourdhui)
    jusqu_au = ChampDate(
        label="Factures émises jusqu’au", required=False, help_text="Sans date : toutes celles qui ne sont pas parties."
    )
    exercice = forms.TypedChoiceField(label="Exercice", coerce=int)
    ecarter = forms.BooleanField(
        label="Laisser de côté les factures en erreur : elles partiront plus tard", required=False
    )

    def __init__(self, *args: Any, avec_erreurs: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        annees = [(str(une), str(une)) for une in exercices_ouverts(aujourdhui())]
        champ = self.fields["exercice"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = annees
        self.initial.setdefault("exercice", annees[0][0])
        if len(annees) == 1:
            champ.widget = forms.HiddenInput()
        if not avec_erreurs:
            del self.fields["ecarter"]

    def clean_jour(self) -> Any:
        jour = self.cleaned_data["jour"]
        if jour > aujourdhui():
            raise forms.ValidationError("Un bordereau se date d’aujourd’hui ou d’avant.")
        return jour


class FicheMotif(forms.Form):
    """Why something is cancelled, or how it was done elsewhere."""

    motif = forms.CharField(label="Pourquoi ?", max_length=200)


class FicheColis(forms.Form):
    """The period of a parcel for the finance software."""

    debut = ChampDate(label="Factures émises du")
    fin = ChampDate(label="au", initial=aujourdhui)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("debut", aujourdhui().replace(month=1, day=1))


class FicheRetour(forms.Form):
    """The CSV of what the Treasury was paid."""

    fichier = forms.FileField(
        label="Fichier CSV du Trésor",
        help_text="Colonnes : numero_facture ; date ; montant ; mode ; identifiant ; reference. 2 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAXIMUM:
            raise forms.ValidationError("Ce fichier dépasse 2 Mo : coupez-le en plusieurs.")
        return fichier


class FicheOrganisme(forms.Form):
    """What an organisation is for the Treasury."""

    couple = forms.ChoiceField(label="Catégorie", choices=(("", "À choisir"), *ORGANISMES))


class FichePeriode(forms.Form):
    """The period and the centre of the hours of the Caf, and how they are grouped."""

    PAR = (("age", "âge et régime"), ("commune", "commune"), ("quotient", "tranche de quotient"))

    debut = ChampDate(label="Du")
    fin = ChampDate(label="Au")
    centre: Any = forms.ModelChoiceField(None, label="Centre", required=False, empty_label="Tous")
    par = forms.ChoiceField(label="Par", choices=PAR)

    def __init__(self, agent: Agent, donnees: Any) -> None:
        debut, fin = trimestre_passe(aujourdhui())
        remplies = {"debut": debut.isoformat(), "fin": fin.isoformat(), "par": "age", **donnees.dict()}
        super().__init__(remplies)
        champ: Any = self.fields["centre"]
        champ.queryset = centres_de(agent)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin vient avant le début : corrigez une des deux dates.")
        elif debut and fin and (fin - debut).days > 366:
            self.add_error("fin", "Une année au plus à la fois.")
        return donnees


class FicheRegime(forms.ModelForm[RegimeAllocataire]):
    """Which fund a household depends on."""

    class Meta:
        model = RegimeAllocataire
        fields = ["regime", "du"]

    regime = forms.ChoiceField(label="Régime", choices=RegimeAllocataire.Regime.choices, widget=forms.RadioSelect)
    du = ChampDate(label="Depuis le", initial=aujourdhui)
