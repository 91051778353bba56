"""Which private files do apps above this one hold? They say it here, so that the clean-up and the change of keys know."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

_TENUES: dict[str, Callable[[], Iterable[uuid.UUID]]] = {}


def tenir(code: str, cles: Callable[[], Iterable[uuid.UUID]]) -> None:
    """From `AppConfig.ready`: the files that `cles()` names are in use, and must be there."""
    _TENUES[code] = cles


def fichiers_tenus() -> set[uuid.UUID]:
    """Every file that an app above holds."""
    return {cle for cles in _TENUES.values() for cle in cles()}
