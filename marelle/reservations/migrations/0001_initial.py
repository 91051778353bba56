import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activites', '0001_initial'),
        ('familles', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('etat', models.CharField(choices=[('reservee', 'Réservée'), ('annulee', 'Annulée'), ('annulee_centre', 'Annulée par le centre')], default='reservee', max_length=16, verbose_name='état')),
                ('est_directe', models.BooleanField(default=False, verbose_name='inscrite par le centre')),
                ('motif', models.CharField(blank=True, max_length=200, verbose_name='motif')),
                ('creee_le', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('activite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='activites.activite', verbose_name='activité')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='familles.famille', verbose_name='famille')),
                ('ouverture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='activites.ouverture', verbose_name='ouverture')),
            ],
            options={
                'verbose_name': 'réservation',
                'ordering': ['date', 'pk'],
                'indexes': [models.Index(fields=['enfant', 'date'], name='reservation_enfant_date'), models.Index(fields=['activite', 'date'], name='reservation_activite_date')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('etat', 'reservee')), fields=('enfant', 'ouverture'), name='un_enfant_reserve_une_fois', violation_error_message='Cet enfant est déjà inscrit ce jour-là.')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etat', models.CharField(choices=[('retenue', 'Retenue'), ('prise', 'Prise'), ('attente', 'En attente')], max_length=8, verbose_name='état')),
                ('reference', models.BigIntegerField(db_index=True, default=0, verbose_name='jour de demande')),
                ('ordre', models.BigIntegerField(default=0, verbose_name='ordre d’arrivée')),
                ('expire_le', models.DateTimeField(blank=True, null=True, verbose_name='expire le')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lignes_de_places', to='familles.enfant', verbose_name='enfant')),
                ('jauge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lignes', to='activites.jauge', verbose_name='jauge')),
                ('reservation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='lignes_de_places', to='reservations.reservation', verbose_name='réservation')),
            ],
            options={
                'verbose_name': 'place',
                'indexes': [models.Index(condition=models.Q(('etat', 'attente')), fields=['jauge', 'ordre'], name='place_en_attente'), models.Index(condition=models.Q(('expire_le__isnull', False)), fields=['expire_le'], name='place_qui_expire')],
                'constraints': [models.UniqueConstraint(fields=('jauge', 'enfant'), name='un_enfant_une_fois_par_jauge', violation_error_message='Cet enfant a déjà une place ou une demande sur ce moment de la journée.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'prise'), ('reservation__isnull', False)), models.Q(models.Q(('etat', 'prise'), _negated=True), ('reservation__isnull', True)), _connector='OR'), name='une_place_prise_a_sa_reservation', violation_error_message='Une place prise correspond à une réservation.')],
            },
        ),
    ]
