from django.db import migrations

from marelle.regie import verrous


class Migration(migrations.Migration):
    """What is closed, sent or handed over is frozen by the database itself."""

    dependencies = [("regie", "0001_initial")]

    operations = [migrations.RunPython(verrous.poser, verrous.lever)]
