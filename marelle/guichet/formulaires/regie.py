"""Entering a payment: amount, means, bank and number, vouchers, and what it pays, invoice by invoice."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from marelle.creances.models import Facture, Mandat, Paiement
from marelle.creances.remboursement import MODES
from marelle.regie.encaissements import AU_GUICHET, Reception
from marelle.regie.models import Versement
from marelle.regie.prelevements import REJETS
from marelle.regie.remboursements import Demande
from marelle.regie.titres import TITRES
from marelle.regles.regies import OptionsRegie
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui

_PART = re.compile(r"part_([1-9][0-9]{0,17})")
_MONTANT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")
MOTIF_MAX = 110  # what is left of the 200 characters of a reason, after the longest answer of a bank
COURT = {"class": "court", "autocomplete": "off"}


class ChampMontant(forms.CharField):
    """An amount in euros as one types it (« 48,60 », « 48 », « 48.6 € »); centimes for the code."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", **COURT})

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100},{value % 100:02}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        texte = re.sub(r"[\s\u00a0\u202f€]+", "", str(value or ""))
        if not texte:
            return None
        trouve = _MONTANT.fullmatch(texte)
        if trouve is None:
            raise forms.ValidationError("Écrivez un montant positif en euros, par exemple 48,60.")
        return int(trouve[1]) * 100 + int((trouve[2] or "0").ljust(2, "0"))

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError("Écrivez un montant en euros, par exemple 48,60.")

    def run_validators(self, value: Any) -> None:
        """Those of texts do not hold for centimes."""


def _parties(donnees: Mapping[str, Any], dues: set[int]) -> list[int]:
    """The invoices that the page proposed and that are no longer to be paid: what was meant for them goes nowhere else."""
    lues = (_PART.fullmatch(nom) for nom in donnees)
    return sorted({int(lue[1]) for lue in lues if lue} - dues)


class Encaissement(forms.Form):
    """The payment of one payer. `facture`: the one that was searched by its number, paid first. `sans_facture_centimes`: what is
    owed besides, on no invoice."""

    montant = ChampMontant(label="Montant reçu")
    mode = forms.ChoiceField(label="Mode de paiement", widget=forms.RadioSelect)
    emetteur = forms.CharField(label="Banque", max_length=80, required=False)
    reference = forms.CharField(label="Numéro du chèque ou de l’opération", max_length=80, required=False)
    nombre_titres = forms.IntegerField(
        label="Nombre de titres", min_value=1, max_value=500, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **COURT}),
    )  # fmt: skip
    numeros_titres = forms.CharField(
        label="Numéros des titres", max_length=1000, required=False,
        help_text="Ou le numéro de l’opération, pour des titres dématérialisés.",
    )  # fmt: skip
    date_paiement = ChampDate(label="Reçu le", initial=aujourdhui)
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        options: OptionsRegie,
        dues: Sequence[Facture],
        donnees: Any = None,
        *,
        mode_garde: str = "",
        facture: str = "",
        sans_facture_centimes: int = 0,
    ) -> None:
        self.dues = dues
        choisie = next((une for une in dues if str(une.pk) == facture), None)
        total = sum(une.reste_centimes for une in ([choisie] if choisie else dues))  # type: ignore[attr-defined]
        total += 0 if choisie else sans_facture_centimes
        libelles = dict(Paiement.Mode.choices)
        permis = [mode for mode in AU_GUICHET if mode in options.modes]
        premier = mode_garde if mode_garde in permis else next(iter(permis), "")
        depart = {"montant": total or None, "mode": premier, "jeton": uuid.uuid4()}
        super().__init__(donnees, initial=depart)
        self.fields["mode"].choices = [(mode.value, libelles[mode]) for mode in permis]  # type: ignore[attr-defined]
        for nom in ("emetteur", "reference", "nombre_titres", "numeros_titres"):
            self.fields[nom].est_conditionnel = True  # type: ignore[attr-defined]
        self.a_des_titres = any(mode in TITRES for mode in permis)
        if not self.a_des_titres:
            del self.fields["nombre_titres"], self.fields["numeros_titres"]
        for une in dues:
            reste = une.reste_centimes if une == choisie else None  # type: ignore[attr-defined]
            self.fields[f"part_{une.pk}"] = ChampMontant(
                label=f"Payé sur la facture {une.numero}", required=False, initial=reste
            )
        self.parties = _parties(donnees or {}, {une.pk for une in dues})
        for cle in self.parties:
            self.fields[f"part_{cle}"] = ChampMontant(
                label="Payé sur une facture qui n’est plus à payer", required=False
            )
        self.fields["montant"].widget.attrs["autofocus"] = True

    @property
    def lignes(self) -> list[tuple[Facture, Any]]:
        """Each invoice that is due with its field."""
        return [(une, self[f"part_{une.pk}"]) for une in self.dues]

    @property
    def a_des_parts(self) -> bool:
        return any(champ.value() for _, champ in self.lignes)

    def clean_montant(self) -> Any:
        montant = self.cleaned_data["montant"]
        if not montant:
            raise forms.ValidationError("Un paiement est d’un montant positif, par exemple 48,60.")
        return montant

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        mode = donnees.get("mode")
        if mode == Paiement.Mode.CHEQUE:
            for champ, phrase in (("emetteur", "Donnez la banque."), ("reference", "Donnez le numéro du chèque.")):
                if not donnees.get(champ):
                    self.add_error(champ, phrase)
        if mode in TITRES:
            for champ in ("nombre_titres", "numeros_titres"):
                if not donnees.get(champ) and champ not in self.errors:
                    self.add_error(champ, "À remplir pour des CESU ou des Chèques-Vacances.")
        return donnees

    def reception(self) -> Reception:
        """What was entered, for the action."""
        lu = self.cleaned_data
        cles = [*(une.pk for une in self.dues), *self.parties]
        parts = {cle: montant for cle in cles if (montant := lu[f"part_{cle}"]) is not None}
        est_un_titre = lu["mode"] in TITRES
        return Reception(
            mode=lu["mode"],
            montant_centimes=lu["montant"],
            date_paiement=lu["date_paiement"],
            jeton=str(lu["jeton"]),
            emetteur=lu["emetteur"],
            reference=lu["reference"],
            parts=parts or None,
            nombre_titres=(lu.get("nombre_titres") or 0) if est_un_titre else 0,
            numeros_titres=lu.get("numeros_titres", "") if est_un_titre else "",
        )


