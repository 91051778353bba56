import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activites', '0002_jauge_sans_activite'),
        ('demandes', '0003_alter_passage_verbe'),
        ('reservations', '0003_fluxagenda'),
    ]

    operations = [
        migrations.CreateModel(
            name='LigneDeBus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('places', models.PositiveIntegerField(default=0, verbose_name='places')),
                ('parties_aller', models.JSONField(default=list, verbose_name='parties de la journée au départ')),
                ('parties_retour', models.JSONField(default=list, verbose_name='parties de la journée au retour')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('activites', models.ManyToManyField(related_name='lignes_de_bus', to='activites.activite', verbose_name='activités desservies')),
            ],
            options={
                'verbose_name': 'ligne de bus',
                'ordering': ['ordre', 'nom'],
            },
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('jauge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='course', serialize=False, to='activites.jauge', verbose_name='places du bus')),
                ('sens', models.CharField(choices=[('aller', 'Départ'), ('retour', 'Retour')], max_length=6, verbose_name='sens')),
                ('date', models.DateField(verbose_name='date')),
                ('ligne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='courses', to='transport.lignedebus', verbose_name='ligne')),
            ],
            options={
                'verbose_name': 'course',
                'ordering': ['date', 'ligne_id', 'sens'],
                'constraints': [models.UniqueConstraint(fields=('ligne', 'date', 'sens'), name='une_course_par_ligne_jour_sens', violation_error_message='Ce bus circule déjà ce jour-là dans ce sens.')],
            },
        ),
        migrations.CreateModel(
            name='Arret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('heure_aller', models.TimeField(blank=True, null=True, verbose_name='heure au départ')),
                ('heure_retour', models.TimeField(blank=True, null=True, verbose_name='heure au retour')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('ligne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arrets', to='transport.lignedebus', verbose_name='ligne')),
            ],
            options={
                'verbose_name': 'arrêt',
                'ordering': ['ligne_id', 'ordre', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('ligne', 'code'), name='un_code_d_arret_par_ligne', violation_error_message='Cette ligne a déjà un arrêt de ce code.'), models.CheckConstraint(condition=models.Q(('heure_aller__isnull', False), ('heure_retour__isnull', False), _connector='OR'), name='un_arret_a_une_heure', violation_error_message='Le bus s’arrête là au départ ou au retour : donnez une heure.')],
            },
        ),
        migrations.CreateModel(
            name='Trajet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('aller', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transport.course', verbose_name='aller')),
                ('arret_aller', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transport.arret', verbose_name='arrêt du départ')),
                ('arret_retour', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transport.arret', verbose_name='arrêt du retour')),
                ('jour', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='trajet', to='demandes.jourdemande', verbose_name='jour demandé')),
                ('reservation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='trajet', to='reservations.reservation', verbose_name='réservation')),
                ('retour', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='transport.course', verbose_name='retour')),
            ],
            options={
                'verbose_name': 'trajet',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('aller__isnull', False), ('retour__isnull', False), _connector='OR'), name='un_trajet_va_ou_revient', violation_error_message='Un trajet a un arrêt de départ ou de retour.'), models.CheckConstraint(condition=models.Q(models.Q(('aller__isnull', True), ('arret_aller__isnull', True)), models.Q(('aller__isnull', False), ('arret_aller__isnull', False)), _connector='OR'), name='un_trajet_monte_a_un_arret', violation_error_message='Au départ, l’enfant monte à un arrêt.'), models.CheckConstraint(condition=models.Q(models.Q(('arret_retour__isnull', True), ('retour__isnull', True)), models.Q(('arret_retour__isnull', False), ('retour__isnull', False)), _connector='OR'), name='un_trajet_descend_a_un_arret', violation_error_message='Au retour, l’enfant descend à un arrêt.')],
            },
        ),
    ]
