import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comptes', '0003_role_regie'),
        ('familles', '0002_situation'),
        ('reservations', '0004_pointage'),
        ('tarification', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DerogationTarifaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sorte', models.CharField(choices=[('residence', 'Tarif des habitants'), ('dispense', 'Dispense de justificatif d’absence')], max_length=10, verbose_name='sorte')),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('du', models.DateField(verbose_name='valable du')),
                ('au', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                ('motif', models.CharField(max_length=200, verbose_name='raison')),
                ('accordee_le', models.DateTimeField(auto_now_add=True, verbose_name='accordée le')),
                ('annulee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='annulée le')),
                ('annulee_motif', models.CharField(blank=True, default='', max_length=200, verbose_name='motif de l’annulation')),
                ('accordee_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='comptes.agent', verbose_name='accordée par')),
                ('enfant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derogations', to='familles.famille', verbose_name='famille')),
            ],
            options={
                'verbose_name': 'dérogation tarifaire',
                'verbose_name_plural': 'dérogations tarifaires',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('au__isnull', True), ('au__gte', models.F('du')), _connector='OR'), name='derogation_dans_l_ordre', violation_error_message='La fin vient après le début.'), models.CheckConstraint(condition=models.Q(models.Q(('motif', ''), _negated=True), models.Q(('annulee_le__isnull', True), models.Q(('annulee_motif', ''), _negated=True), _connector='OR')), name='derogation_dit_pourquoi', violation_error_message='Dites pourquoi.')],
            },
        ),
        migrations.CreateModel(
            name='QuotientRetenu',
            fields=[
                ('reservation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='quotient_retenu', serialize=False, to='reservations.reservation', verbose_name='réservation')),
                ('valeur', models.PositiveIntegerField(blank=True, null=True, verbose_name='quotient familial')),
                ('retenu_le', models.DateTimeField(verbose_name='demandée le')),
                ('deliberation', models.CharField(blank=True, default='', max_length=200, verbose_name='délibération')),
                ('quotient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retenus', to='tarification.quotientfamilial', verbose_name='saisie')),
            ],
            options={
                'verbose_name': 'quotient retenu',
                'verbose_name_plural': 'quotients retenus',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quotient__isnull', True), ('valeur__isnull', True)), models.Q(('quotient__isnull', False), ('valeur__isnull', False)), _connector='OR'), name='quotient_retenu_avec_sa_saisie', violation_error_message='Un quotient retenu vient d’une saisie.')],
            },
        ),
        migrations.AddField(
            model_name='quotientfamilial',
            name='fournisseur',
            field=models.CharField(blank=True, choices=[('CNAF', 'Caf'), ('MSA', 'MSA')], default='', max_length=4, verbose_name='fournisseur'),
        ),
        migrations.AddField(
            model_name='quotientfamilial',
            name='mois',
            field=models.DateField(blank=True, null=True, verbose_name='mois du quotient'),
        ),
        migrations.AddField(
            model_name='quotientfamilial',
            name='rappele_le',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='fin rappelée le'),
        ),
        migrations.AddField(
            model_name='quotientfamilial',
            name='responsable',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='familles.responsable', verbose_name='adulte interrogé'),
        ),
        migrations.AlterField(
            model_name='quotientfamilial',
            name='source',
            field=models.CharField(choices=[('cdap', 'Relevé sur CDAP'), ('attestation', 'Attestation Caf ou MSA'), ('avis', 'Calculé sur l’avis d’imposition'), ('declare', 'Déclaré, sans justificatif'), ('api', 'Lu auprès de la Caf ou de la MSA')], max_length=12, verbose_name='source'),
        ),
    ]
