"""*Réservation*: days asked for a child in an activity; accepted, they become bookings and take their places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from marelle.regles.situation import Action
from marelle.regles.verdict import Verdict

from .base import Nature
from .jours import examiner_les_jours, resumer_les_jours

if TYPE_CHECKING:
    from ..models import Demande


class Reserver(Nature):
    CODE = "reservation"
    LIBELLE = "Réservation"
    PORTE_SUR_DES_JOURS = True

    @classmethod
    def examiner(cls, demande: Demande, maintenant: datetime) -> Sequence[Verdict]:
        return examiner_les_jours(demande, Action.RESERVER, maintenant)

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        return f"Réservation · {resumer_les_jours(demande)}"
