"""*Annulation*: booked days asked to be cancelled; accepted, they give their places back."""

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


class Annulation(Nature):
    CODE = "annulation"
    LIBELLE = "Annulation"
    PORTE_SUR_DES_JOURS = True

    @classmethod
    def examiner(cls, demande: Demande, maintenant: datetime) -> Sequence[Verdict]:
        return examiner_les_jours(demande, Action.ANNULER, maintenant)

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        return f"Annulation · {resumer_les_jours(demande)}"
