import django.db.models.deletion
import encrypted_fields.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Enfant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('prenom', models.CharField(max_length=80, verbose_name='prénom')),
                ('date_naissance', models.DateField(verbose_name='date de naissance')),
                ('sexe', models.CharField(blank=True, choices=[('f', 'Fille'), ('g', 'Garçon'), ('', 'Non précisé')], max_length=1, verbose_name='sexe')),
                ('ecole', models.CharField(blank=True, max_length=120, verbose_name='école')),
                ('classe', models.CharField(blank=True, max_length=40, verbose_name='classe')),
                ('photo', models.CharField(blank=True, editable=False, max_length=100, verbose_name='photo')),
                ('est_archive', models.BooleanField(default=False, verbose_name='archivé')),
            ],
            options={
                'verbose_name': 'enfant',
                'ordering': ['date_naissance', 'prenom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Famille',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.CharField(max_length=20, unique=True, verbose_name='numéro')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('est_archivee', models.BooleanField(default=False, verbose_name='archivée')),
                ('creee_le', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
            ],
            options={
                'verbose_name': 'famille',
                'ordering': ['nom', 'numero'],
            },
        ),
        migrations.CreateModel(
            name='Autorisations',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accords', models.JSONField(default=dict, verbose_name='accords')),
                ('validees_le', models.DateTimeField(blank=True, null=True, verbose_name='validées le')),
                ('enfant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='autorisations', to='familles.enfant', verbose_name='enfant')),
            ],
            options={
                'verbose_name': 'autorisations',
                'verbose_name_plural': 'autorisations',
            },
        ),
        migrations.CreateModel(
            name='FicheEnfant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type_repas', models.CharField(blank=True, max_length=40, verbose_name='type de repas')),
                ('assurance_compagnie', models.CharField(blank=True, max_length=80, verbose_name='compagnie d’assurance')),
                ('assurance_police', models.CharField(blank=True, max_length=60, verbose_name='numéro de contrat')),
                ('validee_le', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('enfant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fiche', to='familles.enfant', verbose_name='enfant')),
            ],
            options={
                'verbose_name': 'fiche d’information',
            },
        ),
        migrations.CreateModel(
            name='FicheSanitaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contenu', encrypted_fields.fields.EncryptedTextField(blank=True, null=True, verbose_name='contenu')),
                ('alerte', encrypted_fields.fields.EncryptedTextField(blank=True, null=True, verbose_name='alerte')),
                ('a_pai', models.BooleanField(default=False, verbose_name='PAI')),
                ('validee_le', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('enfant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_sanitaire', to='familles.enfant', verbose_name='enfant')),
            ],
            options={
                'verbose_name': 'fiche médicale',
            },
        ),
        migrations.CreateModel(
            name='HistoricalAutorisations',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('accords', models.JSONField(default=dict, verbose_name='accords')),
                ('validees_le', models.DateTimeField(blank=True, null=True, verbose_name='validées le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('enfant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='familles.enfant', verbose_name='enfant')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical autorisations',
                'verbose_name_plural': 'historical autorisations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEnfant',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('prenom', models.CharField(max_length=80, verbose_name='prénom')),
                ('date_naissance', models.DateField(verbose_name='date de naissance')),
                ('sexe', models.CharField(blank=True, choices=[('f', 'Fille'), ('g', 'Garçon'), ('', 'Non précisé')], max_length=1, verbose_name='sexe')),
                ('ecole', models.CharField(blank=True, max_length=120, verbose_name='école')),
                ('classe', models.CharField(blank=True, max_length=40, verbose_name='classe')),
                ('photo', models.CharField(blank=True, editable=False, max_length=100, verbose_name='photo')),
                ('est_archive', models.BooleanField(default=False, verbose_name='archivé')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical enfant',
                'verbose_name_plural': 'historical enfants',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalFicheEnfant',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('type_repas', models.CharField(blank=True, max_length=40, verbose_name='type de repas')),
                ('assurance_compagnie', models.CharField(blank=True, max_length=80, verbose_name='compagnie d’assurance')),
                ('assurance_police', models.CharField(blank=True, max_length=60, verbose_name='numéro de contrat')),
                ('validee_le', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('enfant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='familles.enfant', verbose_name='enfant')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical fiche d’information',
                'verbose_name_plural': 'historical fiche d’informations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalResponsable',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('civilite', models.CharField(blank=True, choices=[('mme', 'Madame'), ('m', 'Monsieur'), ('', 'Sans civilité')], max_length=3, verbose_name='civilité')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('prenom', models.CharField(max_length=80, verbose_name='prénom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse e-mail')),
                ('adresse', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                ('code_postal', models.CharField(blank=True, max_length=5, verbose_name='code postal')),
                ('commune', models.CharField(blank=True, max_length=80, verbose_name='commune')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                ('accord_facture_electronique', models.BooleanField(default=False, verbose_name='factures par e-mail')),
                ('accord_facture_le', models.DateTimeField(blank=True, null=True, verbose_name='accord donné le')),
                ('est_principal', models.BooleanField(default=False, verbose_name='responsable principal')),
                ('rang', models.PositiveSmallIntegerField(default=1, verbose_name='rang')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('famille', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='familles.famille', verbose_name='famille')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical responsable',
                'verbose_name_plural': 'historical responsables',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ListePersonnes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('validee_le', models.DateTimeField(blank=True, null=True, verbose_name='validée le')),
                ('enfant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='liste_personnes', to='familles.enfant', verbose_name='enfant')),
            ],
            options={
                'verbose_name': 'liste des personnes autorisées',
            },
        ),
        migrations.CreateModel(
            name='PersonneAutorisee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('prenom', models.CharField(max_length=80, verbose_name='prénom')),
                ('lien', models.CharField(max_length=60, verbose_name='lien avec l’enfant')),
                ('telephone', models.CharField(max_length=20, verbose_name='téléphone')),
                ('peut_recuperer', models.BooleanField(default=True, verbose_name='peut venir chercher l’enfant')),
                ('rang', models.PositiveSmallIntegerField(default=1, verbose_name='rang')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='personnes_autorisees', to='familles.enfant', verbose_name='enfant')),
            ],
            options={
                'verbose_name': 'personne autorisée',
                'verbose_name_plural': 'personnes autorisées',
                'ordering': ['enfant_id', 'rang', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Rattachement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part_garde', models.PositiveSmallIntegerField(default=100, verbose_name='part de garde (%)')),
                ('peut_reserver', models.BooleanField(default=True, verbose_name='peut réserver')),
                ('enfant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rattachements', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rattachements', to='familles.famille', verbose_name='famille')),
            ],
            options={
                'verbose_name': 'rattachement',
                'constraints': [models.UniqueConstraint(fields=('enfant', 'famille'), name='un_rattachement_par_enfant_et_famille', violation_error_message='Cet enfant est déjà rattaché à cette famille.'), models.CheckConstraint(condition=models.Q(('part_garde__lte', 100)), name='part_garde_entre_0_et_100', violation_error_message='La part de garde va de 0 à 100 %.')],
            },
        ),
        migrations.CreateModel(
            name='Responsable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('civilite', models.CharField(blank=True, choices=[('mme', 'Madame'), ('m', 'Monsieur'), ('', 'Sans civilité')], max_length=3, verbose_name='civilité')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('prenom', models.CharField(max_length=80, verbose_name='prénom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse e-mail')),
                ('adresse', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                ('code_postal', models.CharField(blank=True, max_length=5, verbose_name='code postal')),
                ('commune', models.CharField(blank=True, max_length=80, verbose_name='commune')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                ('accord_facture_electronique', models.BooleanField(default=False, verbose_name='factures par e-mail')),
                ('accord_facture_le', models.DateTimeField(blank=True, null=True, verbose_name='accord donné le')),
                ('est_principal', models.BooleanField(default=False, verbose_name='responsable principal')),
                ('rang', models.PositiveSmallIntegerField(default=1, verbose_name='rang')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsables', to='familles.famille', verbose_name='famille')),
            ],
            options={
                'verbose_name': 'responsable',
                'ordering': ['famille_id', 'rang', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('est_principal', True)), fields=('famille',), name='un_responsable_principal_par_famille', violation_error_message='Cette famille a déjà un responsable principal.')],
            },
        ),
        migrations.CreateModel(
            name='Acces',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('compte', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='acces', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acces', to='familles.famille', verbose_name='famille')),
                ('responsable', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acces', to='familles.responsable', verbose_name='adulte')),
            ],
            options={
                'verbose_name': 'accès',
                'verbose_name_plural': 'accès',
            },
        ),
        migrations.AddField(
            model_name='enfant',
            name='familles',
            field=models.ManyToManyField(related_name='enfants', through='familles.Rattachement', to='familles.famille'),
        ),
    ]
