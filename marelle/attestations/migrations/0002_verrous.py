from django.db import migrations

from marelle.attestations import verrous


class Migration(migrations.Migration):
    """A certificate that was given is frozen by the database itself."""

    dependencies = [("attestations", "0001_initial")]

    operations = [migrations.RunPython(verrous.poser, verrous.lever)]
