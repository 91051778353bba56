"""The reference of an attempt (*refdet*): what the régisseur finds again on PayFiP's lists and on the statement of account."""

from __future__ import annotations

from collections.abc import Sequence

from marelle.creances.models import Facture

from .models import Tentative


def souche(factures: Sequence[Facture]) -> str:
    """« F202601000123 »: invoice 202601000123; « P202601000123N3 »: three invoices from that one on. What is paid when booking
    has its own: « A202601000042 »."""
    premiere, combien = factures[0].numero, len(factures)
    return f"F{premiere}" if combien == 1 else f"P{premiere}N{combien}"


def refdet(souche: str) -> str:
    """« F202601000123T01 », its second attempt « …T02 »: 6 to 30 letters and digits, nothing else. Call it under the lock of the
    payer's row."""
    essai = Tentative.objects.filter(refdet__startswith=f"{souche}T").count() + 1
    return f"{souche}T{essai:02d}"


def objet(factures: Sequence[Facture]) -> str:
    """What PayFiP shows the family: « Factures 202601000123 202601000140 », 100 characters at most."""
    return f"Facture{'s' if len(factures) > 1 else ''} {' '.join(une.numero for une in factures)}"[:100]
