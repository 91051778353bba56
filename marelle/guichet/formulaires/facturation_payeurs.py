"""Who pays for a household: custody, adults apart, an aide paid by a third party, a package."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.facturation import qui_paie
from marelle.facturation.models import RepartitionGarde
from marelle.familles.models import Enfant, Famille, Responsable
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui
from marelle.socle.pays import ChampPays, champ_code_postal, exiger_le_code_postal

NOUVEAU = "nouveau"


def _cle(texte: str) -> int | None:
    return int(texte) if texte else None


class FicheGarde(forms.Form):
    """Of one shared child."""

    mode = forms.ChoiceField(
        label="Qui paie ses journées ?", choices=RepartitionGarde.Mode.choices, widget=forms.RadioSelect
    )
    famille_paire = forms.TypedChoiceField(
        label="Semaines paires chez", required=False, coerce=_cle, empty_value=None,
        help_text="Seulement pour une semaine sur deux.",
    )  # fmt: skip
    jour_bascule = forms.TypedChoiceField(label="La garde change le", choices=RepartitionGarde.JOURS, coerce=int)

    def __init__(
        self, enfant: Enfant, foyers: list[Famille], reglee: RepartitionGarde | None, *args: Any, **o: Any
    ) -> None:
        super().__init__(*args, **{"prefix": f"garde{enfant.pk}", **o})
        self.enfant = enfant
        foyer = self.fields["famille_paire"]
        foyer.choices = [("", "–"), *((str(un.pk), f"{un.nom}, {un.numero}") for un in foyers)]  # type: ignore[attr-defined]
        self.fields["mode"].initial = reglee.mode if reglee else RepartitionGarde.Mode.RESERVATION
        foyer.initial = str(reglee.famille_paire_id or "") if reglee else ""
        self.fields["jour_bascule"].initial = reglee.jour_bascule if reglee else 0


class FicheParts(forms.Form):
    """A percentage for each adult; none: the household pays."""

    def __init__(self, adultes: list[Responsable], parts: dict[int, int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.adultes = adultes
        for un in adultes:
            self.fields[f"p{un.pk}"] = forms.IntegerField(
                label=f"Part de {un} (%)", required=False, min_value=0, max_value=100, initial=parts.get(un.pk),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "court", "autocomplete": "off"}),
            )  # fmt: skip

    def parts(self) -> dict[int, int]:
        return {un.pk: self.cleaned_data[f"p{un.pk}"] or 0 for un in self.adultes}


class _PourUnEnfant(forms.Form):
    def _enfants(self, famille: Famille, *, tous: bool) -> None:
        enfants = [
            (str(un.pk), un.prenom) for un in famille.enfants.filter(est_archive=False).order_by("date_naissance", "pk")
        ]
        champ = self.fields["enfant"]
        champ.choices = [("", "Tous les enfants"), *enfants] if tous else enfants  # type: ignore[attr-defined]


class FicheAide(_PourUnEnfant):
    aide = forms.ChoiceField(label="Aide")
    enfant = forms.TypedChoiceField(label="Pour", required=False, coerce=_cle, empty_value=None)
    organisme = forms.ChoiceField(label="Payée par")
    nom = forms.CharField(label="Nom du nouvel organisme", max_length=120, required=False)
    code = forms.SlugField(label="Son code", max_length=40, required=False, help_text="Par exemple « ccas-chinon ».")
    adresse = forms.CharField(label="Son adresse", max_length=200, required=False)
    code_postal = champ_code_postal(required=False)
    commune = forms.CharField(label="Commune", max_length=80, required=False)
    pays = ChampPays()
    debut = ChampDate(label="Du", initial=aujourdhui)
    fin = ChampDate(label="Au", required=False)
    reference = forms.CharField(label="Référence de l’accord", max_length=80, required=False)

    def __init__(self, famille: Famille, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"prefix": "aide", **options})
        self._enfants(famille, tous=True)
        self.fields["aide"].choices = list(qui_paie.aides_en_vigueur().items())  # type: ignore[attr-defined]
        connus = [(un.code, un.nom) for un in qui_paie.organismes()]
        self.fields["organisme"].choices = [*connus, (NOUVEAU, "Un nouvel organisme")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        exiger_le_code_postal(self)
        return donnees

    def payeur(self) -> Any:
        lues = self.cleaned_data
        if lues["organisme"] != NOUVEAU:
            return qui_paie.organisme(lues["organisme"], "")
        adresse = {champ: lues[champ] for champ in ("adresse", "code_postal", "commune", "pays")}
        return qui_paie.organisme(lues["code"], lues["nom"], **adresse)


class FicheForfait(_PourUnEnfant):
    forfait = forms.ChoiceField(label="Forfait")
    enfant = forms.TypedChoiceField(label="Pour", coerce=_cle)
    debut = ChampDate(label="Du", initial=aujourdhui)
    fin = ChampDate(label="Au", required=False)

    def __init__(self, famille: Famille, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"prefix": "forfait", **options})
        self._enfants(famille, tous=False)
        self.fields["forfait"].choices = list(qui_paie.forfaits_en_vigueur().items())  # type: ignore[attr-defined]


class FicheFin(forms.Form):
    fin = ChampDate(label="Dernier jour")
