"""The rows that loading a collectivité wrote, as PostgreSQL copies them out, in a file that every worker of the run puts back."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction

ENTIERS = {20, 23}  # PostgreSQL's numbers for bigint and integer
_lus: dict[Path, tuple[str, dict[str, bytes]]] = {}
_suites: dict[str, bool] = {}  # whether PostgreSQL numbers the rows of this table


def ecrire(fichier: Path, instant: str, tables: Sequence[str]) -> None:
    """Keep the rows of these tables; `instant` is what they say of when they were written."""
    fichier.write_bytes(pickle.dumps((instant, {table: _copie(table) for table in tables})))


def _copie(table: str) -> bytes:
    with connection.cursor() as curseur, curseur.copy(f'COPY "{table}" TO STDOUT') as copie:
        return b"".join(bytes(bloc) for bloc in copie)


def tables(fichier: Path) -> list[str]:
    """Those that have rows in this file, in the order in which they were written."""
    return list(_lire(fichier)[1])


def _lire(fichier: Path) -> tuple[str, dict[str, bytes]]:
    if fichier not in _lus:
        _lus[fichier] = pickle.loads(fichier.read_bytes())
    return _lus[fichier]


def remettre(fichier: Path, instant: str) -> None:
    """Put the rows back, with `instant` for the one of the loading."""
    avant, tables = _lire(fichier)
    with transaction.atomic(), connection.cursor() as curseur:
        _copier(curseur, {t: lignes.replace(avant.encode(), instant.encode()) for t, lignes in tables.items()})


def _copier(curseur: Any, tables: dict[str, bytes]) -> None:
    """Loading has checked these rows: neither triggers nor foreign keys look at them again, now and when the test ends."""
    curseur.execute("SET LOCAL session_replication_role = replica")
    for table, lignes in tables.items():
        with curseur.copy(f'COPY "{table}" FROM STDIN') as copie:
            copie.write(lignes)
        if table not in _suites:
            curseur.execute(f'SELECT * FROM "{table}" LIMIT 0')
            # Where there is no such column, the key is another table's.
            _suites[table] = any(c.name == "id" and c.type_code in ENTIERS for c in curseur.description)
    curseur.execute("SET LOCAL session_replication_role = origin")
    apres = "setval(pg_get_serial_sequence('\"{0}\"', 'id'), (SELECT max(id) FROM \"{0}\"))"
    if suites := [apres.format(table) for table in tables if _suites[table]]:
        curseur.execute(f"SELECT {', '.join(suites)}")
