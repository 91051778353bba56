"""When a booking must be paid, where it is before the invoice: in so many minutes, a deposit first, the rest before the day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from marelle.regles.argent import euros
from marelle.regles.bornes import PARIS
from marelle.regles.lecture import FIN_DE_JOURNEE, Table
from marelle.regles.montants import Ajustement, lire_ajustement
from marelle.regles.phrases import dire_date, dire_duree

ANNULEE = ("avoir", "remboursement", "rien")


@dataclass(frozen=True, slots=True)
class Paiement:
    """What is asked when booking. `delai_minutes`: then the booking expires (0: it does not). `acompte`: a part only, the rest
    `solde_jours` before the day of care. `annulee`: what a day cancelled in time gives back."""

    delai_minutes: int = 0
    acompte: Ajustement | None = None
    solde_jours: int = 0
    annulee: str = "avoir"


@dataclass(frozen=True, slots=True)
class Echeance:
    """So many centimes to pay before an instant (None: at once). `perd_la_place`: not paid then, the booking ends."""

    centimes: int
    avant: datetime | None
    perd_la_place: bool


def echeances(paiement: Paiement, total_centimes: int, reserve_le: datetime, jour: date) -> tuple[Echeance, ...]:
    """The payments of a booking, in order; they add up to its price. The rest is never asked before the deposit."""
    limite = _apres(reserve_le, paiement.delai_minutes) if paiement.delai_minutes else None
    tout = total_centimes
    part = tout if paiement.acompte is None else min(paiement.acompte.sur(tout), tout)
    lignes = [Echeance(part, limite, limite is not None)] if part else []
    if reste := tout - part:
        solde = datetime.combine(jour - timedelta(days=paiement.solde_jours), FIN_DE_JOURNEE, PARIS)
        lignes.append(Echeance(reste, max(solde, limite or reserve_le), perd_la_place=False))
    return tuple(lignes)


def _apres(instant: datetime, minutes: int) -> datetime:
    """So many minutes that pass: on the wall clock, the night when it goes back, they would be over before they begin."""
    return (instant.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(PARIS)


@dataclass(frozen=True, slots=True)
class JourAPayer:
    """A day booked whose tariff asks for a payment: what it costs (centimes), and with which others its rest is asked."""

    cle: int
    ensemble: Hashable
    paiement: Paiement
    total_centimes: int
    jour: date


@dataclass(frozen=True, slots=True)
class Somme:
    """One sum asked for several days (each with its centimes), before the earliest of their limits."""

    parts: tuple[tuple[int, int], ...]
    avant: datetime | None
    perd_la_place: bool
    est_solde: bool

    @property
    def centimes(self) -> int:
        return sum(part for _, part in self.parts)


def sommes_a_payer(jours: Iterable[JourAPayer], reserve_le: datetime) -> tuple[Somme, ...]:
    """What is asked for days booked together: what loses the places first, then what is due at once, then the rests: those of an
    `ensemble` together, before the earliest of their days, and with those of the same day. The sums add up to the prices."""
    groupes: dict[tuple[bool, bool, Hashable], list[tuple[int, Echeance]]] = {}
    for un in jours:
        for rang, une in enumerate(echeances(un.paiement, un.total_centimes, reserve_le, un.jour)):
            est_solde = rang > 0 or (une.avant is not None and not une.perd_la_place)
            cle = (est_solde, not une.perd_la_place, un.ensemble if est_solde else None)
            groupes.setdefault(cle, []).append((un.cle, une))
    sommes: dict[tuple[bool, bool, datetime | None], list[tuple[int, int]]] = {}
    for (est_solde, tient, _), lignes in groupes.items():
        avant = min((une.avant for _, une in lignes if une.avant is not None), default=None)
        parts = sommes.setdefault((est_solde, tient, avant), [])
        parts += [(cle, une.centimes) for cle, une in lignes]
    ordre = sorted(sommes.items(), key=lambda une: (une[0][:2], une[0][2] or reserve_le))
    return tuple(Somme(tuple(parts), avant, not tient, est_solde) for (est_solde, tient, avant), parts in ordre)


def dire_le_paiement(paiement: Paiement, total_centimes: int, reserve_le: datetime, jour: date) -> str:
    """« À payer dans l’heure, sinon la réservation tombe : 3,60 €. », « Acompte 30,00 €, puis 70,00 € avant le … »."""
    dites = []
    for une in echeances(paiement, total_centimes, reserve_le, jour):
        if une.perd_la_place:
            delai = dire_duree(paiement.delai_minutes)
            dites.append(f"{euros(une.centimes)} à payer dans {delai}, sinon la réservation tombe")
        elif une.avant is None:
            dites.append(f"{euros(une.centimes)} à payer en réservant")
        else:
            dites.append(f"{euros(une.centimes)} à payer au plus tard {dire_date(une.avant.date())}")
    if dites and paiement.annulee == "rien":
        dites.append("rien n’est rendu en cas d’annulation")
    phrase = ", puis ".join(dites[:2]) + "".join(f" ; {une}" for une in dites[2:])
    return f"{phrase[:1].upper()}{phrase[1:]}." if phrase else ""


def lire_paiement(table: Table) -> Paiement:
    table.verifier(("delai_minutes", "acompte", "solde_jours", "annulee"))
    if "solde_jours" in table and "acompte" not in table:
        raise table.refuser("solde_jours", "il n’y a de solde qu’après un acompte : donnez aussi « acompte ».")
    return Paiement(
        table.entier("delai_minutes", 0, 1, 7 * 24 * 60),
        lire_ajustement(table, "acompte", 100) if "acompte" in table else None,
        table.entier("solde_jours", 0, 0, 366),
        table.choix("annulee", ANNULEE, "avoir"),
    )
