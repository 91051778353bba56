"""The settings of centres, activities, cycles, openings, capacities and closures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import slugify

from marelle.activites.gestion import code_libre, periode_qui_chevauche
from marelle.activites.models import Activite, Centre, Groupe, Jauge, Periode, Temps
from marelle.regles.calendrier import LUNDI_A_DIMANCHE
from marelle.socle.formulaires import ChampDate
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui

from .dates import DuAu

JOURS = [(str(n), jour.capitalize()) for n, jour in enumerate(LUNDI_A_DIMANCHE)]
PLACES_AU_PLUS = 1000
OUVERTURE_AU_PLUS = timedelta(days=366)
AVANCE_AU_PLUS = timedelta(days=3 * 366)


class FicheCentre(forms.ModelForm[Centre]):
    class Meta:
        model = Centre
        fields = ["nom", "adresse", "telephone", "est_actif"]

    def save(self, commit: bool = True) -> Centre:
        centre: Centre = super().save(commit=False)
        centre.code = centre.code or code_libre(Centre, slugify(centre.nom))
        if commit:
            centre.save()
        return centre


class FicheActivite(forms.ModelForm[Activite]):
    class Meta:
        model = Activite
        fields = [
            *("nom", "description", "age_min", "age_max", "mode_decision", "retient_places", "panier_retient_minutes"),
            "est_active",
        ]
        help_texts = {
            "mode_decision": "Qui accepte une demande qui respecte le règlement.",
            "panier_retient_minutes": "0 : le panier ne retient pas de place.",
        }

    age_min = forms.IntegerField(label="Âge minimum", min_value=0, max_value=17)
    age_max = forms.IntegerField(label="Âge maximum", min_value=0, max_value=17)
    panier_retient_minutes = forms.IntegerField(
        label="Minutes pendant lesquelles le panier retient une place",
        min_value=0,
        max_value=1440,
        help_text="0 : le panier ne retient pas de place.",
    )


class FichePeriode(forms.ModelForm[Periode]):
    class Meta:
        model = Periode
        fields = ["nom", "temps", "debut", "fin"]

    temps = forms.ChoiceField(label="Temps d’accueil", choices=[("", "Choisissez"), *Temps.choices])
    debut = ChampDate(label="Premier jour")
    fin = ChampDate(label="Dernier jour")

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        temps, debut, fin = (donnees.get(nom) for nom in ("temps", "debut", "fin"))
        if not (temps and debut and fin) or fin < debut:
            return donnees  # the constraint of the model says the order
        if fin - debut > OUVERTURE_AU_PLUS:
            self.add_error("fin", "C’est trop long : une période dure une année au plus. Vérifiez les années.")
        elif autre := periode_qui_chevauche(temps, debut, fin, sauf=self.instance.pk or 0):
            dates = f"du {autre.debut:%d/%m/%Y} au {autre.fin:%d/%m/%Y}"
            self.add_error("debut", f"« {autre.nom} », {dates}, a déjà une partie de ces jours : changez les dates.")
        return donnees

    def save(self, commit: bool = True) -> Periode:
        periode: Periode = super().save(commit=False)
        periode.code = periode.code or code_libre(Periode, f"{periode.temps}-{periode.debut:%Y-%m-%d}")
        if commit:
            periode.save()
        return periode


class OuvrirDesJours(forms.Form):
    """Days to open, with the places of each group."""

    debut = ChampDate(label="Du")
    fin = ChampDate(label="Au")
    jours = forms.MultipleChoiceField(label="Jours de la semaine", choices=JOURS, widget=forms.CheckboxSelectMultiple)

    def __init__(self, groupes: Sequence[Groupe], donnees: Any = None) -> None:
        super().__init__(donnees, prefix="ouvrir")
        self.groupes: dict[int | None, str] = {groupe.pk: groupe.nom for groupe in groupes} or {None: "tous les âges"}
        for cle, nom in self.groupes.items():
            self.fields[f"places_{cle}"] = forms.IntegerField(
                label=f"Places, {nom}", min_value=0, max_value=PLACES_AU_PLUS
            )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La date de fin vient avant la date de début : inversez-les.")
        elif debut and fin and fin - debut > OUVERTURE_AU_PLUS:
            self.add_error("fin", "C’est trop long : ouvrez une année au plus à la fois.")
        elif debut and not aujourdhui() <= debut <= aujourdhui() + AVANCE_AU_PLUS:
            self.add_error("debut", "Ouvrez des jours à venir, dans les trois ans.")
        elif debut and fin and donnees.get("jours") and not self.dates:
            self.add_error("jours", "Aucun des jours cochés ne tombe entre ces deux dates.")
        return donnees

    @property
    def dates(self) -> list[date]:
        debut, fin = self.cleaned_data["debut"], self.cleaned_data["fin"]
        voulus = {int(jour) for jour in self.cleaned_data["jours"]}
        toutes = [debut + timedelta(days=n) for n in range((fin - debut).days + 1)]
        return [jour for jour in toutes if jour.weekday() in voulus]

    @property
    def places(self) -> dict[int | None, int]:
        return {cle: self.cleaned_data[f"places_{cle}"] for cle in self.groupes}


class Capacites(forms.Form):
    """The places of the jauges of one day, by part of the day and group."""

    def __init__(self, jauges: Sequence[Jauge], donnees: Any = None) -> None:
        super().__init__(donnees)
        self.jauges = list(jauges)
        for jauge in self.jauges:
            self.fields[f"jauge_{jauge.pk}"] = forms.IntegerField(
                label=jauge.nom,
                min_value=0,
                max_value=PLACES_AU_PLUS,
                initial=jauge.places,
                help_text=_compteurs(jauge),
                show_hidden_initial=True,
            )

    @property
    def places(self) -> dict[int, int]:
        """Those that the agent changed from what the page showed: the others may have been changed since by a colleague."""
        noms = {f"jauge_{jauge.pk}": jauge.pk for jauge in self.jauges}
        return {noms[nom]: self.cleaned_data[nom] for nom in self.changed_data}


def _compteurs(jauge: Jauge) -> str:
    """« 4 réservées, 1 demandée, 7 libres, 2 en attente »."""
    dits = [(jauge.prises, "réservée"), (jauge.retenues, "demandée"), (jauge.restantes, "libre")]
    return ", ".join([*(compte(nombre, mot) for nombre, mot in dits), f"{jauge.attente} en attente"])


class Fermer(DuAu):
    """Closing a centre on a day or a stretch of days."""

    centre = forms.ChoiceField(label="Centre")
    debut = ChampDate(label="Du")
    fin = ChampDate(label="Au", required=False, help_text="Vide pour un seul jour.")
    motif = forms.CharField(
        label="Motif, envoyé aux familles", max_length=120, help_text="Par exemple « grève » ou « dégât des eaux »."
    )
    confirme = forms.BooleanField(
        label="Les réservations de ces jours sont annulées et chaque famille est prévenue par e-mail.",
        error_messages={"required": "Cochez cette case pour fermer : les familles seront prévenues."},
    )

    def __init__(self, centres: Sequence[Centre], donnees: Any = None, *, tous: bool = True) -> None:
        super().__init__(donnees)
        self.centres = {str(un.pk): un for un in centres}
        choix = [(cle, un.nom) for cle, un in self.centres.items()]
        self.fields["centre"].choices = [*choix, *([("tous", "Tous les centres")] if tous else [])]  # type: ignore[attr-defined]

    @property
    def choisi(self) -> Centre | None:
        return self.centres.get(self.cleaned_data["centre"])
