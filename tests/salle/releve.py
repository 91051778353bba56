"""What each test asked of the database, and what pages answered it: noted in the SQLite half of `make test`, for the other half.

Of the tests of pages, PostgreSQL runs again those that make it do something new (outils/essais_choix.py); tests of actions run
again, all of them. `MARELLE_TEST_PAGES_TOUT=1` runs every one on both.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db.backends.utils import CursorWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client
from django.urls import Resolver404

# Lists of any length are one, and so are numbers and words written in the statement.
VARIABLE = re.compile(r"\((?:%s(?:, )?)+\)(?:, \((?:%s(?:, )?)+\))*|'[^']*'|\b\d+\b")
SANS_OBJET = ("SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
AILLEURS = {"navigateur", "dates"}  # what the other half does not run at all

_dossier = os.environ.get("MARELLE_ESSAIS_RELEVE", "")
_formes: dict[str, str] = {}
_releves: dict[str, dict[str, Any]] = {}
_verrou = ""


class _EnCours:
    """The test that runs now."""

    requetes: ClassVar[set[str]] = set()
    reponses: ClassVar[set[str]] = set()
    debut = 0.0


def pytest_configure() -> None:
    if _dossier:
        _noter_les_verrous()
        _noter_les_requetes()
        _noter_les_reponses()


def _noter_les_verrous() -> None:
    """SQLite leaves `FOR UPDATE` out of what it is asked: a statement with a lock is another one."""
    executer = SQLCompiler.execute_sql

    def execute_sql(self: Any, *arguments: Any, **options: Any) -> Any:
        global _verrou
        requete = self.query
        avant, _verrou = _verrou, ""
        if getattr(requete, "select_for_update", False):
            _verrou = f" FOR UPDATE {requete.select_for_update_of} {requete.select_for_update_skip_locked:d}"
        try:
            return executer(self, *arguments, **options)
        finally:
            _verrou = avant

    SQLCompiler.execute_sql = execute_sql  # type: ignore[method-assign]


def _noter_les_reponses() -> None:
    demander = Client.request

    def request(self: Client, **demande: Any) -> Any:
        reponse: Any = demander(self, **demande)
        vue = ""
        with suppress(Resolver404):  # asked when it is read
            vue = reponse.resolver_match.view_name
        _EnCours.reponses.add(f"{demande.get('REQUEST_METHOD', 'GET')} {vue} {reponse.status_code}")
        return reponse

    Client.request = request  # type: ignore[method-assign]


def _noter_les_requetes() -> None:
    """On every connection: while Playwright runs its loop, the thread of the tests has another one."""
    executer = CursorWrapper._execute_with_wrappers

    def execute(self: CursorWrapper, sql: Any, *arguments: Any, **options: Any) -> Any:
        texte = str(sql) + _verrou
        if texte not in _formes:
            forme = VARIABLE.sub("?", texte)
            _formes[texte] = "" if texte.startswith(SANS_OBJET) else blake2b(forme.encode(), digest_size=8).hexdigest()
        _EnCours.requetes.add(_formes[texte])
        return executer(self, sql, *arguments, **options)

    CursorWrapper._execute_with_wrappers = execute  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    _EnCours.requetes, _EnCours.reponses, _EnCours.debut = set(), set(), time.process_time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Only of a test that succeeds: whatever else happened to the others, they run again."""
    yield
    genres = {marque.name for marque in item.iter_markers()}
    if not _dossier or "base" not in genres or genres & AILLEURS:
        return
    est_transactionnel = "transactional_db" in getattr(item, "fixturenames", ())
    _releves[item.nodeid] = {
        "est_de_page": bool(_EnCours.reponses) and not est_transactionnel and "processus" not in genres,
        "faits": sorted((_EnCours.requetes | _EnCours.reponses) - {""}),
        "duree": round(time.process_time() - _EnCours.debut, 4),
    }


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _dossier and _releves:
        travailleur = os.environ.get("PYTEST_XDIST_WORKER", "seul")
        (Path(_dossier) / f"releve-{travailleur}.json").write_text(json.dumps(_releves))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that the other half's record found to bring nothing new here."""
    if not (liste := os.environ.get("MARELLE_ESSAIS_SANS", "")):
        return
    inutiles = set(json.loads(Path(liste).read_text()))
    laisses = [item for item in items if item.nodeid in inutiles]
    items[:] = [item for item in items if item.nodeid not in inutiles]
    config.hook.pytest_deselected(items=laisses)
