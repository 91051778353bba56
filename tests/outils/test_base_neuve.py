"""A new database, made at once from the models, is the one that all migrations would have left: to the last constraint."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations import Migration, RunSQL

from marelle.commandes import base_neuve
from tests.salle.processus import RACINE

pytestmark = pytest.mark.processus
# What PostgreSQL says of itself: columns in the order of their names, whatever the order in which they came. Django numbers the
# links of its own groups, which nobody uses here, in 8 bytes when it migrates and in 4 when it reads its models.
CATALOGUE = {
    "colonnes": """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity,
        collation_name FROM information_schema.columns WHERE table_schema = 'public'
        AND (table_name, column_name) <> ('auth_group_permissions', 'id') ORDER BY 1, 2""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "contraintes": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "verrous": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "fonctions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
}
LIGNES = {
    "migrations": "SELECT app, name FROM django_migrations ORDER BY 1, 2",
    "types": "SELECT app_label, model FROM django_content_type ORDER BY 1, 2",
    "droits": "SELECT codename, name FROM auth_permission ORDER BY 1, 2",
}


@pytest.fixture
def migree(db: None, environnement_nu: dict[str, str], tmp_path: Path) -> Iterator[Any]:
    """A connection to a database that has gone through every migration, from the first one."""
    nom, adresse = str(tmp_path / "var" / "portail.sqlite3"), ""
    if connection.vendor == "postgresql":
        serveur, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        nom = f"marelle_migree_{secrets.token_hex(4)}"
        adresse = f"{serveur}/{nom}"
        _au_serveur(f'CREATE DATABASE "{nom}"')
    try:
        migrer = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrer, cwd=RACINE, env={**environnement_nu, "DATABASE_URL": adresse}, check=True)
        autre = connection.copy("migree")
        autre.settings_dict["NAME"] = nom
        with closing(autre):
            yield autre
    finally:
        if adresse:
            _au_serveur(f'DROP DATABASE IF EXISTS "{nom}"')


def _au_serveur(ordre: str) -> None:
    with connection.copy()._nodb_cursor() as curseur:
        curseur.execute(ordre)


def test_elle_est_celle_que_les_migrations_laissent(migree: Any) -> None:
    """The database of the tests was made from the models (tests/salle/vierge.py)."""
    dit, attendu = _dire(connection), _dire(migree)
    for quoi, lus in attendu.items():
        assert dit[quoi] == lus, quoi
    assert len(attendu["migrations"]) > 90


def _dire(connexion: Any) -> dict[str, Any]:
    with connexion.cursor() as curseur:
        dit = {}
        for quoi, requete in (LIGNES if connexion.vendor == "sqlite" else LIGNES | CATALOGUE).items():
            curseur.execute(requete)
            dit[quoi] = curseur.fetchall()
        if connexion.vendor == "sqlite":
            curseur.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
            dit["tables"] = sorted((*ligne[:3], *_morceaux(ligne[3])) for ligne in curseur.fetchall())
        return dit


def _morceaux(sql: str) -> list[str]:
    """The columns and constraints of a table, in the order of their names: what is between the commas of its first brackets."""
    tete, _, corps = (sql or "").partition("(")
    if not tete.upper().startswith("CREATE TABLE"):
        return [sql]
    profondeur, morceaux = 0, [""]
    for signe in corps.rpartition(")")[0]:
        profondeur += (signe == "(") - (signe == ")")
        if signe == "," and not profondeur:
            morceaux.append("")
        else:
            morceaux[-1] += signe
    return [tete, *sorted(re.sub(r"\s+", " ", un).strip() for un in morceaux)]


def test_une_base_qui_a_deja_une_table_suit_les_migrations(db: None) -> None:
    assert base_neuve.creer_les_tables() is False


def test_du_sql_dans_une_migration_de_ce_projet_se_dit(db: None) -> None:
    """It would be missing from new databases, and from them only."""
    migration = type("Migration", (Migration,), {"__module__": "marelle.essai", "operations": [RunSQL("SELECT 1")]})
    with pytest.raises(NotImplementedError, match="0009_essai"):
        base_neuve._rejouer(migration("0009_essai", "essai"), None)
