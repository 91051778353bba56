"""How long are messages kept? Two years after the last one of their thread, files included; then they go."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from marelle.socle.horloge import maintenant

from .models import Actualite, Fil, PieceJointe
from .pieces_jointes import jeter

CONSERVATION = timedelta(days=730)  # messages: two years (CNIL, NS-058), as the families' page on personal data says
PAR_LOT = 200


def purger() -> int:
    """Delete the threads that nobody has written in for two years, and the news that none tells any more; returns how many
    threads. A daily job."""
    limite, nombre = maintenant() - CONSERVATION, 0
    while anciens := list(
        Fil.objects.filter(dernier_le__lt=limite).order_by("pk").values_list("pk", flat=True)[:PAR_LOT]
    ):
        with transaction.atomic():
            jeter(PieceJointe.objects.filter(message__fil__in=anciens).order_by("pk").values_list("cle", flat=True))
            Fil.objects.filter(pk__in=anciens).delete()
        nombre += len(anciens)
    Actualite.objects.filter(creee_le__lt=limite, fils__isnull=True).delete()
    return nombre
