"""What is unpaid, payer by payer and by age: not due yet, up to 30 days, up to 60, more. With it, what refunds gave back of money
that was taken back since: no invoice asks for it, so that it would be read nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate

from marelle.creances.decouverts import Decouvert, lire_les_decouverts
from marelle.creances.models import Facture, Paiement, Payeur, Regie
from marelle.creances.payeurs import destinataires, nom_de
from marelle.creances.soldes import avec_restes

from .en_cours import en_prelevement
from .journal import ecrire_csv, montant_csv
from .models import Relance, Sursis
from .sursis import en_vigueur
from .transmissions import sans_les_transmises

AGES = ("non échu", "0 à 30 jours", "31 à 60 jours", "plus de 60 jours")
COLONNES = (
    *("Payeur", "Dossier", "Facture", "Émise le", "Échéance", "Âge", "Montant", "Reste à payer", "Dernière relance"),
    "Relances suspendues",
)


def age(echeance: date, jour: date) -> int:
    """The rank in `AGES` of what had to be paid that day at the latest."""
    retard = (jour - echeance).days
    if retard <= 0:
        return 0
    return 1 if retard <= 30 else 2 if retard <= 60 else 3


@dataclass(frozen=True, slots=True)
class FactureDue:
    """`prelevee_le`: the day of the direct debit that will pay it."""

    facture: Facture
    reste_centimes: int
    age: int
    relances: list[Relance]
    prelevee_le: date | None

    @property
    def age_dit(self) -> str:
        return AGES[self.age]


@dataclass(slots=True)
class Debiteur:
    """One payer who owes, its invoices and refunds the oldest first, and what it owes by age (centimes)."""

    payeur: Payeur
    nom: str
    ecrit: dict[str, str]
    sursis: Sursis | None = None
    factures: list[FactureDue] = field(default_factory=list)
    decouverts: list[Decouvert] = field(default_factory=list)
    par_age: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    @property
    def total_centimes(self) -> int:
        return sum(self.par_age)

    @property
    def dossier(self) -> str:
        return self.payeur.famille.numero if self.payeur.famille else self.payeur.code


def factures_dues(regie: Regie, jour: date) -> list[FactureDue]:
    """Every unpaid invoice of that régie that the Treasury does not collect, the oldest first."""
    dues: QuerySet[Any] = avec_restes(
        sans_les_transmises(Facture.objects.filter(regie=regie, sorte=Facture.Sorte.FACTURE))
    )
    dues = dues.filter(reste_centimes__gt=0).select_related("payeur__famille")
    relances = Relance.objects.select_related("lot").order_by("etape")
    dues = dues.prefetch_related(Prefetch("relances", relances)).order_by("date_echeance", "rang", "pk")
    toutes = list(dues)
    preleves = en_prelevement(toutes)
    return [
        FactureDue(
            une,
            une.reste_centimes,
            age(une.date_echeance, jour),
            list(une.relances.all()),
            preleves.get(une.pk),
        )
        for une in toutes
    ]


def decouverts_de(regie: Regie, payeur: Payeur | None = None) -> list[Decouvert]:
    """What is owed to that régie on no invoice, by one payer or by all: aged from the day its money was taken back, and reminded
    of by nobody."""
    siens = Paiement.objects.filter(regie=regie)
    return lire_les_decouverts(siens if payeur is None else siens.filter(payeur=payeur))


def debiteurs(regie: Regie, jour: date, age_minimum: int = 0) -> list[Debiteur]:
    """Those who owe, by name; with an age, only those who owe something as old as that."""
    dues, rendus = factures_dues(regie, jour), decouverts_de(regie)
    payeurs = {un.pk: un for un in [*(une.facture.payeur for une in dues), *(un.payeur for un in rendus)]}
    ecrits = destinataires(payeurs.values())
    suspendus = {un.payeur_id: un for un in en_vigueur(regie, jour)}
    trouves = {
        pk: Debiteur(un, nom_de(ecrits[pk]), ecrits[pk], suspendus.get(pk)) for pk, un in payeurs.items()
    }  # fmt: skip
    for une in dues:
        debiteur = trouves[une.facture.payeur_id]
        debiteur.factures.append(une)
        debiteur.par_age[une.age] += une.reste_centimes
    for un in rendus:
        debiteur = trouves[un.payeur.pk]
        debiteur.decouverts.append(un)
        debiteur.par_age[age(un.depuis, jour)] += un.reste_centimes
    gardes = [un for un in trouves.values() if any(un.par_age[age_minimum:])]
    return sorted(gardes, key=lambda un: (un.ecrit.get("nom", "").casefold(), un.nom.casefold(), un.payeur.pk))


def totaux(tous: Iterable[Debiteur]) -> list[int]:
    """By age, then everything."""
    sommes = [0, 0, 0, 0]
    for un in tous:
        sommes = [somme + montant for somme, montant in zip(sommes, un.par_age, strict=True)]
    return [*sommes, sum(sommes)]


def en_csv(tous: Iterable[Debiteur], jour: date) -> bytes:
    return ecrire_csv(COLONNES, (ligne for un in tous for ligne in _lignes(un, jour)))


def _lignes(un: Debiteur, jour: date) -> Iterator[list[object]]:
    suspendues = un.sursis.motif if un.sursis else ""
    for une in un.factures:
        f = une.facture
        derniere = une.relances[-1] if une.relances else None
        yield [
            un.nom, un.dossier, f.numero, f"{f.date_emission:%d/%m/%Y}", f"{f.date_echeance:%d/%m/%Y}", une.age_dit,
            montant_csv(f.montant_centimes), montant_csv(une.reste_centimes),
            f"{derniere.titre}, {localdate(derniere.lot.fait_le):%d/%m/%Y}" if derniere else "",
            suspendues,
        ]  # fmt: skip
    for rendu in un.decouverts:
        fait = rendu.remboursement
        yield [
            un.nom, un.dossier, f"Remboursement {fait.numero}", f"{fait.date_paiement:%d/%m/%Y}",
            f"{rendu.depuis:%d/%m/%Y}", AGES[age(rendu.depuis, jour)], montant_csv(-fait.montant_centimes),
            montant_csv(rendu.reste_centimes), "", suspendues,
        ]  # fmt: skip
