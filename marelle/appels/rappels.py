"""The rests that are soon due: one e-mail, a week before their day. What stays unpaid then is the agent's: it ends no booking."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from marelle.socle.horloge import maintenant

from .courrier import rappeler
from .models import Appel
from .selection import attendus

AVANT = timedelta(days=7)


def rappeler_les_soldes() -> int:
    """The job of the morning; returns how many were reminded. One that was asked on the day itself is not: it was just said."""
    instant = maintenant()
    soldes = Appel.objects.filter(
        sorte=Appel.Sorte.SOLDE, rappele_le=None, avant__gt=instant, avant__lte=instant + AVANT,
        demande_le__lte=instant - timedelta(days=1),
    )  # fmt: skip
    rappeles = 0
    for appel in attendus(soldes).order_by("avant", "pk"):
        with transaction.atomic():
            if Appel.objects.filter(pk=appel.pk, rappele_le=None).update(rappele_le=instant):
                rappeler(appel)
                rappeles += 1
    return rappeles
