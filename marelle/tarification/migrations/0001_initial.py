import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0002_compteur'),
        ('familles', '0002_situation'),
        ('pieces', '0003_document_du_centre'),
    ]

    operations = [
        migrations.CreateModel(
            name='TexteTarifs',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(verbose_name='texte')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('empreinte', models.CharField(db_index=True, max_length=64, verbose_name='empreinte')),
                ('charge_le', models.DateTimeField(auto_now_add=True, verbose_name='chargé le')),
            ],
            options={
                'verbose_name': 'tarifs',
                'verbose_name_plural': 'tarifs',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='QuotientFamilial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valeur', models.PositiveIntegerField(verbose_name='quotient familial')),
                ('source', models.CharField(choices=[('cdap', 'Relevé sur CDAP'), ('attestation', 'Attestation Caf ou MSA'), ('avis', 'Calculé sur l’avis d’imposition'), ('declare', 'Déclaré, sans justificatif')], max_length=12, verbose_name='source')),
                ('releve_le', models.DateField(verbose_name='relevé le')),
                ('valable_du', models.DateField(verbose_name='valable du')),
                ('valable_au', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                ('saisi_le', models.DateTimeField(auto_now_add=True, verbose_name='saisi le')),
                ('annule_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='annulé le')),
                ('annule_motif', models.CharField(blank=True, default='', max_length=200, verbose_name='motif de l’annulation')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotients', to='familles.famille', verbose_name='famille')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='pieces.piece', verbose_name='justificatif')),
                ('saisi_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='comptes.agent', verbose_name='saisi par')),
            ],
            options={
                'verbose_name': 'quotient familial',
                'verbose_name_plural': 'quotients familiaux',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valable_au__isnull', True), ('valable_au__gte', models.F('valable_du')), _connector='OR'), name='quotient_dans_l_ordre', violation_error_message='La fin de validité vient après le début.'), models.CheckConstraint(condition=models.Q(('valeur__lte', 99999)), name='quotient_vraisemblable', violation_error_message='Un quotient familial a cinq chiffres au plus.'), models.CheckConstraint(condition=models.Q(('annule_le__isnull', True), models.Q(('annule_motif', ''), _negated=True), _connector='OR'), name='un_quotient_annule_dit_pourquoi', violation_error_message='Dites pourquoi ce quotient est annulé.')],
            },
        ),
    ]
