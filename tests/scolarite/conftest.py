"""The morning on which the sheets are written."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from tests.monde import portail


@pytest.fixture
def ouverte(db: None, horloge: Callable[[str], object]) -> None:
    """A portal that takes sheets, none of its limits used yet."""
    horloge("2026-11-18 10:00")
    portail("vals-du-dauphine")
    cache.clear()
