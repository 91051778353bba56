"""The days on which the service excuses absences for all, as the family reads them."""

from __future__ import annotations

from datetime import date

from marelle.familles.models import Enfant
from marelle.reservations.excuses import phrases

from .personne import RequeteFamille


def excuses_de(request: RequeteFamille, enfant: Enfant | None, debut: date, fin: date) -> dict[date, str]:
    """What happens to an absence of this child on each of these days that are excused, in a sentence or two."""
    if enfant is None:
        return {}
    dites = phrases(request.famille, [enfant.pk], debut, fin)
    return {jour: " ".join(siennes) for (_, jour), siennes in sorted(dites.items(), key=lambda une: une[0])}
