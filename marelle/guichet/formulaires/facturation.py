"""The forms of billing: a new run, setting a payer aside, an avoir line by line."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.facturation.avoirs import LigneAvecReste
from marelle.facturation.campagnes import familles_de_numeros
from marelle.facturation.models import Campagne
from marelle.facturation.proposition import proposer
from marelle.facturation.selection import activites_de
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import ChampDate
from marelle.socle.francais import nom_du_mois
from marelle.socle.horloge import aujourdhui

_MONTANT = re.compile(r"(\d{1,5})(?:[,.](\d{1,2}))?")


class NouvelleFacturation(forms.Form):
    """The period, the activities of the régie, the dates of the invoices. `proposee`: the month, and why."""

    libelle = forms.CharField(label="Nom de cette facturation", max_length=120)
    debut = ChampDate(label="Journées du")
    fin = ChampDate(label="au")
    activites = forms.MultipleChoiceField(label="Activités", widget=forms.CheckboxSelectMultiple)
    moment = forms.ChoiceField(label="Facturer", choices=Campagne.Moment.choices, widget=forms.RadioSelect)
    numeros = forms.CharField(
        label="Seulement ces familles",
        required=False,
        help_text="Leurs numéros, séparés par des virgules. Vide : toutes les familles.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    date_emission = ChampDate(label="Date des factures", initial=aujourdhui)
    date_echeance = ChampDate(label="À payer avant le")

    def __init__(self, regie: Regie, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reglees = options_de(regie)
        siennes = activites_de(regie)
        proposee = proposer(regie)
        champ = self.fields["activites"]
        champ.choices = [(une.code, une.nom) for une in siennes]  # type: ignore[attr-defined]
        champ.initial = [une.code for une in siennes]
        self.fields["debut"].initial, self.fields["fin"].initial = proposee.debut, proposee.fin
        self.fields["libelle"].initial = nom_du_mois(proposee.debut)
        self.proposee = proposee
        self.fields["moment"].initial = reglees.moment
        self.fields["date_echeance"].initial = aujourdhui() + timedelta(days=reglees.echeance_jours)

    def clean_numeros(self) -> list[int]:
        numeros = [un.strip() for un in re.split(r"[,;\s]+", self.cleaned_data["numeros"]) if un.strip()]
        try:
            return familles_de_numeros(numeros) if numeros else []
        except Refus as refus:
            raise forms.ValidationError(refus.phrase) from refus


class DatesDesFactures(forms.Form):
    """Other dates for the invoices of a run that is not issued yet."""

    date_emission = ChampDate(label="Date des factures")
    date_echeance = ChampDate(label="À payer avant le")


class MiseDeCote(forms.Form):
    motif = forms.CharField(label="Pourquoi ?", max_length=200)


class NouvelAvoir(forms.Form):
    """A box and an amount for each line; the amount proposed is what stands billed."""

    motif = forms.CharField(
        label="Pourquoi cet avoir ?", max_length=300, help_text="La famille lira cette phrase sur l’avoir."
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, lignes: Sequence[LigneAvecReste], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lignes = [une for une in lignes if une.reste_centimes > 0]
        for une in self.lignes:
            nom = f"Rendre : {une.ligne.libelle}"
            self.fields[f"l{une.ligne.pk}"] = forms.BooleanField(label=nom, required=False)
            self.fields[f"m{une.ligne.pk}"] = forms.CharField(
                label=f"Montant rendu : {une.ligne.libelle}", required=False, initial=ecrit(une.reste_centimes),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "court", "autocomplete": "off"}),
            )  # fmt: skip

    def rangees(self) -> list[dict[str, Any]]:
        """Each line with its two fields."""
        return [
            {"une": une, "case": self[f"l{une.ligne.pk}"], "montant": self[f"m{une.ligne.pk}"]} for une in self.lignes
        ]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        montants: dict[int, int] = {}
        for une in self.lignes:
            cle, reste = une.ligne.pk, une.reste_centimes
            ecrite = donnees.get(f"m{cle}", "") if f"m{cle}" in self.data else ecrit(reste)
            lu = lire_euros(ecrite)
            if donnees.get(f"l{cle}") and lu is not None:
                montants[cle] = lu
            elif donnees.get(f"l{cle}"):
                self.add_error(f"m{cle}", "Écrivez un montant en euros, par exemple 11,20.")
            elif ecrite and lu != reste:
                self.add_error(f"m{cle}", f"Cochez cette ligne pour rendre ce montant, ou remettez {ecrit(reste)}.")
        donnees["montants"] = montants
        if not montants and not self.errors:
            raise forms.ValidationError("Cochez au moins une ligne à rendre.")
        return donnees


def lire_euros(texte: str) -> int | None:
    """« 11,20 », « 11.2 », « 11 » in centimes; None for anything else (a negative too)."""
    trouve = _MONTANT.fullmatch(re.sub(r"[\s\u00a0\u202f€]", "", texte))
    return int(trouve[1]) * 100 + int((trouve[2] or "0").ljust(2, "0")) if trouve else None


def ecrit(centimes: int) -> str:
    """« 11,20 », as one types it."""
    return f"{centimes // 100},{centimes % 100:02}"
