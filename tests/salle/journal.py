"""Lets Django empty the database between two tests: on SQLite that is a DELETE, which the locked tables refuse."""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from marelle.journal import verrous
from marelle.socle.immuable import TOUTES

_vider = TransactionTestCase._fixture_teardown


def pytest_configure() -> None:
    TransactionTestCase._fixture_teardown = _vider_sans_verrous


def _vider_sans_verrous(essai: Any) -> None:
    if connection.vendor != "sqlite":
        _vider(essai)  # TRUNCATE, which fires no row trigger
        return
    verrous.lever_sur(connection)
    for verrou in TOUTES:
        verrou.lever_sur(connection)
    _vider(essai)
    verrous.poser_sur(connection)
    for verrou in TOUTES:
        verrou.poser_sur(connection)
