"""Tables that the database itself refuses to rewrite: triggers against UPDATE and DELETE, put by a migration.

SQLite rebuilds a table when one of its columns changes, and loses its triggers then: a later migration that alters a
locked table must end with `migrations.RunPython(verrous.poser, verrous.lever)` again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TOUTES: list[Verrou] = []


@dataclass(frozen=True, slots=True)
class Verrou:
    """One table that only grows. `libres`: the columns that may still change (empty: none). `phrase`: what is answered."""

    table: str
    phrase: str
    libres: tuple[str, ...] = ()

    def poser_sur(self, connexion: Any) -> None:
        """Create the triggers; those that stand already are replaced."""
        self.lever_sur(connexion)
        with connexion.cursor() as curseur:
            for ordre in self._poser(connexion.vendor, _colonnes(curseur, connexion, self.table)):
                curseur.execute(ordre)

    def lever_sur(self, connexion: Any) -> None:
        """Drop the triggers."""
        with connexion.cursor() as curseur:
            if connexion.vendor == "sqlite":
                curseur.execute(f"DROP TRIGGER IF EXISTS {self.table}_fige")
                curseur.execute(f"DROP TRIGGER IF EXISTS {self.table}_garde")
            else:
                curseur.execute(f"DROP TRIGGER IF EXISTS {self.table}_fige ON {self.table}")
                curseur.execute(f"DROP FUNCTION IF EXISTS {self.table}_refuser()")

    def _poser(self, vendor: str, colonnes: list[str]) -> list[str]:
        figees = sorted(set(colonnes) - set(self.libres))  # whatever order a past of changes left them in
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {self.table}_fige BEFORE UPDATE OF {', '.join(figees)} ON {self.table} "
                f"BEGIN SELECT RAISE(ABORT, '{self.phrase}'); END",
                f"CREATE TRIGGER {self.table}_garde BEFORE DELETE ON {self.table} "
                f"BEGIN SELECT RAISE(ABORT, '{self.phrase}'); END",
            ]
        egales = " AND ".join(f"NEW.{nom} IS NOT DISTINCT FROM OLD.{nom}" for nom in figees)
        return [
            f"CREATE FUNCTION {self.table}_refuser() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF {egales} THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION '{self.phrase}' USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE TRIGGER {self.table}_fige BEFORE UPDATE OR DELETE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.table}_refuser()",
        ]


class Verrous:
    """The locked tables of one app; `poser` and `lever` are the two ways of a migration."""

    def __init__(self, *verrous: Verrou) -> None:
        self.verrous = verrous
        TOUTES.extend(verrous)

    def poser(self, _apps: Any, schema_editor: Any) -> None:
        for verrou in self.verrous:
            verrou.poser_sur(schema_editor.connection)

    def lever(self, _apps: Any, schema_editor: Any) -> None:
        for verrou in self.verrous:
            verrou.lever_sur(schema_editor.connection)


def _colonnes(curseur: Any, connexion: Any, table: str) -> list[str]:
    return [colonne.name for colonne in connexion.introspection.get_table_description(curseur, table)]
