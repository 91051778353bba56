"""Until when an action is possible on a day, and what the late regime allows afterwards (R5, R11, R25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marelle.regles.bornes import Borne, fin_du_jour, lire_borne
from marelle.regles.calendrier import Calendrier
from marelle.regles.lecture import Table
from marelle.regles.quotas import Maximum, lire_maximum
from marelle.regles.situation import Jour

DECISIONS = ("agent", "automatique")


@dataclass(frozen=True, slots=True)
class Majoration:
    """What a late action costs more: a percentage of the price, or centimes. Said as data, priced elsewhere."""

    pourcentage: int = 0
    forfait_centimes: int = 0


@dataclass(frozen=True, slots=True)
class Tardif:
    """After the cut-off, still possible until `jusqua`, `maximum` times per cycle, decided and priced apart."""

    jusqua: tuple[Borne, ...]
    decision: str = ""
    majoration: Majoration | None = None
    maximum: Maximum | None = None


def limite_du_delai(bornes: tuple[Borne, ...], calendrier: Calendrier, jour: Jour) -> datetime | None:
    """The earliest of several clocks (R25), aware, never after the day; None when no clock says anything for it."""
    instants = [instant for borne in bornes if (instant := borne.instant(calendrier, jour))]
    if not instants:
        return None
    limite = min(instants)
    return limite if limite.date() <= jour.date else fin_du_jour(jour)


def lire_delai(table: Table, cle: str = "delai") -> tuple[Borne, ...]:
    """One clock, or a list of clocks that all hold."""
    return tuple(lire_borne(sous_table) for sous_table in table.tables(cle, ou_une_seule=True))


def lire_tardif(table: Table) -> Tardif:
    table.verifier({"jusqua", "decision", "majoration", "maximum"}, exigees=("jusqua",))
    majoration = None
    if "majoration" in table:
        sous = table.table("majoration")
        sous.verifier({"pourcentage", "forfait_centimes"})
        majoration = Majoration(sous.entier("pourcentage", maxi=1000), sous.entier("forfait_centimes", maxi=1_000_000))
    return Tardif(
        jusqua=lire_delai(table, "jusqua"),
        decision=table.choix("decision", DECISIONS),
        majoration=majoration,
        maximum=lire_maximum(table.table("maximum")) if "maximum" in table else None,
    )
