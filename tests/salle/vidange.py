"""How the database of the tests is emptied between two of them that committed: only the tables that hold something, and without
Django's `post_migrate`, which writes again what was never erased. A third of a second less for each of these tests."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

from marelle.journal import verrous
from marelle.socle.immuable import TOUTES

GARDEES = {"django_migrations", "django_content_type", "auth_permission"}
_tables: list[str] = []


def pytest_configure() -> None:
    TransactionTestCase._fixture_teardown = _vider


def _vider(_essai: Any) -> None:
    if not _tables:
        _tables.extend(sorted(set(connection.introspection.django_table_names(only_existing=True)) - GARDEES))
    pleines = _pleines()
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as curseur:
            # Neither locks of the tables that only grow nor foreign keys: everything goes.
            curseur.execute("SET LOCAL session_replication_role = replica")
            for table in pleines:
                curseur.execute(f'DELETE FROM "{table}"')
        return
    # SQLite has no such word: the locks are lifted, then put back; keys are looked at when the transaction ends.
    levees = [verrou for verrou in TOUTES if verrou.table in pleines]
    journal = "journal_entree" in pleines
    with transaction.atomic():
        if journal:
            verrous.lever_sur(connection)
        for verrou in levees:
            verrou.lever_sur(connection)
        with connection.cursor() as curseur:
            curseur.execute("PRAGMA defer_foreign_keys = ON")
            for table in pleines:
                curseur.execute(f'DELETE FROM "{table}"')
        for verrou in levees:
            verrou.poser_sur(connection)
        if journal:
            verrous.poser_sur(connection)


def _pleines() -> list[str]:
    questions = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\")" for t in _tables)
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute(questions)
            return [ligne[0] for ligne in curseur.fetchall()]
        # SQLite takes 500 terms at most, and asks quickly.
        return [t for t in _tables if curseur.execute(f'SELECT 1 FROM "{t}" LIMIT 1').fetchone()]
