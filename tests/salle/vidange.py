"""How the database of the tests is emptied between two of them that committed: only the tables that hold something, and without
Django's `post_migrate`, which writes again what was never erased. A third of a second less for each of these tests."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from marelle.journal import verrous
from marelle.socle.immuable import TOUTES

GARDEES = {"django_migrations", "django_content_type", "auth_permission"}
TOUS_LES = 25  # tests
GROSSE = 1_000_000  # bytes
LES_GROSSES = """SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > %s"""
_tables: list[str] = []
_annuler = TestCase._fixture_teardown
_annulations = count(1)


def pytest_configure() -> None:
    TransactionTestCase._fixture_teardown = _vider
    TestCase._fixture_teardown = _annuler_et_balayer


def _annuler_et_balayer(essai: Any) -> None:
    """What a test rolled back stays in PostgreSQL's files, and every reading passes over it: a server that does not sweep
    by itself (autovacuum) answers a fifth slower after some hundreds of tests."""
    _annuler(essai)
    if connection.vendor == "postgresql" and not next(_annulations) % TOUS_LES:
        with connection.cursor() as curseur:
            curseur.execute(LES_GROSSES, [GROSSE])
            if grosses := ", ".join(ligne[0] for ligne in curseur.fetchall()):
                curseur.execute(f"VACUUM {grosses}")


def _vider(_essai: Any) -> None:
    if not _tables:
        _tables.extend(sorted(set(connection.introspection.django_table_names(only_existing=True)) - GARDEES))
    pleines = remplies(_tables)
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


def remplies(tables: Iterable[str]) -> list[str]:
    """Those of these tables that hold a row."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\")" for t in tables))
            return [ligne[0] for ligne in curseur.fetchall()]
        # SQLite takes 500 terms at most, and asks quickly.
        return [t for t in tables if curseur.execute(f'SELECT 1 FROM "{t}" LIMIT 1').fetchone()]
