"""What booking asked, at the desk: what is awaited, what is late, to refund, paid too late or by money taken back."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from marelle.appels.selection import a_suivre, attendus_de
from marelle.comptes.droits import Droit
from marelle.regie.acces import une_regie
from marelle.socle.horloge import aujourdhui

from ..personne import RequeteAgent, pour
from .regie_commun import page

RESERVATIONS = "guichet:regie_reservations"


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    regie = une_regie(code)
    contexte = {"attendus": attendus_de(regie), "suivi": a_suivre(regie, aujourdhui())}
    return page(request, regie, "reservations", contexte, onglet=RESERVATIONS)
