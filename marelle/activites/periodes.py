"""In which cycle a day falls, for a time of care."""

from __future__ import annotations

from datetime import date

from marelle.regles.situation import Periode as PeriodeDesRegles
from marelle.socle.memoire import retenir

from .models import Periode


def periodes(temps: str) -> tuple[PeriodeDesRegles, ...]:
    """The cycles of a time of care, in order."""
    return retenir("periodes", _lire).get(temps, ())


def _lire() -> dict[str, tuple[PeriodeDesRegles, ...]]:
    par_temps: dict[str, tuple[PeriodeDesRegles, ...]] = {}
    for une in Periode.objects.order_by("debut"):
        par_temps[une.temps] = (
            *par_temps.get(une.temps, ()),
            PeriodeDesRegles(une.code, une.nom, une.debut, une.fin),
        )
    return par_temps


def periode_du(temps: str, jour: date) -> PeriodeDesRegles | None:
    """The cycle that contains the day, None outside all of them."""
    return next((une for une in periodes(temps) if une.debut <= jour <= une.fin), None)
