"""A collectivité is loaded once a run for the school years that are open; its rows are kept in a file, and put back in the
empty tables of the tests that need it, whichever worker runs them.

Loading opens some two thousand jauges through the product: half of the suite's time, when each test did it again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from django.apps import apps
from django.db import connection, transaction

from marelle.chargement import annees_a_ouvrir, charger
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.socle.memoire import oublier

from . import cliche_postgres, cliche_sqlite
from .vidange import remplies


def portail_charge(dossier: Path) -> None:
    """The collectivité of that folder, as `charger` leaves it: instants written at the loading become those of now."""
    cliche = cliche_postgres if connection.vendor == "postgresql" else cliche_sqlite
    fichier = _fichier(dossier)
    if fichier.exists() and not remplies(cliche.tables(fichier)):
        # A row may come before the one it names: tests of pages have no transaction of their own.
        with transaction.atomic():
            cliche.remettre(fichier, _dit(maintenant()))
    else:
        tables = _nos_tables()
        avant = set(remplies(tables))
        instant = maintenant()
        with time_machine.travel(instant, tick=False):  # one instant for all: it will be replaced
            charger(dossier)
        if all(table.startswith("comptes_") for table in avant):  # loading neither reads nor changes accounts
            brouillon = fichier.with_suffix(f".{os.getpid()}")
            cliche.ecrire(brouillon, _dit(instant), [table for table in remplies(tables) if table not in avant])
            with suppress(FileExistsError):  # another worker was first: what it wrote is being read
                fichier.hardlink_to(brouillon)
            brouillon.unlink()
    oublier()


def _fichier(dossier: Path) -> Path:
    """What loading writes depends on the day by the school years that it opens only."""
    nom = "-".join([connection.vendor, dossier.name, *map(str, annees_a_ouvrir(aujourdhui()))])
    return Path(os.environ["MARELLE_ESSAIS"]) / f"portail-{nom}"


def _nos_tables() -> list[str]:
    modeles = (m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("marelle."))
    return [modele._meta.db_table for modele in modeles if modele._meta.managed and not modele._meta.proxy]


def _dit(instant: datetime) -> str:
    """As both databases write it."""
    en_utc = instant.astimezone(UTC)
    return f"{en_utc:%Y-%m-%d %H:%M:%S}" + (f".{en_utc:%f}".rstrip("0") if en_utc.microsecond else "")
