"""The end of a call that was not paid in time: decided under the lock of its payer, after the places and the demandes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from marelle.creances.models import Payeur
from marelle.journal.service import noter

from .models import Appel, LigneAppel
from .selection import a_expirer, avec_restes

Etat = Appel.Etat


def il_y_en_a_a_expirer() -> bool:
    """The cheap question of the planning: one indexed read."""
    return a_expirer().exists()


def reservations_des(appels: Iterable[int]) -> list[int]:
    """The bookings of these calls."""
    lignes = LigneAppel.objects.filter(appel__in=list(appels)).order_by("reservation_id")
    return list(lignes.values_list("reservation_id", flat=True).distinct())


def expirer(cles: Iterable[int], instant: datetime, attendent: Iterable[int] = ()) -> list[Appel]:
    """Of these calls, those that end now and whose days fall; those paid meanwhile, or being paid, are left. To be called once
    the places and the demandes are locked: the payers' rows come after them. `attendent`: the households that these places may
    go to, and that will be asked in their turn: their payers are locked now, with the others, in the order of everybody."""
    voulus = sorted(cles)
    appeles = Q(pk__in=Appel.objects.filter(pk__in=voulus).order_by().values("payeur"))
    siens = Payeur.objects.filter(appeles | Q(famille__in=list(attendent)))
    list(siens.select_for_update().order_by("pk").values_list("pk"))
    finis = list(
        avec_restes(a_expirer().filter(pk__in=voulus))
        .select_related("regie", "payeur", "famille")
        .prefetch_related("lignes")
        .order_by("pk")
    )
    for un in finis:
        # Nothing left to pay: its days were all cancelled before its time.
        un.etat, un.decide_le = Etat.EXPIRE, instant
        noter(None, "appel.expire", un, dossier=f"famille:{un.famille_id}", reste_centimes=un.reste_centimes)
    Appel.objects.filter(pk__in=[un.pk for un in finis]).update(etat=Etat.EXPIRE, decide_le=instant)
    return [un for un in finis if un.reste_centimes > 0]
