"""The rows that loading a collectivité wrote, in an SQLite file of their own, that every test database can be joined to: putting
four thousand rows back is then one statement a table, a third of the time that Python takes to bring them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from django.db import OperationalError, connection

A_LA_FOIS = 8  # SQLite joins ten files at most
REDATE = "CASE {0} WHEN %s THEN %s ELSE {0} END"


def ecrire(fichier: Path, instant: str, tables: Sequence[str]) -> None:
    """Keep the rows of these tables, as they are stored; `instant` is what they say of when they were written."""
    with closing(sqlite3.connect(fichier)) as base, base:
        dates = {table: _copier(base, table, instant) for table in tables}
        base.execute("CREATE TABLE cliche (instant, dates)")
        base.execute("INSERT INTO cliche VALUES (?, ?)", [instant, json.dumps(dates)])


def _copier(base: sqlite3.Connection, table: str, instant: str) -> Mapping[str, bool]:
    """For each column of the table, in their order, whether it says that instant somewhere."""
    with connection.cursor() as curseur:
        curseur.execute(f'SELECT * FROM "{table}" LIMIT 0')
        noms = [colonne[0] for colonne in curseur.description]
        # « + » takes off the declared type: the value comes as it is kept, and goes back the same.
        lignes = curseur.execute(f'SELECT {", ".join(f"+{_cite(nom)}" for nom in noms)} FROM "{table}"').fetchall()
    base.execute(f'CREATE TABLE "{table}" ({", ".join(map(_cite, noms))})')
    base.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(noms))})', lignes)
    return {nom: any(ligne[rang] == instant for ligne in lignes) for rang, nom in enumerate(noms)}


def tables(fichier: Path) -> list[str]:
    """Those that have rows in this file, in the order in which they were written."""
    return list(_lire(fichier)[1])


def remettre(fichier: Path, instant: str) -> None:
    """Put the rows back, with `instant` for the one of the loading. In the transaction of whoever asks."""
    avant, dates = _lire(fichier)
    schema = _joindre(fichier)
    with connection.cursor() as curseur:
        for table, colonnes in dates.items():
            valeurs = [REDATE.format(_cite(nom)) if datee else _cite(nom) for nom, datee in colonnes.items()]
            curseur.execute(
                f'INSERT INTO main."{table}" SELECT {", ".join(valeurs)} FROM {schema}."{table}"',
                [avant, instant] * sum(colonnes.values()),
            )


_lus: dict[Path, tuple[str, dict[str, dict[str, bool]]]] = {}
_rangs = count()


def _lire(fichier: Path) -> tuple[str, dict[str, dict[str, bool]]]:
    if fichier not in _lus:
        with closing(sqlite3.connect(fichier)) as base:
            [(instant, dates)] = base.execute("SELECT instant, dates FROM cliche")
        _lus[fichier] = instant, json.loads(dates)
    return _lus[fichier]


def _joindre(fichier: Path) -> str:
    """The name under which this connection knows the file. Those of other tests are let go where there are too many."""
    with connection.cursor() as curseur:
        joints = {chemin: nom for _, nom, chemin in curseur.execute("PRAGMA database_list").fetchall()}
        if nom := joints.get(str(fichier)):
            return str(nom)
        noms = [un for un in joints.values() if un.startswith("cliche_")]
        for autre in noms if len(noms) >= A_LA_FOIS else ():
            with suppress(OperationalError):  # one that this very test has read
                curseur.execute(f"DETACH {autre}")
        nom = f"cliche_{next(_rangs)}"
        # Nobody writes in it any more: no lock is needed to read it.
        curseur.execute(f"ATTACH %s AS {nom}", [f"file:{fichier}?immutable=1"])
        return nom


def _cite(nom: str) -> str:
    return f'"{nom}"'
