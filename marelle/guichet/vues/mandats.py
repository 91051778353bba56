"""Mandates of direct debit, the same at a régie and at a budget whose titres the Treasury collects: their list, the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marelle.creances.models import Payeur, Regie
from marelle.regie import journal, mandats_sepa
from marelle.regie.caducite import caducites, dire
from marelle.regie.mandats_sepa import SaisieMandat
from marelle.regie.models import MandatSepa
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from ..formulaires.regie import NouveauMandatSepa
from ..personne import RequeteAgent


@dataclass(frozen=True, slots=True)
class LigneMandat:
    """A mandate on the list; `caducite` says since when it is void, or from when it will be; empty otherwise."""

    mandat: MandatSepa
    nom: str
    caducite: str


def lignes_des_mandats(regie: Regie, jour: date | None = None) -> list[LigneMandat]:
    """Those of that régie, void or not on `jour` (today by default)."""
    mandats = list(mandats_sepa.mandats_de(regie))
    noms = journal.noms_des_payeurs({un.payeur_id: un.payeur for un in mandats}.values())
    caducs = caducites([un for un in mandats if un.revoque_le is None], jour or aujourdhui())
    dits = {cle: dire(le) for cle, le in caducs.items()}
    return [LigneMandat(un, noms.get(un.payeur_id, ""), dits.get(un.pk, "")) for un in mandats]


@dataclass(frozen=True, slots=True)
class Recu:
    """What became of the form: the mandate once it is entered, else what to show again."""

    saisie: NouveauMandatSepa
    mandat: MandatSepa | None = None
    refus: str = ""
    statut: int = 200

    @property
    def phrase(self) -> str:
        """What the agent reads next."""
        un = self.mandat
        return f"Mandat {un.rum} enregistré (compte finissant par {un.iban_fin})." if un else ""


def recevoir_le_mandat(request: RequeteAgent, regie: Regie, payeur: Payeur) -> Recu:
    """The form, shown or received."""
    saisie = NouveauMandatSepa(request.POST or None)
    if request.method != "POST":
        return Recu(saisie)
    if not saisie.is_valid():
        return Recu(saisie, statut=422)
    try:
        mandat = mandats_sepa.saisir(regie, payeur, SaisieMandat(**saisie.cleaned_data), auteur=request.agent)
    except Refus as dit:
        return Recu(saisie, refus=dit.phrase, statut=dit.statut)
    return Recu(saisie, mandat)
