import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("familles", "0001_initial"),
        ("reservations", "0002_absence"),
    ]

    operations = [
        migrations.CreateModel(
            name="FluxAgenda",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte du secret")),
                ("cree_le", models.DateTimeField(auto_now=True, verbose_name="créé le")),
                (
                    "famille",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flux_agenda",
                        to="familles.famille",
                        verbose_name="famille",
                    ),
                ),
            ],
            options={"verbose_name": "flux d’agenda"},
        ),
    ]
