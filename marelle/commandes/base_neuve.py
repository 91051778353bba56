"""An empty database receives its tables as the models of this version say them, without living all the past of the portal again.

Each of a hundred migrations draws the models that are related to what it changes, which is nearly all of them: ten times the
work. What models do not say (locks of the tables that only grow, the counter's table) is done by the very functions that the
migrations call. All of them are then noted as done: from there on the database is like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL

if TYPE_CHECKING:
    from django.db.migrations.state import StateApps


def creer_les_tables() -> bool:
    """Make the tables where there is none at all; say whether it was done. All or nothing."""
    if connection.introspection.table_names():
        return False
    executant: Any = MigrationExecutor(connection)  # its types are those of an older one
    passees = [migration for migration, _ in executant.migration_plan(executant.loader.graph.leaf_nodes())]
    with connection.schema_editor() as redacteur:
        for modele in apps.get_models():
            if modele._meta.managed and not modele._meta.proxy:
                redacteur.create_model(modele)
        for migration in passees:
            _rejouer(migration, redacteur)
            executant.record_migration(migration)
    return True


def _rejouer(migration: Migration, redacteur: Any) -> None:
    """What a migration of ours does besides its tables. Those of the libraries change rows only, and there is none."""
    for operation in migration.operations if type(migration).__module__.startswith("marelle.") else ():
        if isinstance(operation, RunSQL):
            raise NotImplementedError(f"{migration} : du SQL à dire autrement, par une fonction.")
        if isinstance(operation, RunPython):
            operation.code(cast("StateApps", apps), redacteur)
