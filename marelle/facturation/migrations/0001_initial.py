import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0003_role_regie'),
        ('creances', '0002_verrous'),
        ('familles', '0002_situation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campagne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=120, verbose_name='libellé')),
                ('debut', models.DateField(verbose_name='du')),
                ('fin', models.DateField(verbose_name='au')),
                ('activites', models.JSONField(default=list, verbose_name='activités')),
                ('familles', models.JSONField(blank=True, default=list, verbose_name='familles')),
                ('moment', models.CharField(choices=[('apres', 'Après les journées'), ('avance', 'D’avance')], default='apres', max_length=8, verbose_name='moment')),
                ('date_emission', models.DateField(verbose_name='date des factures')),
                ('date_echeance', models.DateField(verbose_name='à payer avant le')),
                ('etat', models.CharField(choices=[('brouillon', 'À vérifier'), ('emission', 'En cours d’émission'), ('emise', 'Émise'), ('abandonnee', 'Abandonnée')], default='brouillon', max_length=10, verbose_name='état')),
                ('creee_le', models.DateTimeField(verbose_name='préparée le')),
                ('calculee_le', models.DateTimeField(blank=True, null=True, verbose_name='calculée le')),
                ('lancee_le', models.DateTimeField(blank=True, null=True, verbose_name='émission lancée le')),
                ('emise_le', models.DateTimeField(blank=True, null=True, verbose_name='émise le')),
                ('creee_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='préparée par')),
                ('lancee_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='émise par')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campagnes', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'facturation',
                'ordering': ['-creee_le', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__gte', models.F('debut'))), name='campagne_dans_l_ordre', violation_error_message='La période finit après avoir commencé.'), models.CheckConstraint(condition=models.Q(('date_echeance__gte', models.F('date_emission'))), name='campagne_echeance_apres_emission', violation_error_message='L’échéance vient après la date des factures.')],
            },
        ),
        migrations.CreateModel(
            name='FacturePrevue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(blank=True, default='', max_length=200, verbose_name='nom')),
                ('montant_centimes', models.BigIntegerField(default=0, verbose_name='montant')),
                ('lignes', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('precedent_centimes', models.BigIntegerField(blank=True, null=True, verbose_name='dernière facture')),
                ('anomalies', models.JSONField(default=list, verbose_name='anomalies')),
                ('gravite', models.PositiveSmallIntegerField(default=0, verbose_name='gravité')),
                ('etat', models.CharField(choices=[('prevue', 'À émettre'), ('ecartee', 'Mise de côté'), ('emise', 'Émise'), ('reportee', 'Reportée')], default='prevue', max_length=8, verbose_name='état')),
                ('motif', models.CharField(blank=True, default='', max_length=200, verbose_name='motif')),
                ('campagne', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prevues', to='facturation.campagne', verbose_name='facturation')),
                ('facture', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prevue', to='creances.facture', verbose_name='facture')),
                ('famille', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='familles.famille', verbose_name='famille')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.payeur', verbose_name='payeur')),
            ],
            options={
                'verbose_name': 'facture prévue',
                'verbose_name_plural': 'factures prévues',
                'ordering': ['-gravite', 'nom', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('campagne', 'payeur'), name='une_prevue_par_payeur'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'emise'), ('facture__isnull', False)), models.Q(models.Q(('etat', 'emise'), _negated=True), ('facture__isnull', True)), _connector='OR'), name='prevue_emise_a_sa_facture', violation_error_message='Une facture émise a son numéro.')],
            },
        ),
        migrations.CreateModel(
            name='PartAdulte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part_pourcent', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='part (%)')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts_adultes', to='familles.famille', verbose_name='famille')),
                ('responsable', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='part_facturee', to='familles.responsable', verbose_name='adulte facturé à part')),
            ],
            options={
                'verbose_name': 'part d’un adulte',
                'ordering': ['famille', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('part_pourcent__gte', 1), ('part_pourcent__lte', 100)), name='part_adulte_de_1_a_100', violation_error_message='Une part va de 1 à 100 %.')],
            },
        ),
        migrations.CreateModel(
            name='PriseEnCharge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('debut', models.DateField(verbose_name='du')),
                ('fin', models.DateField(blank=True, null=True, verbose_name='au')),
                ('aide', models.CharField(max_length=40, verbose_name='aide')),
                ('reference', models.CharField(blank=True, default='', max_length=80, verbose_name='référence de l’accord')),
                ('enfant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prises_en_charge', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prises_en_charge', to='familles.famille', verbose_name='famille')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prises_en_charge', to='creances.payeur', verbose_name='organisme qui paie')),
            ],
            options={
                'verbose_name': 'prise en charge',
                'verbose_name_plural': 'prises en charge',
                'ordering': ['famille', 'debut', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__isnull', True), ('fin__gte', models.F('debut')), _connector='OR'), name='prise_en_charge_dans_l_ordre', violation_error_message='La fin vient après le début.')],
            },
        ),
        migrations.CreateModel(
            name='RepartitionGarde',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('reservation', 'Le foyer qui a réservé'), ('calendrier', 'Une semaine sur deux'), ('parts', 'Chaque foyer sa part')], default='reservation', max_length=12, verbose_name='qui paie')),
                ('jour_bascule', models.PositiveSmallIntegerField(choices=[(0, 'Lundi'), (1, 'Mardi'), (2, 'Mercredi'), (3, 'Jeudi'), (4, 'Vendredi'), (5, 'Samedi'), (6, 'Dimanche')], default=0, verbose_name='jour où la garde change')),
                ('enfant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='repartition_garde', to='familles.enfant', verbose_name='enfant')),
                ('famille_paire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='familles.famille', verbose_name='foyer des semaines paires')),
            ],
            options={
                'verbose_name': 'répartition de la garde',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('mode', 'calendrier'), _negated=True), ('famille_paire__isnull', False), _connector='OR'), name='calendrier_dit_le_foyer_pair', violation_error_message='Dites quel foyer a l’enfant les semaines paires.'), models.CheckConstraint(condition=models.Q(('jour_bascule__lte', 6)), name='bascule_un_jour_de_la_semaine')],
            },
        ),
        migrations.CreateModel(
            name='AbonnementForfait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('debut', models.DateField(verbose_name='du')),
                ('fin', models.DateField(blank=True, null=True, verbose_name='au')),
                ('forfait', models.CharField(max_length=40, verbose_name='forfait')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='abonnements', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='abonnements', to='familles.famille', verbose_name='famille')),
            ],
            options={
                'verbose_name': 'abonnement à un forfait',
                'verbose_name_plural': 'abonnements à un forfait',
                'ordering': ['famille', 'debut', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__isnull', True), ('fin__gte', models.F('debut')), _connector='OR'), name='abonnement_dans_l_ordre', violation_error_message='La fin vient après le début.')],
            },
        ),
    ]
