from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("demandes", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="demande",
            name="ensemble",
            field=models.UUIDField(
                editable=False,
                help_text="Les demandes qui portent la même clé se demandent pour tous les enfants, ou pour aucun.",
                null=True,
                verbose_name="ensemble sinon rien",
            ),
        ),
    ]
