from django.db import migrations

from marelle.creances import verrous


class Migration(migrations.Migration):
    """What is issued or received is frozen by the database itself."""

    dependencies = [("creances", "0001_initial")]

    operations = [migrations.RunPython(verrous.poser, verrous.lever)]
