"""The one clock: everything that needs « now » or « today » asks here, so that tests and the demonstration can move it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


def maintenant() -> datetime:
    """The present instant, aware, in Europe/Paris."""
    return timezone.now().astimezone(PARIS)


def aujourdhui() -> date:
    """Today's date in Paris, whatever the server's zone."""
    return maintenant().date()


def annee_scolaire(jour: date) -> tuple[date, date]:
    """The school year of a day: 1 September to 31 August, both included."""
    debut = date(jour.year if jour.month >= 9 else jour.year - 1, 9, 1)
    return debut, date(debut.year + 1, 9, 1) - timedelta(days=1)
