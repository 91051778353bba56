"""The table of the shared cache that counts attempts (settings.CACHES): it must exist wherever migrations ran."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def creer_compteur(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("comptes", "0001_initial")]
    operations = [migrations.RunPython(creer_compteur, migrations.RunPython.noop, elidable=False)]