class Annulation(forms.Form):
    """Why a payment is taken back: the bank's code for a direct debit, or a few words."""

    code = forms.ChoiceField(label="Réponse de la banque", required=False)
    motif = forms.CharField(label="Pourquoi ? La famille le lira.", max_length=MOTIF_MAX, required=False)

    def __init__(self, mode: str, donnees: Any = None) -> None:
        super().__init__(donnees)
        if mode != Paiement.Mode.PRELEVEMENT:
            del self.fields["code"]
            self.fields["motif"].required = True
            return
        choix = [("", "Autre raison"), *((code, f"{code} : {mots}") for code, mots in REJETS.items())]
        self.fields["code"].choices = choix  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if "code" in self.fields and not donnees.get("code") and not donnees.get("motif"):
            self.add_error("motif", "Choisissez la réponse de la banque, ou dites pourquoi.")
        return donnees


class Remboursement(forms.Form):
    """Money to give back. `vu`: what the page has shown before it is recorded, so that an amount changed since is shown again."""

    montant = ChampMontant(label="Montant à rendre")
    mode = forms.ChoiceField(label="Moyen", widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Référence du virement, ou numéro du chèque", max_length=80,
        error_messages={"required": "Donnez la référence du virement, ou le numéro du chèque."},
    )  # fmt: skip
    date_remboursement = ChampDate(label="Rendu le", initial=aujourdhui)
    motif = forms.CharField(label="Pourquoi ? La famille le lira.", max_length=MOTIF_MAX)
    jeton = forms.UUIDField(widget=forms.HiddenInput)
    vu = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, options: OptionsRegie, propose_centimes: int, motif: str, donnees: Any = None) -> None:
        depart = {"montant": propose_centimes, "mode": Paiement.Mode.VIREMENT, "motif": motif, "jeton": uuid.uuid4()}
        super().__init__(donnees, initial=depart)
        libelles = dict(Paiement.Mode.choices)
        permis = [mode for mode in MODES if mode != Paiement.Mode.ESPECES or mode in options.modes]
        self.fields["mode"].choices = [(mode.value, libelles[mode]) for mode in permis]  # type: ignore[attr-defined]
        if Paiement.Mode.ESPECES in permis:
            self.fields["reference"].help_text = "Rien à écrire pour des espèces."
        self.fields["reference"].required = self["mode"].value() != Paiement.Mode.ESPECES

    def clean_montant(self) -> Any:
        montant = self.cleaned_data["montant"]
        if not montant:
            raise forms.ValidationError("Un remboursement est d’un montant positif, par exemple 11,40.")
        return montant

    @property
    def a_voir(self) -> str:
        return f"{self.cleaned_data['montant']}:{self.cleaned_data['mode']}"

    @property
    def est_vu(self) -> bool:
        return bool(self.cleaned_data["vu"] == self.a_voir)

    def demande(self) -> Demande:
        """What was entered, for the action."""
        lu = self.cleaned_data
        return Demande(
            lu["mode"], lu["montant"], lu["date_remboursement"], str(lu["jeton"]), lu["motif"], lu["reference"]
        )


