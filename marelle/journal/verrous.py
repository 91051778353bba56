"""The locks of the journal in the database: triggers that refuse to rewrite an entry or to delete it before its time.

Two things pass: forgetting the account (`acteur_id` becomes null when it is deleted), and deleting a reading of a health
sheet older than a year. SQLite rebuilds a table when one of its columns changes, and loses its triggers then: a later
migration that alters `Entree` must end with `RunPython(verrous.poser, verrous.lever)`.
"""

from datetime import timedelta
from typing import Any

CONSERVATION_SANTE = timedelta(days=365)
_COLONNES = ("id", "quand", "acteur_nom", "action", "objet_type", "objet_id", "dossier", "details", "adresse_ip")
_PHRASE = "Le journal ne se modifie pas"

_POSER = {
    "sqlite": [
        f"""CREATE TRIGGER journal_sans_modification BEFORE UPDATE OF {", ".join(_COLONNES)} ON journal_entree
            BEGIN SELECT RAISE(ABORT, '{_PHRASE}'); END""",
        f"""CREATE TRIGGER journal_acteur_seulement_oublie BEFORE UPDATE OF acteur_id ON journal_entree
            WHEN NEW.acteur_id IS NOT NULL AND NEW.acteur_id IS NOT OLD.acteur_id
            BEGIN SELECT RAISE(ABORT, '{_PHRASE}'); END""",
        f"""CREATE TRIGGER journal_sans_suppression BEFORE DELETE ON journal_entree
            WHEN OLD.action <> 'sante.lecture' OR OLD.quand > datetime('now', '-{CONSERVATION_SANTE.days} days')
            BEGIN SELECT RAISE(ABORT, '{_PHRASE}'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION journal_refuser() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'UPDATE' AND NEW.acteur_id IS NULL
                 AND to_jsonb(NEW) - 'acteur_id' = to_jsonb(OLD) - 'acteur_id' THEN RETURN NEW; END IF;
              IF TG_OP = 'DELETE' AND OLD.action = 'sante.lecture'
                 AND OLD.quand <= now() - interval '{CONSERVATION_SANTE.days} days' THEN RETURN OLD; END IF;
              RAISE EXCEPTION '{_PHRASE}' USING ERRCODE = 'restrict_violation';
            END $$""",
        """CREATE TRIGGER journal_sans_modification BEFORE UPDATE ON journal_entree
            FOR EACH ROW EXECUTE FUNCTION journal_refuser()""",
        """CREATE TRIGGER journal_sans_suppression BEFORE DELETE ON journal_entree
            FOR EACH ROW EXECUTE FUNCTION journal_refuser()""",
    ],
}
_LEVER = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS journal_sans_modification",
        "DROP TRIGGER IF EXISTS journal_acteur_seulement_oublie",
        "DROP TRIGGER IF EXISTS journal_sans_suppression",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS journal_sans_modification ON journal_entree",
        "DROP TRIGGER IF EXISTS journal_sans_suppression ON journal_entree",
        "DROP FUNCTION IF EXISTS journal_refuser()",
    ],
}


def poser_sur(connexion: Any) -> None:
    """Create the triggers; those that stand already are replaced."""
    lever_sur(connexion)
    _executer(connexion, _POSER)


def lever_sur(connexion: Any) -> None:
    """Drop the triggers: the way back of the migration, and what a test database needs before it is emptied."""
    _executer(connexion, _LEVER)


def _executer(connexion: Any, ordres: dict[str, list[str]]) -> None:
    with connexion.cursor() as curseur:
        for ordre in ordres[connexion.vendor]:
            curseur.execute(ordre)


def poser(_apps: Any, schema_editor: Any) -> None:
    """`poser_sur`, for a migration."""
    poser_sur(schema_editor.connection)


def lever(_apps: Any, schema_editor: Any) -> None:
    """`lever_sur`, for the way back of a migration."""
    lever_sur(schema_editor.connection)
