from django.db import migrations, models

from marelle.regie import verrous


class Migration(migrations.Migration):
    """A mandate used elsewhere before says until when; the new column is frozen like the others."""

    dependencies = [("regie", "0002_verrous")]

    operations = [
        migrations.AddField(
            model_name="mandatsepa",
            name="dernier_ailleurs_le",
            field=models.DateField(blank=True, null=True, verbose_name="dernier prélèvement fait ailleurs le"),
        ),
        migrations.RunPython(verrous.poser, verrous.lever),
    ]
