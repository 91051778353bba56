"""The events of an ouverture (*sorties*), as its row keeps them: which ones, since when, and what a booking owes of them.

Their names and prices are the tariffs'. An event is due by the bookings that were asked for once it was there: a family that
had asked before was told another price, and keeps it. One that is taken away is due by nobody any more; its row keeps it, so that
loading the collectivité again does not bring it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

# As JSON: {"code": "piscine", "depuis": "2027-03-02T10:00:00+01:00", "retire_le": the same, or absent}.
Ecrits = Sequence[Mapping[str, str]]


def codes_prevus(ecrits: Ecrits) -> tuple[str, ...]:
    """The events that the day has, by the code of the tariffs: what somebody who asks for it now owes."""
    return tuple(un["code"] for un in ecrits if "retire_le" not in un)


def codes_dus(ecrits: Ecrits, demandee_le: datetime) -> tuple[str, ...]:
    """Those that a booking asked for at that instant owes: there then, and still there."""
    return tuple(un["code"] for un in ecrits if "retire_le" not in un and _avant(un["depuis"], demandee_le))


def codes_annonces(ecrits: Ecrits, demandee_le: datetime) -> tuple[str, ...]:
    """Those that stood at that instant, taken away since or not: what a receipt says."""
    return tuple(
        un["code"]
        for un in ecrits
        if _avant(un["depuis"], demandee_le) and not ("retire_le" in un and _avant(un["retire_le"], demandee_le))
    )


def avec(ecrits: Ecrits, code: str, instant: datetime) -> list[dict[str, str]]:
    """With that event from this instant on; unchanged when the day has it already."""
    if code in codes_prevus(ecrits):
        return [dict(un) for un in ecrits]
    autres = [dict(un) for un in ecrits if un["code"] != code]
    return [*autres, {"code": code, "depuis": instant.isoformat()}]


def sans(ecrits: Ecrits, code: str, instant: datetime) -> list[dict[str, str]]:
    """Without that event, which stays written as taken away."""
    return [
        dict(un) | {"retire_le": instant.isoformat()} if un["code"] == code and "retire_le" not in un else dict(un)
        for un in ecrits
    ]


def est_connu(ecrits: Ecrits, code: str) -> bool:
    """Whether the day has, or has had, that event."""
    return any(un["code"] == code for un in ecrits)


def _avant(ecrit: str, instant: datetime) -> bool:
    return datetime.fromisoformat(ecrit) <= instant
