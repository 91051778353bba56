"""The database of the tests is made at once, from the models: tests/outils/test_base_neuve.py says that the migrations would
make the same. Among several workers the first makes it, the others copy it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation

from marelle.commandes.base_neuve import creer_les_tables

_creer = BaseDatabaseCreation.create_test_db
_modele_a_jeter: list[str] = []


def pytest_configure() -> None:
    BaseDatabaseCreation.create_test_db = _creer_ou_copier if "PYTEST_XDIST_WORKER" in os.environ else _creer_vite


def _creer_ou_copier(creation: Any, *arguments: Any, **options: Any) -> str:
    dossier = Path(os.environ["MARELLE_ESSAIS"])
    nom = creation._get_test_db_name()
    with _un_seul(dossier / "vierge.verrou"):
        if not (dossier / "vierge").exists():
            cree = _creer_vite(creation, *arguments, **options)
            _garder(creation, nom, dossier / "vierge")
            return str(cree)
        _copier(creation, nom, dossier / "vierge")
    settings.DATABASES[creation.connection.alias]["NAME"] = nom
    creation.connection.settings_dict["NAME"] = nom
    return str(nom)


def _creer_vite(creation: Any, *arguments: Any, **options: Any) -> str:
    """As Django does it, with the tables made before it asks for the migrations."""
    creer_vide = creation._create_test_db

    def creer(*arguments: Any, **options: Any) -> Any:
        cree = creer_vide(*arguments, **options)
        creation.connection.close()
        creation.connection.settings_dict["NAME"] = creation._get_test_db_name()
        creer_les_tables()
        return cree

    creation._create_test_db = creer
    return str(_creer(creation, *arguments, **options))


@contextmanager
def _un_seul(verrou: Path) -> Iterator[None]:
    with verrou.open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield


def _garder(creation: Any, nom: str, modele: Path) -> None:
    if creation.connection.vendor == "sqlite":
        # Never by reading the file: closing it would drop the locks that this process holds on it (fcntl).
        with creation.connection.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [str(modele)])
        return
    creation.connection.close()
    with creation._nodb_cursor() as curseur:
        curseur.execute(f'CREATE DATABASE "{_nom_du_modele(nom)}" TEMPLATE "{nom}"')
    modele.write_text(_nom_du_modele(nom))


def _copier(creation: Any, nom: str, modele: Path) -> None:
    creation.connection.close()
    if creation.connection.vendor == "sqlite":
        shutil.copyfile(modele, nom)
        return
    with creation._nodb_cursor() as curseur:
        curseur.execute(f'DROP DATABASE IF EXISTS "{nom}"')
        curseur.execute(f'CREATE DATABASE "{nom}" TEMPLATE "{modele.read_text()}"')


def _nom_du_modele(nom: str) -> str:
    return f"{nom}_vierge"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run, not one of its workers, throws the model away."""
    modele = Path(os.environ["MARELLE_ESSAIS"]) / "vierge"
    if hasattr(session.config, "workerinput") or not modele.exists() or connection.vendor == "sqlite":
        return
    parametres = connection.get_connection_params() | {"dbname": "postgres"}
    parametres = {cle: parametres[cle] for cle in ("dbname", "user", "password", "host", "port") if cle in parametres}
    with psycopg.connect(**parametres, autocommit=True) as serveur:
        serveur.execute(f'DROP DATABASE IF EXISTS "{modele.read_text()}"')
