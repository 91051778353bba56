"""The quotient kept with each booking, where the policy is « à la réservation »: written with it, read in bulk by who bills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from marelle.reservations.models import Reservation
from marelle.socle.horloge import PARIS, maintenant

from .foyer import FoyerTarifaire, Quotient, foyers_tarifaires
from .identite import tarifs
from .models import QuotientFamilial, QuotientRetenu


@dataclass(frozen=True, slots=True)
class Retenu:
    """What was known when the day was asked for. `valeur` None: no quotient was proved. `saisie_id`: the entry."""

    valeur: int | None
    saisie_id: int | None
    retenu_le: datetime
    deliberation: str
    regime: str = ""


def retenir_les_quotients(reservations: Sequence[tuple[Reservation, datetime | None]]) -> None:
    """Keep the quotient of each of these new bookings, known when it was asked for; nothing where the policy looks elsewhere.

    To be called in the transaction that makes them: two statements, however many there are."""
    lus = tarifs()
    if not reservations or lus is None or lus.quotient.moment != "reservation":
        return
    foyers = foyers_tarifaires(une.famille_id for une, _ in reservations)
    lignes = []
    for reservation, demandee_le in reservations:
        instant = demandee_le or maintenant()
        quotient = _connu_le(foyers[reservation.famille_id], instant)
        version = lus.version_du(reservation.date)
        lignes.append(
            QuotientRetenu(
                reservation_id=reservation.pk,
                valeur=quotient.valeur if quotient else None,
                quotient_id=quotient.rang if quotient else None,
                retenu_le=instant,
                deliberation=version.deliberation[:200] if version else "",
            )
        )
    QuotientRetenu.objects.bulk_create(lignes, batch_size=500)


def _connu_le(foyer: FoyerTarifaire, instant: datetime) -> Quotient | None:
    lus = tarifs()
    jour = instant.astimezone(PARIS).date()
    return foyer.quotient_du(jour, lus, reference=jour, connu_le=instant) if lus else None


def quotients_retenus(reservations: Iterable[int]) -> dict[int, Retenu]:
    """What was kept with these bookings, by key, in one query; those without (another policy, taken over) are not there."""
    return _lire(QuotientRetenu.objects.filter(pk__in=list(reservations)))


def quotients_retenus_de(famille_id: int) -> dict[int, Retenu]:
    """The same for every booking of a household."""
    return _lire(QuotientRetenu.objects.filter(reservation__famille=famille_id))


def _lire(retenus: QuerySet[QuotientRetenu]) -> dict[int, Retenu]:
    champs = ("pk", "valeur", "quotient_id", "retenu_le", "deliberation", "quotient__fournisseur")
    regimes = {"CNAF": "caf", "MSA": "msa"}
    return {
        cle: Retenu(valeur, saisie, le, deliberation, regimes.get(fournisseur or "", ""))
        for cle, valeur, saisie, le, deliberation, fournisseur in retenus.order_by().values_list(*champs)
    }


def remplacer_l_erreur(quotient: QuotientFamilial) -> int:
    """An entry was a mistake: the bookings that kept it keep, instead, what stood then without it. How many."""
    retenus = list(QuotientRetenu.objects.select_for_update(no_key=True).filter(quotient=quotient).order_by("pk"))
    foyer = foyers_tarifaires([quotient.famille_id])[quotient.famille_id] if retenus else None
    for un in retenus:
        juste = _connu_le(foyer, un.retenu_le) if foyer else None
        un.valeur, un.quotient_id = (juste.valeur, juste.rang) if juste else (None, None)
    QuotientRetenu.objects.bulk_update(retenus, ["valeur", "quotient"], batch_size=200)
    return len(retenus)
