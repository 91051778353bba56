"""What the rules look at: who asks what, when, for which day, with which places. Built by the callers, never fetched here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Action(StrEnum):
    """Each has its own deadline, window, maximum and way of deciding."""

    RESERVER = "reserver"
    MODIFIER = "modifier"
    ANNULER = "annuler"
    DECLARER_ABSENCE = "declarer_absence"


@dataclass(frozen=True, slots=True)
class Periode:
    """A cycle open to booking: « Mercredis de novembre-décembre », « Vacances d'hiver ». Both ends included."""

    code: str
    nom: str
    debut: date
    fin: date


@dataclass(frozen=True, slots=True)
class Places:
    """Counters of one opening: `prises` by bookings, `retenues` by requests not decided, `attente` children waiting."""

    capacite: int
    prises: int = 0
    retenues: int = 0
    attente: int = 0

    @property
    def restantes(self) -> int:
        return max(0, self.capacite - self.prises - self.retenues)


@dataclass(frozen=True, slots=True)
class Manque:
    """Something of the file that is missing or pending: `code` is what a règlement's gate names
    (« fiche_sanitaire », « piece.assurance », « modification_en_attente »), `phrase` says it to the family,
    `jusquau` limits it to days after that date (a document valid until then), `avant` to days before that date (the next
    one begins then); None for every day."""

    code: str
    phrase: str
    jusquau: date | None = None
    avant: date | None = None

    def concerne(self, jour: date) -> bool:
        """Whether it is missing for this day."""
        return (self.jusquau is None or jour > self.jusquau) and (self.avant is None or jour < self.avant)


@dataclass(frozen=True, slots=True)
class Jour:
    """One day asked for: an unité on a date. `fermeture` is the reason when it is closed, None when it is open.
    `reserve_le`: when the booking was asked, for an action on a booked day whose cancellation depends on the phase."""

    date: date
    unite: str = ""
    heure_debut: time = time(0, 0)
    periode: Periode | None = None
    places: Places | None = None
    fermeture: str | None = None
    reserve_le: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contexte:
    """What all days of one request share.

    `deja`: dates on which the same action already stands for this child and activity (pending or accepted), this
    request excluded.
    `publics`: what is known of the family for audiences and priorities (« resident », « fratrie »…).
    `manques`: what the child's file lacks today. `par_agent`: the service acts for the family.
    `deja_tardif`: those of `deja` that passed under the late regime. `ouverts`: dates on which the activity opens,
    for patterns (« semaine complète »); None when unknown: then every working day of the period is one.
    """

    action: Action
    maintenant: datetime
    activite: str
    publics: frozenset[str] = frozenset()
    manques: tuple[Manque, ...] = ()
    deja: frozenset[date] = field(default_factory=frozenset)
    par_agent: bool = False
    deja_tardif: frozenset[date] = field(default_factory=frozenset)
    ouverts: frozenset[date] | None = None
