import django.db.models.deletion
import encrypted_fields.fields
import marelle.demandes.passages
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activites', '0001_initial'),
        ('comptes', '__first__'),
        ('familles', '0001_initial'),
        ('reservations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Envoi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('depose_le', models.DateTimeField(verbose_name='déposé le')),
                ('jeton', models.UUIDField(unique=True, verbose_name='jeton')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envois', to='familles.famille', verbose_name='famille')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'envoi',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Demande',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(max_length=30, verbose_name='nature')),
                ('etat', models.CharField(choices=[('panier', 'Au panier'), ('deposee', 'En attente'), ('liste_attente', 'Liste d’attente'), ('a_corriger', 'À corriger'), ('acceptee', 'Acceptée'), ('refusee', 'Refusée'), ('retiree', 'Retirée')], default=marelle.demandes.passages.Etat['PANIER'], max_length=16, verbose_name='état')),
                ('origine', models.CharField(choices=[('famille', 'famille'), ('agent', 'agent'), ('regle', 'regle')], max_length=8, verbose_name='origine')),
                ('contenu_clair', models.JSONField(default=dict, verbose_name='contenu')),
                ('contenu_chiffre', encrypted_fields.fields.EncryptedTextField(blank=True, null=True, verbose_name='contenu chiffré')),
                ('verdict', models.JSONField(default=dict, verbose_name='verdict au dépôt')),
                ('motif', models.TextField(blank=True, verbose_name='motif')),
                ('est_en_reserve', models.BooleanField(default=False, help_text='N’est pas servie d’elle-même quand une place se libère.', verbose_name='mise en attente par un agent')),
                ('cree_le', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('depose_le', models.DateTimeField(null=True, verbose_name='déposée le')),
                ('decide_le', models.DateTimeField(null=True, verbose_name='décidée le')),
                ('activite', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='activites.activite', verbose_name='activité')),
                ('enfant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='familles.enfant', verbose_name='enfant')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='familles.famille', verbose_name='famille')),
                ('mere', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filles', to='demandes.demande', verbose_name='détachée de')),
                ('responsable', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='familles.responsable', verbose_name='responsable')),
                ('envoi', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='demandes.envoi', verbose_name='envoi')),
            ],
            options={
                'verbose_name': 'demande',
                'ordering': ['depose_le', 'pk'],
                'indexes': [models.Index(fields=['etat', 'depose_le', 'id'], name='demande_file'), models.Index(fields=['famille', 'etat', 'decide_le'], name='demande_famille'), models.Index(fields=['enfant', 'etat'], name='demande_enfant')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('activite__isnull', False), ('etat', 'panier')), fields=('famille', 'nature', 'enfant', 'activite'), name='un_panier_par_enfant_et_activite', violation_error_message='Ces jours sont déjà au panier.'), models.UniqueConstraint(condition=models.Q(('activite__isnull', True), ('enfant__isnull', False), ('etat__in', ['panier'])), fields=('nature', 'enfant', 'famille'), name='un_brouillon_par_fiche_d_enfant', violation_error_message='Un brouillon de cette fiche existe déjà.'), models.CheckConstraint(condition=models.Q(('etat__in', ['panier', 'retiree']), models.Q(('depose_le__isnull', False), ('envoi__isnull', False)), _connector='OR'), name='une_demande_envoyee_a_son_envoi', violation_error_message='Une demande déposée a son accusé de réception.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'refusee'), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='un_refus_a_son_motif', violation_error_message='Un refus donne son motif à la famille.')],
            },
        ),
        migrations.CreateModel(
            name='JourDemande',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('retenu_jusquau', models.DateTimeField(null=True, verbose_name='retenu jusqu’au')),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jours', to='demandes.demande', verbose_name='demande')),
                ('ouverture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jours_demandes', to='activites.ouverture', verbose_name='ouverture')),
                ('reservation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jours_demandes', to='reservations.reservation', verbose_name='réservation')),
            ],
            options={
                'verbose_name': 'jour demandé',
                'ordering': ['date', 'pk'],
                'indexes': [models.Index(fields=['date'], name='jour_demande_date')],
                'constraints': [models.UniqueConstraint(fields=('demande', 'ouverture'), name='un_jour_une_fois_par_demande', violation_error_message='Ce jour est déjà dans la demande.')],
            },
        ),
        migrations.CreateModel(
            name='Panier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jeton', models.UUIDField(verbose_name='jeton')),
                ('famille', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='panier', to='familles.famille', verbose_name='famille')),
            ],
            options={
                'verbose_name': 'panier',
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verbe', models.CharField(choices=[('deposer', 'deposer'), ('mettre_en_attente', 'mettre_en_attente'), ('remettre_en_file', 'remettre_en_file'), ('renvoyer', 'renvoyer'), ('accepter', 'accepter'), ('refuser', 'refuser'), ('retirer', 'retirer')], max_length=20, verbose_name='verbe')),
                ('de', models.CharField(choices=[('panier', 'Au panier'), ('deposee', 'En attente'), ('liste_attente', 'Liste d’attente'), ('a_corriger', 'À corriger'), ('acceptee', 'Acceptée'), ('refusee', 'Refusée'), ('retiree', 'Retirée')], max_length=16, verbose_name='de')),
                ('vers', models.CharField(choices=[('panier', 'Au panier'), ('deposee', 'En attente'), ('liste_attente', 'Liste d’attente'), ('a_corriger', 'À corriger'), ('acceptee', 'Acceptée'), ('refusee', 'Refusée'), ('retiree', 'Retirée')], max_length=16, verbose_name='vers')),
                ('acteur', models.CharField(choices=[('famille', 'famille'), ('agent', 'agent'), ('regle', 'regle')], max_length=8, verbose_name='acteur')),
                ('par_nom', models.CharField(blank=True, max_length=160, verbose_name='nom')),
                ('quand', models.DateTimeField(verbose_name='quand')),
                ('motif', models.TextField(blank=True, verbose_name='motif')),
                ('derogation', models.TextField(blank=True, verbose_name='dérogation')),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='demandes.demande', verbose_name='demande')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'passage',
                'ordering': ['quand', 'pk'],
            },
        ),
    ]
