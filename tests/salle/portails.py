"""A collectivité is loaded once a run for the school years that are open; its rows are kept in a file, and put back in the
empty tables of the tests that need it, whichever worker runs them.

Loading opens some two thousand jauges through the product: half of the suite's time, when each test did it again.
"""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from django.apps import apps
from django.db import connection, transaction

from marelle.chargement import annees_a_ouvrir, charger
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.socle.memoire import oublier

from .vidange import remplies


@dataclass(frozen=True)
class Cliche:
    """The rows that loading wrote, by table, as the database keeps them, and the instant of the loading."""

    instant: datetime
    tables: dict[str, Any]


# What loading writes depends on the day by the school years that it opens only.
_cliches: dict[tuple[str, tuple[int, ...]], Cliche] = {}
ENTIERS = {20, 23}  # PostgreSQL's numbers for bigint and integer
_suites: dict[str, bool] = {}  # whether PostgreSQL numbers the rows of this table


def portail_charge(dossier: Path) -> None:
    """The collectivité of that folder, as `charger` leaves it."""
    cle = (dossier.name, tuple(annees_a_ouvrir(aujourdhui())))
    cliche = _cliches.get(cle) or _lire_le_fichier(cle)
    if cliche is not None and not remplies(cliche.tables):
        _cliches[cle] = cliche
        _remettre(cliche)
    else:
        tables = _nos_tables()
        avant = set(remplies(tables))
        instant = maintenant()
        with time_machine.travel(instant, tick=False):  # one instant for all: it will be replaced
            charger(dossier)
        if all(table.startswith("comptes_") for table in avant):  # loading neither reads nor changes accounts
            _cliches[cle] = Cliche(instant, {t: _lire(t) for t in remplies(tables) if t not in avant})
            _ecrire_le_fichier(cle, _cliches[cle])
    oublier()


def _fichier(cle: tuple[str, tuple[int, ...]]) -> Path:
    nom = "-".join([connection.vendor, cle[0], *map(str, cle[1])])
    return Path(os.environ["MARELLE_ESSAIS"]) / f"portail-{nom}"


def _lire_le_fichier(cle: tuple[str, tuple[int, ...]]) -> Cliche | None:
    try:
        lu: Cliche = pickle.loads(_fichier(cle).read_bytes())
    except FileNotFoundError:
        return None
    return lu


def _ecrire_le_fichier(cle: tuple[str, tuple[int, ...]], cliche: Cliche) -> None:
    brouillon = _fichier(cle).with_suffix(f".{os.getpid()}")
    brouillon.write_bytes(pickle.dumps(cliche))
    brouillon.rename(_fichier(cle))


def _nos_tables() -> list[str]:
    modeles = (m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("marelle."))
    return [modele._meta.db_table for modele in modeles if modele._meta.managed and not modele._meta.proxy]


def _lire(table: str) -> Any:
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            with curseur.copy(f'COPY "{table}" TO STDOUT') as copie:
                return b"".join(bytes(bloc) for bloc in copie)
        curseur.execute(f'SELECT * FROM "{table}" LIMIT 0')
        # « + » takes off the declared type: the value comes as it is kept, and goes back the same.
        colonnes = ", ".join(f'+"{colonne[0]}"' for colonne in curseur.description)
        curseur.execute(f'SELECT {colonnes} FROM "{table}"')
        return curseur.fetchall()


def _remettre(cliche: Cliche) -> None:
    """Instants written at the loading become those of now; the rest is what it was."""
    avant, apres = _dit(cliche.instant.astimezone(UTC)), _dit(maintenant().astimezone(UTC))
    with transaction.atomic(), connection.cursor() as curseur:  # keys are checked at its end
        if connection.vendor == "postgresql":
            _copier(curseur, {t: lignes.replace(avant.encode(), apres.encode()) for t, lignes in cliche.tables.items()})
            return
        for table, lignes in cliche.tables.items():
            places = ", ".join(["%s"] * len(lignes[0]))
            datees = [tuple(apres if v == avant else v for v in ligne) if avant in ligne else ligne for ligne in lignes]
            curseur.executemany(f'INSERT INTO "{table}" VALUES ({places})', datees)


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


def _dit(instant: datetime) -> str:
    """As both databases write it, in UTC."""
    return f"{instant:%Y-%m-%d %H:%M:%S}" + (f".{instant:%f}".rstrip("0") if instant.microsecond else "")
