"""Counts the tests that really ran, by kind, for those who must know that no half was skipped."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from .deja_vu import TOUT

GENRES = ("base", "navigateur", "processus")
FIXTURES_BASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}
FIXTURES_NAVIGATEUR = {"chromium", "nouvelle_page", "page_bureau", "page_telephone"}
_lances: Counter[str] = Counter()
_sautes: Counter[str] = Counter()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "base: uses the database (added by itself); runs again on PostgreSQL")
    config.addinivalue_line("markers", "navigateur: runs in Chromium (added by itself)")
    config.addinivalue_line("markers", "processus: starts real processes")
    config.addinivalue_line("markers", "dates: the same test on another day, with other draws; one database is enough")
    config.addinivalue_line("markers", "encore: pages that tests/accessibilite sees; with MARELLE_TEST_AXE_TOUT=1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & FIXTURES_BASE or item.get_closest_marker("django_db"):
            item.add_marker("base")
        if fixtures & FIXTURES_NAVIGATEUR:
            item.add_marker("navigateur")
    items[:] = [item for item in items if TOUT or not item.get_closest_marker("encore")]
    items.sort(key=_tour)
    if items and _tour(items[0]) == 0:  # one worker migrates the database, the others run what needs none meanwhile
        items.insert(0, items.pop(next((rang for rang, item in enumerate(items) if _tour(item)), 0)))


def _tour(item: pytest.Item) -> int:
    """The long ones early: at the end, the short ones share what is left between the workers."""
    if item.get_closest_marker("navigateur") or item.get_closest_marker("processus"):
        return 1
    return 2 if item.get_closest_marker("base") else 0


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    genres = ["total", *(genre for genre in GENRES if genre in report.keywords)]
    if report.skipped:
        _sautes.update(genres)
    elif report.when == "call":
        _lances.update(genres)


def pytest_sessionfinish(session: pytest.Session) -> None:
    fichier = os.environ.get("MARELLE_ESSAIS_BILAN")
    if fichier and not hasattr(session.config, "workerinput"):
        Path(fichier).write_text(json.dumps({"lances": _lances, "sautes": _sautes}))
