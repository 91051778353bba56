"""Delays are time that passes, the nights when the clock changes too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.socle.horloge import PARIS, a_l_instant, dans, maintenant


@pytest.mark.parametrize("instant", ["2026-10-25 00:40", "2026-10-25 00:59:30", "2027-03-28 00:50"])
def test_une_demi_heure_dure_une_demi_heure(instant: str) -> None:
    """Instants in UTC: summer time ends, or begins, at 1.00."""
    with a_l_instant(datetime.fromisoformat(instant).replace(tzinfo=UTC)):
        assert dans(timedelta(minutes=30)).astimezone(UTC) - maintenant().astimezone(UTC) == timedelta(minutes=30)
        assert maintenant().astimezone(UTC) - dans(-timedelta(minutes=30)).astimezone(UTC) == timedelta(minutes=30)
        assert dans(timedelta(minutes=30)).tzinfo is PARIS


@given(st.integers(0, 2 * 366 * 24 * 60), st.integers(-5000, 5000))
def test_aller_puis_revenir(minute: int, minutes: int) -> None:
    depuis, duree = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute), timedelta(minutes=minutes)
    assert dans(-duree, dans(duree, depuis)) == depuis
    assert dans(duree, depuis).astimezone(UTC) - depuis == duree


def test_depuis_maintenant_par_defaut(horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-21 10:00")
    assert dans(timedelta(hours=2)) == datetime(2026, 11, 21, 12, tzinfo=PARIS)
