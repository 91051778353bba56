"""The references of the *avis des sommes à payer*: what a family types on PayFiP, once the Treasury has given them back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from marelle.comptes.models import Agent
from marelle.creances.models import Facture
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant

from .models import ReferenceTitre

# « 2026-12-345 » (exercice-bordereau-titre); some Treasuries give other shapes: letters, digits, « - » and « / ».
_FORME = re.compile(r"[0-9A-Za-z][0-9A-Za-z/ -]{2,39}")


def reference_de(facture: Facture) -> str:
    """The reference of the titre of that invoice, to be printed and shown; empty while it is not known."""
    return references_des([facture.pk]).get(facture.pk, "")


def references_des(factures: Iterable[int]) -> dict[int, str]:
    """The reference of each of these invoices (by key) that has one, in one query: the last received."""
    lues = ReferenceTitre.objects.filter(facture__in=list(factures)).order_by("pk")
    return dict(lues.values_list("facture_id", "reference"))


def est_une_reference(texte: str) -> bool:
    """Whether that looks like the reference of a titre."""
    return bool(_FORME.fullmatch(" ".join(texte.split())))


def noter_reference(facture: Facture, reference: str, agent: Agent | None) -> bool:
    """Keep a reference; False when it was known already. Raises `Refus` when it does not look like one."""
    reference = " ".join(reference.split())
    if not est_une_reference(reference):
        raise Refus(f"« {reference} » n’est pas une référence de titre, comme 2026-12-345.")
    if reference_de(facture) == reference:
        return False
    ReferenceTitre.objects.create(facture=facture, reference=reference, recue_le=maintenant(), recue_par=agent)
    return True
