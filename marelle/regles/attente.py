"""When one joins the waiting list, and who leaves it first when places free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from marelle.regles.situation import Places

T = TypeVar("T")


def doit_attendre(places: Places, libres: int) -> bool:
    """No place is free, or others already wait: an arrival queues behind a list that is not empty."""
    return libres <= 0 or places.attente > 0


def a_appeler(file: Sequence[T], libres: int) -> list[T]:
    """Those of the waiting list, in order of arrival, whom the free places go to."""
    return list(file[: max(0, libres)])
