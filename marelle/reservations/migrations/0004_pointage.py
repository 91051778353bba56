import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activites', '0002_jauge_sans_activite'),
        ('comptes', '0003_role_regie'),
        ('familles', '0002_situation'),
        ('reservations', '0003_fluxagenda'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pointage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('etat', models.CharField(choices=[('present', 'Présent'), ('absent_justifie', 'Absence justifiée'), ('absent_injustifie', 'Absent')], max_length=18, verbose_name='état')),
                ('arrivee', models.TimeField(blank=True, null=True, verbose_name='arrivée')),
                ('depart', models.TimeField(blank=True, null=True, verbose_name='départ')),
                ('sans_reservation', models.BooleanField(default=False, verbose_name='venu sans réservation')),
                ('minutes_de_retard', models.PositiveSmallIntegerField(default=0, verbose_name='minutes de retard')),
                ('saisi_le', models.DateTimeField(verbose_name='saisi le')),
                ('activite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pointages', to='activites.activite', verbose_name='activité')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pointages', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pointages', to='familles.famille', verbose_name='famille')),
                ('ouverture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pointages', to='activites.ouverture', verbose_name='ouverture')),
                ('saisi_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='saisi par')),
            ],
            options={
                'verbose_name': 'pointage',
                'ordering': ['date', 'pk'],
                'indexes': [models.Index(fields=['activite', 'date'], name='pointage_activite_date'), models.Index(fields=['enfant', 'date'], name='pointage_enfant_date')],
                'constraints': [models.UniqueConstraint(fields=('enfant', 'ouverture'), name='un_pointage_par_enfant_et_ouverture', violation_error_message='Cet enfant est déjà pointé.'), models.CheckConstraint(condition=models.Q(('etat', 'present'), models.Q(('arrivee__isnull', True), ('depart__isnull', True), ('sans_reservation', False)), _connector='OR'), name='un_absent_n_a_pas_d_heures', violation_error_message='Un enfant absent n’arrive ni ne part.'), models.CheckConstraint(condition=models.Q(('arrivee__isnull', True), ('depart__isnull', True), ('depart__gte', models.F('arrivee')), _connector='OR'), name='on_part_apres_etre_arrive', violation_error_message='Le départ vient avant l’arrivée.')],
            },
        ),
        migrations.AddField(
            model_name='absence',
            name='justification',
            field=models.CharField(blank=True, choices=[('', 'À examiner'), ('acceptee', 'Justifiée'), ('refusee', 'Non justifiée')], default='', max_length=8, verbose_name='justification'),
        ),
        migrations.AddField(
            model_name='absence',
            name='justifiee_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='examinée le'),
        ),
        migrations.AddField(
            model_name='absence',
            name='justifiee_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='examinée par'),
        ),
        migrations.AddField(
            model_name='absence',
            name='preuve_recue_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='justificatif reçu le'),
        ),
        migrations.AddField(
            model_name='absence',
            name='refus',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='pourquoi elle n’est pas justifiée'),
        ),
        migrations.AlterField(
            model_name='absence',
            name='declaree_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='déclarée le'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('justification', 'acceptee'), _negated=True), ('preuve_recue_le__isnull', False), _connector='OR'), name='absence_justifiee_a_sa_preuve', violation_error_message='Une absence justifiée a la date de son justificatif.'),
        ),
    ]
