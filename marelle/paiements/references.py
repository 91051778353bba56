"""The reference of an attempt (*refdet*): what the régisseur finds again on PayFiP's lists and on the statement of account."""

from __future__ import annotations

from collections.abc import Sequence

from marelle.creances.models import Facture

from .models import Tentative


def refdet(factures: Sequence[Facture]) -> str:
    """« F202601000123T01 »: invoice 202601000123, first attempt; « P202601000123N3T02 »: three invoices from that one on,
    second attempt. 6 to 30 letters and digits, nothing else. Call it under the lock of the payer's row."""
    premiere, combien = factures[0].numero, len(factures)
    souche = f"F{premiere}" if combien == 1 else f"P{premiere}N{combien}"
    essai = Tentative.objects.filter(refdet__startswith=f"{souche}T").count() + 1
    return f"{souche}T{essai:02d}"


def objet(factures: Sequence[Facture]) -> str:
    """What PayFiP shows the family: « Factures 202601000123 202601000140 », 100 characters at most."""
    return f"Facture{'s' if len(factures) > 1 else ''} {' '.join(une.numero for une in factures)}"[:100]
