from django.db import migrations

from marelle.tresor import verrous


class Migration(migrations.Migration):
    """What has gone to the accountant is frozen by the database itself."""

    dependencies = [("tresor", "0001_initial")]

    operations = [migrations.RunPython(verrous.poser, verrous.lever)]
