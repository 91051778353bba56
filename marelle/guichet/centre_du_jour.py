"""Which centre does the sheet of a day show when none is asked? Where children are expected, the one that was used last first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from marelle.activites.models import Centre
from marelle.reservations.liste_du_jour import centres_attendus
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import aujourdhui

from .personne import RequeteAgent

SESSION = "centre_du_jour"


def centre_voulu(request: RequeteAgent, saisi: str, jour: str, centres: Sequence[Centre]) -> Centre:
    """The one whose key was `saisi`, kept in mind for this session; without it, the best of `centres` for that day (in ISO form,
    else today). `Introuvable` for a centre that is not this agent's."""
    voulu = next((un for un in centres if str(un.pk) == saisi), None) if saisi else _propose(request, jour, centres)
    if voulu is None:
        raise Introuvable("Ce centre n’existe pas.")
    if saisi:
        retenir(request, voulu)
    return voulu


def retenir(request: RequeteAgent, centre: Centre) -> None:
    """It is where this person works."""
    if request.session.get(SESSION) != centre.pk:
        request.session[SESSION] = centre.pk


def _propose(request: RequeteAgent, jour: str, centres: Sequence[Centre]) -> Centre | None:
    if len(centres) < 2:
        return next(iter(centres), None)
    try:
        lu = date.fromisoformat(jour)
    except ValueError:
        lu = aujourdhui()
    attendus, dernier = centres_attendus(lu), request.session.get(SESSION)
    return min(centres, key=lambda un: (un.pk not in attendus, un.pk != dernier))  # then their own order
