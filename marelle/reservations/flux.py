"""What does a family's own calendar read of its bookings? The feed behind a secret address, in iCalendar (RFC 5545)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from marelle.familles.models import Famille

from .models import FluxAgenda, Reservation
from .selection import ABSENTE, ETAT_DIT

OCTETS = 20  # 160 bits: nobody finds an address by trying
PASSE = timedelta(days=62)  # what is older has no use on a telephone
PARIS = ZoneInfo("Europe/Paris")
RAFRAICHIR = timedelta(hours=4)


def renouveler(famille: Famille) -> str:
    """A new secret for this household, shown once; the address that it had answers no more."""
    jeton = secrets.token_urlsafe(OCTETS)
    FluxAgenda.objects.update_or_create(famille=famille, defaults={"empreinte": empreinte(jeton)})
    return jeton


def revoquer(famille: Famille) -> bool:
    """No address any more. Whether there was one."""
    return bool(FluxAgenda.objects.filter(famille=famille).delete()[0])


def flux_de(famille: Famille) -> FluxAgenda | None:
    return FluxAgenda.objects.filter(famille=famille).first()


def famille_du_jeton(jeton: str) -> Famille | None:
    """The household whose secret this is; None for an unknown or revoked one, or an archived household."""
    flux = FluxAgenda.objects.select_related("famille").filter(empreinte=empreinte(jeton)).first()
    return flux.famille if flux is not None and not flux.famille.est_archivee else None


def empreinte(jeton: str) -> str:
    """What is kept of a secret: whoever reads the database cannot read the families' calendars with it."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def calendrier(famille: Famille, nom: str, maintenant: datetime) -> bytes:
    """The bookings of the household, cancelled and absent said as such: first names only, no health (an absence comes
    without its reason), no address of a family."""
    from icalendar import Calendar  # large: only the processes that are asked for a feed carry it

    agenda = Calendar()
    agenda.add("prodid", "-//Marelle//Portail famille//FR")
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.add("x-wr-calname", nom)
    agenda.add("x-wr-timezone", str(PARIS))
    agenda.add("refresh-interval", RAFRAICHIR, parameters={"value": "DURATION"})
    agenda.add("x-published-ttl", RAFRAICHIR)
    for reservation in _reservations(famille, maintenant):
        agenda.add_component(_evenement(reservation, maintenant))
    return bytes(agenda.to_ical())


def _reservations(famille: Famille, maintenant: datetime) -> list[Reservation]:
    """One query, whatever the number of bookings."""
    return list(
        Reservation.objects.filter(famille=famille, date__gte=maintenant.date() - PASSE)
        .annotate(dit=ETAT_DIT)
        .select_related("enfant", "activite__centre", "ouverture__unite")
        .order_by("date", "pk")
    )


def _evenement(reservation: Any, maintenant: datetime) -> Any:
    """One booking, with its state as families read it (`dit`)."""
    unite, centre = reservation.ouverture.unite, reservation.activite.centre
    est_annulee, est_absent = reservation.etat != Reservation.Etat.RESERVEE, reservation.dit == ABSENTE
    avant = "Annulé : " if est_annulee else "Absence : " if est_absent else ""
    apres = f" {reservation.motif}" if est_annulee else " Absence déclarée." if est_absent else ""
    from icalendar import Event

    un = Event()
    un.add("uid", f"reservation-{reservation.pk}@{_hote()}")
    un.add("dtstamp", maintenant.astimezone(UTC))
    un.add("dtstart", _a(reservation, unite.heure_debut))
    un.add("dtend", _a(reservation, unite.heure_fin))
    un.add("summary", f"{avant}{reservation.enfant.prenom}, {reservation.activite.nom}")
    un.add("description", f"{unite.nom}.{apres}".rstrip(" "))
    un.add("location", ", ".join(filter(None, (centre.nom, centre.adresse))))
    un.add("status", "CANCELLED" if avant else "CONFIRMED")
    # An absence can be taken back: with the same number the latest DTSTAMP wins, one that goes down would be ignored.
    un.add("sequence", int(est_annulee))
    un.add("class", "PRIVATE")
    un.add("transp", "TRANSPARENT")
    return un


def _a(reservation: Reservation, heure: time) -> datetime:
    """In UTC: every calendar reads it, without the description of a time zone."""
    return datetime.combine(reservation.date, heure, tzinfo=PARIS).astimezone(UTC)


def _hote() -> str:
    return str(settings.BASE_URL).split("://")[-1].split("/")[0].split(":")[0] or "marelle"
