"""The rules in force said as short French sentences, for the help page and the box « Les délais »."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from marelle.regles.bornes import PARIS

if TYPE_CHECKING:
    from marelle.regles.reglement import Reglement


def phrases_du_reglement(reglement: Reglement, activite: str, jour: date) -> list[str]:
    version = reglement.version_du(jour, datetime.combine(jour, time(12), PARIS))
    return [version.code]
