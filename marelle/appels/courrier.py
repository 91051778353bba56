"""What the payers are written: the reminder of a rest that is soon due."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from marelle.courriels.service import ecrire
from marelle.creances.payeurs import destinataire

from .phrases import dire_l_appel


def rappeler(appel: Any) -> None:
    """`appel`: with its `reste_centimes`. Once by call."""
    adresse = destinataire(appel.payeur).get("courriel", "")
    contexte = {
        "appel": appel,
        "phrase": dire_l_appel(appel),
        "lien": settings.BASE_URL + reverse("espace_famille:payer_reservations"),
    }
    ecrire("solde_a_payer", [adresse], contexte, cle=f"appel:{appel.pk}:rappel", dossier=f"famille:{appel.famille_id}")