class FiltreDuJournal(forms.Form):
    du = ChampDate(label="Du", required=False)
    au = ChampDate(label="Au", required=False)
    mode = forms.ChoiceField(label="Mode", required=False, choices=[("", "Tous"), *Paiement.Mode.choices])

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            raise forms.ValidationError("La période finit avant de commencer : corrigez une des deux dates.")
        return donnees


class Depot(forms.Form):
    date_depot = ChampDate(label="Remis le", initial=aujourdhui)


class NouveauVersement(forms.Form):
    """`attendu`: what the agent has read on the page, in centimes."""

    motif = forms.ChoiceField(label="Motif", choices=Versement.Motif.choices)
    date_versement = ChampDate(label="Versé le", initial=aujourdhui)
    attendu = forms.IntegerField(widget=forms.HiddenInput)


class NouveauSursis(forms.Form):
    motif = forms.CharField(label="Pourquoi ne pas le relancer ?", max_length=200)
    jusqu_au = ChampDate(label="Jusqu’au", required=False, help_text="Sans date : jusqu’à ce que vous repreniez.")


class NouveauMandatSepa(forms.Form):
    titulaire = forms.CharField(label="Titulaire du compte", max_length=70)
    iban = forms.CharField(
        label="IBAN", max_length=42, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    bic = forms.CharField(label="BIC", max_length=14, required=False, widget=forms.TextInput(attrs=COURT))
    signe_le = ChampDate(label="Signé le", initial=aujourdhui)
    dernier_ailleurs_le = ChampDate(
        label="Dernier prélèvement fait avec un autre logiciel", required=False,
        help_text="Si ce mandat a déjà servi. Sans prélèvement depuis 36 mois, il est caduc ; s’il l’est parce que cette date "
        "n’a pas été dite, enregistrez-le de nouveau avec elle et la même référence.",
    )  # fmt: skip
    rum = forms.RegexField(
        r"^(?!/)(?!.*//)[A-Za-z0-9+?/:().,' -]{1,35}(?<!/)\Z", label="Référence du mandat (RUM)", required=False, max_length=35,
        help_text="Sans référence : elle est donnée ici, unique.",
        error_messages={"invalid": "Une RUM a 35 lettres, chiffres ou tirets au plus, sans « / » au bord ni doublé."},
    )  # fmt: skip


class DatePrelevement(forms.Form):
    jour = ChampDate(label="Prélever le")


class Nommer(forms.Form):
    """An agent named by its arrêté."""

    agent = forms.TypedChoiceField(label="Agent", empty_value=None)
    qualite = forms.ChoiceField(label="Qualité", choices=Mandat.Qualite.choices)
    arrete = forms.CharField(
        label="Arrêté", max_length=120, help_text="Numéro et date, par exemple 2026-41 du 2 juillet."
    )
    debut = ChampDate(label="Du", initial=aujourdhui)
    fin = ChampDate(label="Au", required=False)

    def __init__(self, code: int, agents: Sequence[Any], donnees: Any = None) -> None:
        """`code`: of the régie; the page has one form for each."""
        super().__init__(donnees, auto_id=f"id_{code}_%s")
        champ: Any = self.fields["agent"]
        champ.choices = [("", "Choisissez"), *((str(un.pk), f"{un}, {un.get_role_display()}") for un in agents)]
        champ.coerce = lambda cle: next(un for un in agents if str(un.pk) == cle)


class Finir(forms.Form):
    fin = ChampDate(label="Dernier jour", initial=aujourdhui)
