"""A collectivité is loaded once per worker and per day; its rows are kept, and put back in the empty tables of the next test.

Loading opens some two thousand jauges through the product: half of the suite's time, when each test did it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from marelle.chargement import charger
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.socle.memoire import oublier


@dataclass(frozen=True)
class Cliche:
    """The rows that loading wrote, by table, as the database keeps them, and the instant of the loading."""

    instant: datetime
    tables: dict[str, Any]


_cliches: dict[tuple[Path, date], Cliche] = {}


def portail_charge(dossier: Path) -> None:
    """The collectivité of that folder, as `charger` leaves it."""
    cle = (dossier, aujourdhui())
    cliche = _cliches.get(cle)
    if cliche is not None and not any(_est_remplie(table) for table in cliche.tables):
        _remettre(cliche)
    else:
        tables = _nos_tables()
        est_neuve = not any(_est_remplie(table) for table in tables)
        charger(dossier)
        if est_neuve:
            _cliches[cle] = Cliche(maintenant(), {t: _lire(t) for t in tables if _est_remplie(t)})
    oublier()


def _nos_tables() -> list[str]:
    modeles = (m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("marelle."))
    return [modele._meta.db_table for modele in modeles if modele._meta.managed and not modele._meta.proxy]


def _est_remplie(table: str) -> bool:
    with connection.cursor() as curseur:
        curseur.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
        return curseur.fetchone() is not None


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
    avant, apres = cliche.instant.astimezone(UTC), maintenant().astimezone(UTC)
    with transaction.atomic(), connection.cursor() as curseur:  # keys are checked at its end
        for table, lignes in cliche.tables.items():
            if connection.vendor == "postgresql":
                _copier(curseur, table, lignes.replace(_dit(avant).encode(), _dit(apres).encode()))
                continue
            places = ", ".join(["%s"] * len(lignes[0]))
            datees = [tuple(_dit(apres) if v == _dit(avant) else v for v in ligne) for ligne in lignes]
            curseur.executemany(f'INSERT INTO "{table}" VALUES ({places})', datees)


def _copier(curseur: Any, table: str, lignes: bytes) -> None:
    with curseur.copy(f'COPY "{table}" FROM STDIN') as copie:
        copie.write(lignes)
    curseur.execute(f'SELECT * FROM "{table}" LIMIT 0')
    if "id" not in {colonne.name for colonne in curseur.description}:  # its key is another table's
        return
    curseur.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
    if suite := curseur.fetchone()[0]:
        curseur.execute(f'SELECT setval(%s, (SELECT max(id) FROM "{table}"))', [suite])


def _dit(instant: datetime) -> str:
    """As both databases write it, in UTC."""
    return f"{instant:%Y-%m-%d %H:%M:%S}" + (f".{instant:%f}".rstrip("0") if instant.microsecond else "")
