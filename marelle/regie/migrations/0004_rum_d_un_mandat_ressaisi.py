from django.db import migrations, models

from marelle.regie import verrous


class Migration(migrations.Migration):
    """A mandate held for void by mistake is entered again with its RUM: one in force for each, no longer one row for ever."""

    dependencies = [
        ("comptes", "0003_role_regie"),
        ("creances", "0003_pays"),
        ("regie", "0003_dernier_prelevement_ailleurs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mandatsepa",
            name="rum",
            field=models.CharField(db_index=True, max_length=35, verbose_name="référence unique du mandat (RUM)"),
        ),
        migrations.AddConstraint(
            model_name="mandatsepa",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoque_le__isnull", True)),
                fields=("rum",),
                name="une_rum_en_vigueur",
                violation_error_message="Cette référence est celle d’un autre mandat.",
            ),
        ),
        migrations.RunPython(verrous.poser, verrous.lever),
    ]
