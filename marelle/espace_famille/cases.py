"""From a day of the calendar as the rules see it to its square on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from marelle.demandes.calendrier import Case
from marelle.socle.jour import Cellule

# What a click does there is on another page: a demande under way is looked at, not toggled.
OUVRENT_LA_DEMANDE = ("attente", "liste", "refuse")


def cellule(case: Case, aujourdhui: date, lien_demande: str) -> Cellule:
    """`lien_demande` holds « 0 » where the number of the demande goes."""
    lien = ""
    if case.demande_id is not None and case.etat in OUVRENT_LA_DEMANDE:
        lien = lien_demande.replace("/0/", f"/{case.demande_id}/")
    court = case.detail if len(case.detail) <= 14 else ""
    return Cellule(
        case.date,
        case.etat,
        mot=case.mot,
        detail=court,
        detail_long="" if court else case.detail,
        est_actionnable=case.est_actionnable,
        est_aujourdhui=case.date == aujourdhui,
        lien=lien,
    )


def fermes(cases: Iterable[Case | None]) -> frozenset[date]:
    """Days that are neither booked nor open to it: how they would be cancelled says nothing to anybody."""
    return frozenset(case.date for case in cases if case is not None and case.etat in ("ferme", "delai", "annule"))


def raisons(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Why days of these cannot be chosen, said once each: (days, sentence), in order."""
    par_phrase: dict[str, list[date]] = {}
    for case in cases:
        if not case.est_actionnable and case.raison:
            par_phrase.setdefault(case.raison, []).append(case.date)
    return [(", ".join(f"{jour.day}" for jour in jours), phrase) for phrase, jours in par_phrase.items()]
