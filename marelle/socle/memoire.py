"""What is read on every page and hardly ever changes, kept in this process for a few seconds instead of asked again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

# A change made by an agent is seen by every process within this delay, without a query on every page.
DUREE_S = 5.0
GARDEES = 4000  # what is kept by household must not grow for ever
_memoire: dict[str, tuple[float, Any]] = {}
T = TypeVar("T")


def retenir(cle: str, lire: Callable[[], T]) -> T:
    """The value of `lire()`, read again when it is older than `DUREE_S`."""
    maintenant = time.monotonic()
    lu_le, valeur = _memoire.get(cle, (0.0, None))
    if valeur is None or maintenant - lu_le > DUREE_S:
        valeur = lire()
        if len(_memoire) >= GARDEES:
            oublier()
        _memoire[cle] = (maintenant, valeur)
    return cast(T, valeur)


def oublier_un(cle: str) -> None:
    """Forget one value, that this process has just changed."""
    _memoire.pop(cle, None)


def oublier() -> None:
    """Forget everything: after a change made in this process, and between two tests."""
    _memoire.clear()
