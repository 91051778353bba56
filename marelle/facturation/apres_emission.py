"""What follows the issue of a run: the invoices leave by e-mail, or in the print batch."""

from __future__ import annotations

from marelle.journal.service import noter

from .envois import ecrire_aux_familles
from .models import Campagne


def annoncer(campagne_id: int) -> None:
    """Called once by run, in the transaction that ends it: what is enqueued here stands if and only if it is issued."""
    campagne = Campagne.objects.get(pk=campagne_id)
    ecrire_aux_familles.enqueue(campagne_id)
    noter(None, "facturation.annoncee", campagne, factures=campagne.prevues.filter(facture__isnull=False).count())
