"""What the places left on a day make of a request: a place, the waiting list, or a refusal."""

from __future__ import annotations

from marelle.regles.attente import doit_attendre
from marelle.regles.situation import Places
from marelle.regles.verdict import Issue


def places_libres(places: Places, retient_places: bool) -> int:
    """Places a new request can take; requests not decided hold theirs unless the règlement says otherwise."""
    if retient_places:
        return places.restantes
    return max(0, places.capacite - places.prises)


def issue_des_places(places: Places, retient_places: bool, liste_attente: bool) -> Issue | None:
    """None when a place is free; otherwise the waiting list where the règlement has one, else a refusal."""
    libres = places_libres(places, retient_places)
    if liste_attente and doit_attendre(places, libres):
        return Issue.LISTE_ATTENTE
    return Issue.REFUSER if libres <= 0 else None
