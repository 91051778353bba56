"""Whether calls say true: what was to end has ended, sums are made of their days, money is the payer's own."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from marelle.regles.argent import euros
from marelle.socle.horloge import dans

from .models import Appel
from .selection import a_expirer

RETARD = timedelta(hours=1)  # a worker stopped for the time of a restart is not a fault


def verifier() -> list[str]:
    """One French sentence for each thing that is wrong."""
    oublies = a_expirer().filter(avant__lte=dans(-RETARD)).order_by("pk")
    sommes = Appel.objects.annotate(lignes_centimes=Coalesce(Sum("lignes__montant_centimes"), 0))
    faux = sommes.exclude(lignes_centimes=F("montant_centimes")).order_by("pk")
    ailleurs = Appel.objects.filter(paiement__isnull=False).exclude(paiement__payeur=F("payeur")).order_by("pk")
    return [
        *(f"{un.numero} : non payé à temps depuis une heure, et la place est encore gardée." for un in oublies),
        *(f"{un.numero} : {euros(un.montant_centimes)} demandés, {euros(un.lignes_centimes)} par jour." for un in faux),
        *(f"{un.numero} : payé par l’argent d’un autre payeur." for un in ailleurs),
    ]
