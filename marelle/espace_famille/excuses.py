"""The days on which the service excuses absences for all, as the family reads them."""

from __future__ import annotations

from collections.abc import Sequence
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


def excuses_des_jours(
    request: RequeteFamille, enfants: Sequence[Enfant], debut: date, fin: date, activite: int | None = None
) -> list[tuple[date, str, list[str]]]:
    """The same under a calendar, as its outings are said: the day, the sentence, for whom. In that activity alone, when given:
    what a strike excuses elsewhere is not written under its days."""
    prenoms = {un.pk: un.prenom for un in enfants}
    dites = phrases(request.famille, list(prenoms), debut, fin, activite) if prenoms else {}
    par_jour: dict[tuple[date, str], list[str]] = {}
    for enfant, prenom in prenoms.items():
        for jour in (le for cle, le in dites if cle == enfant):
            for dite in dites[enfant, jour]:
                par_jour.setdefault((jour, dite), []).append(prenom)
    return [(jour, dite, qui) for (jour, dite), qui in sorted(par_jour.items())]
