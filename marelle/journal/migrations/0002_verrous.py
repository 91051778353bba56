from django.db import migrations

from marelle.journal import verrous


class Migration(migrations.Migration):
    """Append-only is held by the database itself, not only by the code."""

    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(verrous.poser, verrous.lever)]
