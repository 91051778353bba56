"""The events of a day in the words of the tariffs, and those that a booking owes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Min, Q, QuerySet

from marelle.activites.evenements import codes_dus
from marelle.regles.argent import euros
from marelle.regles.calculs import depend_du_quotient
from marelle.reservations.models import Reservation

from .identite import tarifs


def noms_des_evenements(codes: Sequence[str], activite: str, unite: str, jour: date) -> list[str]:
    """« Sortie à la piscine »; those that the tariffs of that day no longer price are left out."""
    lus = tarifs() if codes else None
    version = lus.version_du(jour) if lus else None
    connus = version.evenements(activite, unite) if version else {}
    return [connus[code][0] for code in codes if code in connus]


def evenements_dus(reservations: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The codes that these bookings owe, by key; those that owe none are not there. One query."""
    return lire_les_dus(Reservation.objects.filter(pk__in=list(reservations)))


def lire_les_dus(reservations: QuerySet[Reservation]) -> dict[int, tuple[str, ...]]:
    """The same for any set of bookings: a booking was asked for when its demande was sent, or when it was made without one."""
    envoi = Min("jours_demandes__demande__depose_le", filter=Q(jours_demandes__demande__nature="reservation"))
    lignes = reservations.annotate(demandee_le=envoi).order_by()
    champs = ("pk", "ouverture__evenements", "demandee_le", "creee_le")
    dus = {
        cle: codes_dus(ecrits, demandee_le or creee_le)
        for cle, ecrits, demandee_le, creee_le in lignes.values_list(*champs)
    }
    return {cle: codes for cle, codes in dus.items() if codes}


def evenements_proposes(activite: str, unites: Iterable[str], jours: Iterable[date]) -> dict[str, str]:
    """What the tariffs price for one of these unités on one of these days: « Sortie à la piscine, 4,50 € », by code."""
    lus = tarifs()
    versions = {id(version): version for jour in jours if lus and (version := lus.version_du(jour))}
    trouves: dict[str, str] = {}
    for version in versions.values():
        for unite in unites:
            for code, (nom, calcul) in version.evenements(activite, unite).items():
                prix = "selon le quotient" if depend_du_quotient(calcul) else euros(calcul.pour(None).centimes)
                trouves.setdefault(code, f"{nom}, {prix}")
    return trouves


def est_tarife(code: str, activite: str, unite: str, jour: date) -> bool:
    """Whether the tariffs of that day have a price for that event in that unité, for some family."""
    lus = tarifs()
    version = lus.version_du(jour) if lus else None
    siens = version.tarifs if version else ()
    return any(un.concerne(activite, unite) and code in un.supplements.evenements for un in siens)
