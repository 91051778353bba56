"""What a child's other household booked or asked: a day that is not free for this one. It is said without more; the other one's
cart is its own matter, its refusals and its prices too."""

from __future__ import annotations

from marelle.familles.models import Famille
from marelle.reservations.selection import TIENNENT

from .passages import EN_COURS

AILLEURS = "ailleurs"
RESERVE_AILLEURS = "L’enfant est déjà inscrit ce jour-là par son autre foyer : pour en changer, appelez le service."
DEMANDE_AILLEURS = "L’autre foyer de l’enfant a déjà demandé ce jour : pour en changer, appelez le service."
MOT = "Autre foyer"

Reservee = tuple[str, bool, str, str]  # how a booking stands, whether the service made it, its unité, its reason
QUI_TIENNENT = (*TIENNENT, AILLEURS)


def reservation_vue(famille: Famille, sienne: int, reservee: Reservee) -> Reservee | None:
    """A booking as this household sees it: of the other one's (`sienne`: whose it is), only that the child comes that day."""
    if sienne == famille.pk:
        return reservee
    return (AILLEURS, False, "", "") if reservee[0] in TIENNENT else None


def demande_se_voit(famille: Famille, sienne: int, nature: str, etat: str) -> bool:
    """Of the other household's, what asks for a day and is under way."""
    return sienne == famille.pk or (nature == "reservation" and etat in EN_COURS)
