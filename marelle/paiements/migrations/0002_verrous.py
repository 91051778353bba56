from django.db import migrations

from marelle.paiements import verrous


class Migration(migrations.Migration):
    """What was asked of PayFiP is frozen by the database itself."""

    dependencies = [("paiements", "0001_initial")]

    operations = [migrations.RunPython(verrous.poser, verrous.lever)]
