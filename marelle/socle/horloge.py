"""The one clock: everything that needs « now » or « today » asks here, so that tests and the demonstration can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


_arretee: ContextVar[datetime | None] = ContextVar("horloge_arretee", default=None)


def maintenant() -> datetime:
    """The present instant, aware, in Europe/Paris."""
    return _arretee.get() or timezone.now().astimezone(PARIS)


def dans(duree: timedelta, depuis: datetime | None = None) -> datetime:
    """The instant so much later than now, or than `depuis` (earlier, when negative), in Europe/Paris. Time that passes: on the
    wall clock, the night when it goes back, half an hour after 2.50 a.m. would last an hour and a half."""
    return ((depuis or maintenant()).astimezone(UTC) + duree).astimezone(PARIS)


@contextmanager
def a_l_instant(instant: datetime) -> Iterator[None]:
    """Stop the clock at `instant` (aware) for this thread: the demonstration lives its past through the same actions."""
    jeton = _arretee.set(instant.astimezone(PARIS))
    try:
        yield
    finally:
        _arretee.reset(jeton)


def aujourdhui() -> date:
    """Today's date in Paris, whatever the server's zone."""
    return maintenant().date()


def jour_a_paris(instant: datetime) -> date:
    """The day it was in Paris; the database gives instants in UTC, whose day is the one before until 1 or 2 a.m."""
    return instant.astimezone(PARIS).date()


def annee_scolaire(jour: date) -> tuple[date, date]:
    """The school year of a day: 1 September to 31 August, both included."""
    debut = date(jour.year if jour.month >= 9 else jour.year - 1, 9, 1)
    return debut, date(debut.year + 1, 9, 1) - timedelta(days=1)
