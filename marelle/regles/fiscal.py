"""What a tax certificate may count: the care of children under six, actually paid, by year (CGI, article 200 quater B).

Which children: born on 1 January of N−6 or after (service-public: « revenus 2024, né en 2018 ou après »). Which year: that of the
payment, or that of the service when it was paid before (domain.md §3). Which part of a payment: it pays the days of its
invoice, the oldest first; a day paid in part is paid in the same proportion for care and for the rest, rounded down, so that
what is certified never exceeds what was billed for care, nor what was received. Centimes everywhere; no clock, no database.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

AGE_LIMITE = 6


def est_concerne(naissance: date, annee: int) -> bool:
    """Whether the care of a child counts for the year: under six on 1 January."""
    return naissance >= date(annee - AGE_LIMITE, 1, 1)


def annee_fiscale(paye_le: date, service: date) -> int:
    """The year in which an amount counts."""
    return max(paye_le.year, service.year)


class Ligne(NamedTuple):
    """What stands billed of one thing on one day: its corrections are in it. `objet`: whose care it is (child, activity)."""

    service: date
    objet: Hashable
    montant: int
    eligible: int


class Versement(NamedTuple):
    """So much of a payment, for an invoice, on a day. A payment that was taken back is not one."""

    paye_le: date
    montant: int
    est_cesu: bool = False


@dataclass(frozen=True, slots=True)
class Facture:
    """One invoice of a payer; they are given the oldest first."""

    lignes: Sequence[Ligne]
    versements: Sequence[Versement] = ()


@dataclass(slots=True)
class Certifie:
    """What counts for one `objet` in one year; `cesu_centimes` of it was paid with prefunded CESU. The days it is for."""

    centimes: int = 0
    cesu_centimes: int = 0
    debut: date = date.max
    fin: date = date.min

    def ajouter(self, centimes: int, cesu: int, service: date) -> None:
        self.centimes += centimes
        self.cesu_centimes += cesu
        self.debut, self.fin = min(self.debut, service), max(self.fin, service)


@dataclass(slots=True)
class _Jour:
    """The lines of one day of an invoice: paid together, in proportion. `parts`: the care of each objet."""

    service: date
    montant: int = 0
    parts: dict[Hashable, int] = field(default_factory=dict)

    def reduire(self, de: int) -> int:
        """Take so much off what is due, care in proportion; what could not be taken is returned."""
        pris = min(de, self.montant)
        reste = self.montant - pris
        self.parts = {objet: part * reste // self.montant for objet, part in self.parts.items()} if reste else {}
        self.montant = reste
        return de - pris


class _Compte:
    """One invoice being paid: its days in order, the money it received."""

    def __init__(self, facture: Facture) -> None:
        self.jours, self.manque = _jours(facture.lignes)
        self.versements = [un for un in facture.versements if un.montant > 0]

    @property
    def du(self) -> int:
        return sum(jour.montant for jour in self.jours)

    def rendre_le_trop(self) -> list[Versement]:
        """Keep what pays this invoice, the oldest first; what exceeds it is returned."""
        reste, gardes, trop = self.du, [], []
        for paye_le, montant, cesu in _par_jour(self.versements):
            garde = min(montant, reste)
            reste -= garde
            cesu_garde = cesu * garde // montant
            gardes += _verser(paye_le, garde, cesu_garde)
            trop += _verser(paye_le, montant - garde, cesu - cesu_garde)
        self.versements = gardes
        return trop

    def recevoir(self, trop: list[Versement]) -> list[Versement]:
        """Take from money that had no debt of its own what this invoice lacks; the rest is returned."""
        manque, reste = self.du - sum(un.montant for un in self.versements), []
        for un in trop:
            pris = min(manque, un.montant)
            manque -= pris
            if pris:
                self.versements.append(un._replace(montant=pris))
            if un.montant > pris:
                reste.append(un._replace(montant=un.montant - pris))
        return reste

    def compter(self, totaux: dict[tuple[int, Hashable], Certifie]) -> None:
        """Add what each payment day pays of each day of care."""
        paye = 0
        for paye_le, montant, cesu in _par_jour(self.versements):
            debut = 0
            for jour in self.jours:
                fin = debut + jour.montant
                avant, apres = (
                    min(max(paye - debut, 0), jour.montant),
                    min(max(paye + montant - debut, 0), jour.montant),
                )
                if apres > avant:
                    _compter_un_jour(totaux, jour, avant, apres, paye_le, cesu, montant)
                if fin >= paye + montant:
                    break
                debut = fin
            paye += montant


def _compter_un_jour(
    totaux: dict[tuple[int, Hashable], Certifie],
    jour: _Jour,
    avant: int,
    apres: int,
    paye_le: date,
    cesu: int,
    montant: int,
) -> None:
    annee = annee_fiscale(paye_le, jour.service)
    for objet, part in jour.parts.items():
        gagne = part * apres // jour.montant - part * avant // jour.montant
        if gagne:
            totaux.setdefault((annee, objet), Certifie()).ajouter(gagne, gagne * cesu // montant, jour.service)


def certifier(factures: Iterable[Facture], rendu_centimes: int = 0) -> dict[tuple[int, Hashable], Certifie]:
    """What counts of the invoices of one payer, by year and objet. Money that an invoice has in excess (an avoir made it smaller
    after it was paid) pays the next ones that lack some, the oldest first; `rendu_centimes` of it was given back, the oldest
    first, and pays nothing."""
    comptes = [_Compte(une) for une in factures]
    _absorber(comptes)
    trop: list[Versement] = []
    for compte in comptes:
        trop += compte.rendre_le_trop()
    trop = _sans_le_rendu(sorted(trop), rendu_centimes)
    for compte in comptes if trop else ():
        trop = compte.recevoir(trop)
    totaux: dict[tuple[int, Hashable], Certifie] = {}
    for compte in comptes:
        compte.compter(totaux)
    return totaux


def _sans_le_rendu(trop: list[Versement], rendu: int) -> list[Versement]:
    restent = []
    for un in trop:
        pris = min(rendu, un.montant)
        rendu -= pris
        if un.montant > pris:
            restent.append(un._replace(montant=un.montant - pris))
    return restent


def _jours(lignes: Sequence[Ligne]) -> tuple[list[_Jour], int]:
    """The days of an invoice, the oldest first; what its discounts take beyond what it bills is returned too."""
    jours: dict[date, _Jour] = {}
    for service, objet, montant, eligible in lignes:
        jour = jours.get(service)
        if jour is None:
            jour = jours[service] = _Jour(service)
        jour.montant += montant
        jour.parts[objet] = jour.parts.get(objet, 0) + eligible
    ranges = [jours[service] for service in sorted(jours)]
    manque = 0
    for jour in ranges:
        if jour.montant <= 0:
            manque -= jour.montant
            jour.montant, jour.parts = 0, {}
        else:
            jour.parts = _bornees(jour.parts, jour.montant)
    return ranges, _reduire(ranges, manque)


def _bornees(parts: dict[Hashable, int], montant: int) -> dict[Hashable, int]:
    """Care is never negative, nor more than the day costs: a discount that bears on it is taken in proportion."""
    total = sum(parts.values())
    positives = {objet: part for objet, part in parts.items() if part > 0}
    somme, permis = sum(positives.values()), min(max(total, 0), montant)
    return positives if somme == permis else {objet: part * permis // somme for objet, part in positives.items()}


def _reduire(jours: Sequence[_Jour], de: int) -> int:
    for jour in reversed(jours):
        if de <= 0:
            break
        if jour.montant:
            de = jour.reduire(de)
    return max(de, 0)


def _absorber(comptes: Sequence[_Compte]) -> None:
    """What avoirs take beyond their own invoice is taken from the latest ones."""
    manque = sum(compte.manque for compte in comptes)
    for compte in reversed(comptes):
        if manque <= 0:
            return
        manque = _reduire(compte.jours, manque)


def _par_jour(versements: Iterable[Versement]) -> list[tuple[date, int, int]]:
    """Money of one day, together: (day, amount, of which CESU), the oldest first."""
    jours: dict[date, tuple[int, int]] = {}
    for paye_le, montant, est_cesu in versements:
        total, cesu = jours.get(paye_le, (0, 0))
        jours[paye_le] = (total + montant, cesu + (montant if est_cesu else 0))
    return [(jour, *jours[jour]) for jour in sorted(jours)]


def _verser(paye_le: date, montant: int, cesu: int) -> list[Versement]:
    parts = (Versement(paye_le, montant - cesu), Versement(paye_le, cesu, est_cesu=True))
    return [un for un in parts if un.montant > 0]
