import django.db.models.deletion
import encrypted_fields.fields
import marelle.scolarite.etats
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0002_compteur'),
        ('comptes', '__first__'),
        ('familles', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ecole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('adresse', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                ('commune', models.CharField(max_length=80, verbose_name='commune')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('secteur', models.JSONField(blank=True, default=list, verbose_name='secteur')),
                ('est_ouverte', models.BooleanField(default=True, verbose_name='accueille de nouveaux élèves')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
            ],
            options={
                'verbose_name': 'école',
                'ordering': ['ordre', 'nom'],
            },
        ),
        migrations.CreateModel(
            name='Niveau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='code')),
                ('nom', models.CharField(max_length=60, verbose_name='nom')),
                ('sigle', models.CharField(max_length=10, verbose_name='sigle')),
                ('age', models.PositiveSmallIntegerField(verbose_name='âge dans l’année de la rentrée')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
            ],
            options={
                'verbose_name': 'niveau',
                'verbose_name_plural': 'niveaux',
                'ordering': ['ordre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalScolarite',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('annee', models.PositiveSmallIntegerField(verbose_name='année de la rentrée')),
                ('debut', models.DateField(verbose_name='premier jour')),
                ('validee_le', models.DateTimeField(verbose_name='validée le')),
                ('portee_le', models.DateTimeField(blank=True, null=True, verbose_name='portée sur la fiche le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('ecole', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='scolarite.ecole', verbose_name='école')),
                ('enfant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='familles.enfant', verbose_name='enfant')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('niveau', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='scolarite.niveau', verbose_name='niveau')),
            ],
            options={
                'verbose_name': 'historical scolarité',
                'verbose_name_plural': 'historical scolarités',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PreInscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etat', models.CharField(choices=[('a_confirmer', 'Adresse à confirmer'), ('deposee', 'En attente'), ('acceptee', 'Acceptée'), ('refusee', 'Refusée')], default=marelle.scolarite.etats.Etat['A_CONFIRMER'], max_length=12, verbose_name='état')),
                ('jeton', models.UUIDField(unique=True, verbose_name='jeton')),
                ('empreinte', models.CharField(editable=False, max_length=64, unique=True, verbose_name='empreinte du lien')),
                ('contenu_chiffre', encrypted_fields.fields.EncryptedTextField(blank=True, null=True, verbose_name='contenu chiffré')),
                ('cree_le', models.DateTimeField(verbose_name='écrite le')),
                ('expire_le', models.DateTimeField(verbose_name='à confirmer avant le')),
                ('confirmee_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmée le')),
                ('decidee_le', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('motif', models.TextField(blank=True, verbose_name='motif')),
                ('famille', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pre_inscriptions', to='familles.famille', verbose_name='famille créée')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='décidée par')),
            ],
            options={
                'verbose_name': 'pré-inscription',
                'verbose_name_plural': 'pré-inscriptions',
                'ordering': ['confirmee_le', 'pk'],
                'indexes': [models.Index(fields=['etat', 'confirmee_le', 'id'], name='pre_inscription_file')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmee_le', None), ('decidee_le', None), ('etat', 'a_confirmer'), ('famille', None)), models.Q(('confirmee_le__isnull', False), ('decidee_le', None), ('etat', 'deposee'), ('famille', None)), models.Q(('decidee_le__isnull', False), ('etat', 'acceptee'), ('famille__isnull', False), ('par__isnull', False)), models.Q(('decidee_le__isnull', False), ('etat', 'refusee'), ('famille', None), ('par__isnull', False), models.Q(('motif', ''), _negated=True)), _connector='OR'), name='une_pre_inscription_suit_ses_etats', violation_error_message='L’état de cette pré-inscription ne va pas avec ce qu’elle porte.')],
            },
        ),
        migrations.CreateModel(
            name='Scolarite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('annee', models.PositiveSmallIntegerField(verbose_name='année de la rentrée')),
                ('debut', models.DateField(verbose_name='premier jour')),
                ('validee_le', models.DateTimeField(verbose_name='validée le')),
                ('portee_le', models.DateTimeField(blank=True, null=True, verbose_name='portée sur la fiche le')),
                ('ecole', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scolarites', to='scolarite.ecole', verbose_name='école')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scolarites', to='familles.enfant', verbose_name='enfant')),
                ('niveau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scolarites', to='scolarite.niveau', verbose_name='niveau')),
            ],
            options={
                'verbose_name': 'scolarité',
                'ordering': ['-annee', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('enfant', 'annee'), name='une_scolarite_par_enfant_et_annee', violation_error_message='Cet enfant a déjà une école cette année-là.')],
            },
        ),
        migrations.AddField(
            model_name='ecole',
            name='niveaux',
            field=models.ManyToManyField(related_name='ecoles', to='scolarite.niveau', verbose_name='niveaux'),
        ),
    ]
