import django.db.models.deletion
from django.db import migrations, models

from marelle.tresor import verrous


class Migration(migrations.Migration):
    """Which mandate debits a titre, and when: what makes it live on. SQLite rebuilds the table, its locks are put again."""

    dependencies = [
        ("creances", "0003_pays"),
        ("regie", "0003_dernier_prelevement_ailleurs"),
        ("tresor", "0002_verrous"),
    ]

    operations = [
        migrations.AddField(
            model_name="pieceexportee",
            name="mandat",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="pieces",
                to="regie.mandatsepa", verbose_name="mandat",
            ),
        ),
        migrations.AddField(
            model_name="pieceexportee",
            name="preleve_le",
            field=models.DateField(blank=True, null=True, verbose_name="prélevé le"),
        ),
        migrations.AddConstraint(
            model_name="pieceexportee",
            constraint=models.CheckConstraint(
                condition=models.Q(mandat__isnull=True, preleve_le__isnull=True)
                | models.Q(mandat__isnull=False, preleve_le__isnull=False),
                name="piece_prelevee_par_un_mandat",
            ),
        ),
        migrations.RunPython(verrous.poser, verrous.lever),
    ]
