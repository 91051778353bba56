import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0003_role_regie'),
        ('creances', '0002_verrous'),
    ]

    operations = [
        migrations.CreateModel(
            name='Signataire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(blank=True, default='', max_length=120, verbose_name='nom')),
                ('qualite', models.CharField(blank=True, default='', max_length=120, verbose_name='qualité')),
                ('lieu', models.CharField(blank=True, default='', max_length=80, verbose_name='fait à')),
                ('siret', models.CharField(blank=True, default='', max_length=14, validators=[django.core.validators.RegexValidator('^\\d{14}\\Z', 'Un SIRET a quatorze chiffres, sans espace.')], verbose_name='SIRET')),
            ],
            options={
                'verbose_name': 'signataire des attestations',
                'verbose_name_plural': 'signataires des attestations',
            },
        ),
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('annee', models.PositiveSmallIntegerField(verbose_name='année')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('rang', models.PositiveIntegerField(verbose_name='rang')),
                ('numero', models.CharField(max_length=20, unique=True, verbose_name='numéro')),
                ('destinataire', models.JSONField(default=dict, verbose_name='destinataire')),
                ('contenu', models.JSONField(default=dict, verbose_name='contenu')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('cesu_centimes', models.BigIntegerField(default=0, verbose_name='dont CESU préfinancé')),
                ('emise_le', models.DateTimeField(verbose_name='émise le')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('emise_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='émise par')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations', to='creances.payeur', verbose_name='payeur')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie qui numérote')),
                ('remplace', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remplacee_par', to='attestations.attestation', verbose_name='annule et remplace')),
            ],
            options={
                'verbose_name': 'attestation fiscale',
                'verbose_name_plural': 'attestations fiscales',
                'ordering': ['-annee', 'payeur_id', '-version'],
                'constraints': [models.UniqueConstraint(fields=('payeur', 'annee', 'version'), name='attestation_version_unique'), models.UniqueConstraint(fields=('regie', 'annee', 'rang'), name='attestation_rang_unique'), models.CheckConstraint(condition=models.Q(('cesu_centimes__lte', models.F('montant_centimes')), ('montant_centimes__gte', 0)), name='attestation_positive', violation_error_message='Une attestation n’est pas négative.')],
            },
        ),
        migrations.CreateModel(
            name='LotAttestations',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('annee', models.PositiveSmallIntegerField(verbose_name='année')),
                ('demande_le', models.DateTimeField(verbose_name='demandé le')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='payeurs')),
                ('faites', models.PositiveIntegerField(default=0, verbose_name='payeurs examinés')),
                ('nouvelles', models.PositiveIntegerField(default=0, verbose_name='attestations établies')),
                ('cle', models.UUIDField(blank=True, null=True, verbose_name='document à imprimer')),
                ('fini_le', models.DateTimeField(blank=True, null=True, verbose_name='fini le')),
                ('demande_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='demandé par')),
            ],
            options={
                'verbose_name': 'lot d’attestations',
                'verbose_name_plural': 'lots d’attestations',
                'ordering': ['-demande_le', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('fini_le__isnull', True)), fields=('annee',), name='un_lot_a_la_fois_par_annee', violation_error_message='Les attestations de cette année sont déjà en préparation.')],
            },
        ),
    ]
