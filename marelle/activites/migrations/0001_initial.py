import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0002_compteur'),
    ]

    operations = [
        migrations.CreateModel(
            name='Centre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=50, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9-]+\\Z', 'Un code s’écrit en minuscules, chiffres et tirets, par exemple « ile-bouchard ».')], verbose_name='code')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('adresse', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('est_actif', models.BooleanField(default=True, verbose_name='ouvert aux familles')),
                ('agents', models.ManyToManyField(blank=True, help_text='Un agent qui n’est lié à aucun centre les voit tous.', related_name='centres', to='comptes.agent', verbose_name='agents limités à ce centre')),
            ],
            options={
                'verbose_name': 'centre',
                'ordering': ['ordre', 'nom'],
            },
        ),
        migrations.CreateModel(
            name='Activite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9-]+\\Z', 'Un code s’écrit en minuscules, chiffres et tirets, par exemple « ile-bouchard ».')], verbose_name='code')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('temps', models.CharField(choices=[('periscolaire', 'Périscolaire'), ('restauration', 'Restauration scolaire'), ('mercredi', 'Mercredis'), ('vacances', 'Vacances')], max_length=20, verbose_name='temps d’accueil')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('age_min', models.PositiveSmallIntegerField(default=3, verbose_name='âge minimum')),
                ('age_max', models.PositiveSmallIntegerField(default=11, verbose_name='âge maximum')),
                ('mode_decision', models.CharField(blank=True, choices=[('', 'Comme le règlement'), ('agent', 'Un agent décide'), ('automatique', 'Automatique')], max_length=12, verbose_name='décision')),
                ('retient_places', models.BooleanField(default=True, verbose_name='une demande déposée retient sa place')),
                ('panier_retient_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='minutes de retenue au panier')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('est_active', models.BooleanField(default=True, verbose_name='proposée aux familles')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activites', to='activites.centre', verbose_name='centre')),
            ],
            options={
                'verbose_name': 'activité',
                'ordering': ['ordre', 'nom'],
                'constraints': [models.CheckConstraint(condition=models.Q(('age_max__gte', models.F('age_min'))), name='activite_ages_dans_l_ordre', violation_error_message='L’âge maximum est au moins égal à l’âge minimum.')],
            },
        ),
        migrations.CreateModel(
            name='Fermeture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('debut', models.DateField(verbose_name='du')),
                ('fin', models.DateField(verbose_name='au')),
                ('motif', models.CharField(max_length=120, verbose_name='motif')),
                ('creee_le', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='activites.centre', verbose_name='centre')),
            ],
            options={
                'verbose_name': 'fermeture',
                'ordering': ['-debut'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__gte', models.F('debut'))), name='fermeture_dans_l_ordre', violation_error_message='La fermeture finit le jour où elle commence, ou après.')],
            },
        ),
        migrations.CreateModel(
            name='Groupe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=60, verbose_name='nom')),
                ('age_min', models.PositiveSmallIntegerField(verbose_name='de (ans)')),
                ('age_max', models.PositiveSmallIntegerField(verbose_name='à (ans)')),
                ('activite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groupes', to='activites.activite', verbose_name='activité')),
            ],
            options={
                'verbose_name': 'groupe',
                'ordering': ['activite_id', 'age_min'],
                'constraints': [models.CheckConstraint(condition=models.Q(('age_max__gte', models.F('age_min'))), name='groupe_ages_dans_l_ordre', violation_error_message='L’âge maximum du groupe est au moins égal à son âge minimum.'), models.UniqueConstraint(fields=('activite', 'age_min'), name='un_groupe_par_age', violation_error_message='Un autre groupe de cette activité commence au même âge.')],
            },
        ),
        migrations.CreateModel(
            name='Jauge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('partie', models.CharField(max_length=20, verbose_name='partie')),
                ('bloc', models.BigIntegerField(db_index=True, default=0, verbose_name='bloc')),
                ('places', models.PositiveIntegerField(verbose_name='places')),
                ('prises', models.PositiveIntegerField(default=0, verbose_name='prises')),
                ('retenues', models.PositiveIntegerField(default=0, verbose_name='retenues')),
                ('attente', models.PositiveIntegerField(default=0, verbose_name='en attente')),
                ('activite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jauges', to='activites.activite', verbose_name='activité')),
                ('groupe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jauges', to='activites.groupe', verbose_name='groupe')),
            ],
            options={
                'verbose_name': 'jauge',
                'ordering': ['date', 'pk'],
                'indexes': [models.Index(fields=['activite', 'date'], name='jauge_activite_date')],
                'constraints': [models.CheckConstraint(condition=models.Q(('prises__lte', django.db.models.expressions.CombinedExpression(models.F('places'), '-', models.F('retenues')))), name='jamais_plus_que_les_places', violation_error_message='Il y a plus d’enfants que de places ce jour-là.'), models.UniqueConstraint(fields=('activite', 'date', 'partie', 'groupe'), name='une_jauge_par_partie_et_groupe', violation_error_message='Cette partie de la journée a déjà sa capacité.'), models.UniqueConstraint(condition=models.Q(('groupe__isnull', True)), fields=('activite', 'date', 'partie'), name='une_jauge_par_partie', violation_error_message='Cette partie de la journée a déjà sa capacité.')],
            },
        ),
        migrations.CreateModel(
            name='Periode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9-]+\\Z', 'Un code s’écrit en minuscules, chiffres et tirets, par exemple « ile-bouchard ».')], verbose_name='code')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('temps', models.CharField(choices=[('periscolaire', 'Périscolaire'), ('restauration', 'Restauration scolaire'), ('mercredi', 'Mercredis'), ('vacances', 'Vacances')], max_length=20, verbose_name='temps d’accueil')),
                ('debut', models.DateField(verbose_name='début')),
                ('fin', models.DateField(verbose_name='fin')),
            ],
            options={
                'verbose_name': 'période',
                'ordering': ['debut', 'temps'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__gte', models.F('debut'))), name='periode_dans_l_ordre', violation_error_message='La période finit après avoir commencé.')],
            },
        ),
        migrations.CreateModel(
            name='Unite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z0-9-]+\\Z', 'Un code s’écrit en minuscules, chiffres et tirets, par exemple « ile-bouchard ».')], verbose_name='code')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('parties', models.JSONField(default=list, verbose_name='parties')),
                ('heure_debut', models.TimeField(verbose_name='heure de début')),
                ('heure_fin', models.TimeField(verbose_name='heure de fin')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='ordre')),
                ('activite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unites', to='activites.activite', verbose_name='activité')),
            ],
            options={
                'verbose_name': 'unité',
                'ordering': ['activite_id', 'ordre', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('activite', 'code'), name='un_code_d_unite_par_activite', violation_error_message='Cette activité a déjà une unité de ce code.')],
            },
        ),
        migrations.CreateModel(
            name='Ouverture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('fermeture', models.CharField(blank=True, max_length=120, verbose_name='motif de fermeture')),
                ('activite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ouvertures', to='activites.activite', verbose_name='activité')),
                ('groupe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ouvertures', to='activites.groupe', verbose_name='groupe')),
                ('jauges', models.ManyToManyField(related_name='ouvertures', to='activites.jauge', verbose_name='jauges')),
                ('unite', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ouvertures', to='activites.unite', verbose_name='unité')),
            ],
            options={
                'verbose_name': 'ouverture',
                'ordering': ['date', 'pk'],
                'indexes': [models.Index(fields=['activite', 'date'], name='ouverture_activite_date')],
                'constraints': [models.UniqueConstraint(fields=('unite', 'date', 'groupe'), name='une_ouverture_par_unite_jour_groupe', violation_error_message='Cette unité est déjà ouverte ce jour-là pour ce groupe.'), models.UniqueConstraint(condition=models.Q(('groupe__isnull', True)), fields=('unite', 'date'), name='une_ouverture_par_unite_jour', violation_error_message='Cette unité est déjà ouverte ce jour-là.')],
            },
        ),
    ]
