"""Which days do the accepted documents of one kind cover? A proof has a first and a last day; several may follow one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

UN_JOUR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Couverture:
    """Stretches of days, in order, that neither touch nor overlap; both ends included."""

    periodes: tuple[tuple[date, date], ...] = ()

    @classmethod
    def de(cls, periodes: Iterable[tuple[date | None, date | None]]) -> Couverture:
        """From the documents' own days (None: no limit on that side)."""
        jointes: list[tuple[date, date]] = []
        for du, au in sorted((du or date.min, au or date.max) for du, au in periodes):
            if jointes and (jointes[-1][1] == date.max or du <= jointes[-1][1] + UN_JOUR):
                jointes[-1] = (jointes[-1][0], max(au, jointes[-1][1]))
            else:
                jointes.append((du, au))
        return cls(tuple(jointes))

    def couvre(self, jour: date) -> bool:
        return any(du <= jour <= au for du, au in self.periodes)

    def fin(self, jour: date) -> date | None:
        """The last day of what covers this one; None when nothing does, or without end."""
        return next((au for du, au in self.periodes if du <= jour <= au and au < date.max), None)

    def a_fini_avant(self, jour: date) -> bool:
        """Whether something covered days gone by."""
        return any(au < jour for _, au in self.periodes)

    def trous(self, depuis: date) -> list[tuple[date | None, date | None]]:
        """The stretches that nothing covers from this day on, as (last day covered before, first day covered after); None on
        either side: without end."""
        trous: list[tuple[date | None, date | None]] = []
        avant: date | None = None
        for du, au in self.periodes:
            if du > depuis and du > date.min:
                trous.append((avant, du))
            avant = au
        if avant is None or avant < date.max:
            trous.append((avant, None))
        return trous
