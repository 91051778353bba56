"""Families are told, once, that their quotient ends soon: after it, the highest tariff would apply."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from marelle.courriels.service import ecrire
from marelle.familles.selection import adresses_de
from marelle.reservations.models import Reservation
from marelle.socle.horloge import aujourdhui, maintenant

from .identite import tarifs
from .models import QuotientFamilial

AVANT_LA_FIN = timedelta(days=30)
# A household that has come lately, or that has days booked: the others are left in peace.
DEPUIS = timedelta(days=120)


def rappeler_les_fins() -> int:
    """Write to the adults of each household concerned; how many entries. Each day, by the planning."""
    lus, jour = tarifs(), aujourdhui()
    version = lus.version_du(jour) if lus else None
    if version is None or not any(un.depend_du_quotient for un in version.tarifs):
        return 0
    with transaction.atomic():
        finissants = list(_finissants(jour))
        adresses = adresses_de(un.famille_id for un in finissants)
        for un in finissants:
            contexte = {"quotient": un, "lien": settings.BASE_URL + reverse("espace_famille:tarifs")}
            cle, dossier = f"quotient:{un.pk}:fin", f"famille:{un.famille_id}"
            ecrire("quotient_fin", adresses.get(un.famille_id, []), contexte, cle=cle, dossier=dossier)
            un.rappele_le = maintenant()
        QuotientFamilial.objects.bulk_update(finissants, ["rappele_le"], batch_size=200)
    return len(finissants)


def _finissants(jour: date) -> Iterable[QuotientFamilial]:
    """Proved entries that end soon and that no other one follows, of households that come."""
    tenus = QuotientFamilial.objects.filter(annule_le__isnull=True).exclude(source=QuotientFamilial.Source.DECLARE)
    suivants = tenus.filter(
        Q(valable_au__isnull=True) | Q(valable_au__gt=OuterRef("valable_au")), famille=OuterRef("famille")
    )
    venus = Reservation.objects.filter(
        famille=OuterRef("famille"), date__gte=jour - DEPUIS, etat=Reservation.Etat.RESERVEE
    )
    return (
        tenus.filter(Exists(venus), valable_au__range=(jour, jour + AVANT_LA_FIN), rappele_le__isnull=True)
        .exclude(Exists(suivants))
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
