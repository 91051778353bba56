import django.db.models.deletion
import encrypted_fields.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0002_compteur'),
        ('comptes', '__first__'),
        ('demandes', '0003_alter_passage_verbe'),
        ('familles', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Actualite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cible', models.CharField(choices=[('toutes', 'Toutes les familles'), ('centre', 'Les familles d’un centre'), ('activite', 'Les familles d’une activité')], max_length=10, verbose_name='à qui')),
                ('cle_cible', models.BigIntegerField(blank=True, null=True, verbose_name='centre ou activité')),
                ('nom_cible', models.CharField(max_length=160, verbose_name='à qui, en toutes lettres')),
                ('objet', encrypted_fields.fields.EncryptedTextField(verbose_name='objet')),
                ('texte', encrypted_fields.fields.EncryptedTextField(verbose_name='texte')),
                ('jeton', models.UUIDField(editable=False, unique=True, verbose_name='jeton')),
                ('creee_le', models.DateTimeField(verbose_name='écrite le')),
                ('envoyee_le', models.DateTimeField(blank=True, null=True, verbose_name='envoyée le')),
                ('familles_visees', models.PositiveIntegerField(default=0, verbose_name='familles visées')),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='écrite par')),
            ],
            options={
                'verbose_name': 'actualité',
                'ordering': ['-creee_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Fil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sujet', models.CharField(blank=True, max_length=40, verbose_name='sujet')),
                ('objet', encrypted_fields.fields.EncryptedTextField(verbose_name='objet')),
                ('ouvert_par', models.CharField(choices=[('famille', 'Famille'), ('service', 'Service')], max_length=8, verbose_name='ouvert par')),
                ('ouvert_le', models.DateTimeField(verbose_name='ouvert le')),
                ('dernier_le', models.DateTimeField(verbose_name='dernier message le')),
                ('attend_depuis', models.DateTimeField(blank=True, null=True, verbose_name='attend une réponse depuis')),
                ('a_lire_depuis', models.DateTimeField(blank=True, null=True, verbose_name='à lire par la famille depuis')),
                ('pris_le', models.DateTimeField(blank=True, null=True, verbose_name='pris le')),
                ('clos_le', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('actualite', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fils', to='correspondance.actualite', verbose_name='actualité')),
                ('demande', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fils', to='demandes.demande', verbose_name='demande')),
                ('enfant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='familles.enfant', verbose_name='au sujet de')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fils', to='familles.famille', verbose_name='famille')),
                ('pris_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='pris par')),
            ],
            options={
                'verbose_name': 'fil de messages',
                'verbose_name_plural': 'fils de messages',
                'ordering': ['-dernier_le', '-pk'],
                'indexes': [models.Index(fields=['famille', '-dernier_le'], name='fil_famille'), models.Index(condition=models.Q(('a_lire_depuis__isnull', False)), fields=['famille'], name='fil_a_lire'), models.Index(condition=models.Q(('attend_depuis__isnull', False)), fields=['attend_depuis'], name='fil_attend')],
                'constraints': [models.UniqueConstraint(fields=('actualite', 'famille'), name='une_actualite_une_fois_par_famille', violation_error_message='Cette famille a déjà reçu cette actualité.'), models.CheckConstraint(condition=models.Q(('clos_le__isnull', True), models.Q(('attend_depuis__isnull', True), ('pris_par__isnull', True)), _connector='OR'), name='un_fil_clos_n_attend_rien', violation_error_message='Un fil clos n’attend pas de réponse.'), models.CheckConstraint(condition=models.Q(models.Q(('pris_le__isnull', True), ('pris_par__isnull', True)), models.Q(('pris_le__isnull', False), ('pris_par__isnull', False)), _connector='OR'), name='un_fil_pris_dit_quand', violation_error_message='Un fil pris dit par qui et depuis quand.'), models.CheckConstraint(condition=models.Q(('dernier_le__gte', models.F('ouvert_le'))), name='un_fil_va_dans_l_ordre', violation_error_message='Le dernier message vient après le premier.')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ecrivain', models.CharField(choices=[('famille', 'Famille'), ('service', 'Service')], max_length=8, verbose_name='écrit par')),
                ('par_nom', models.CharField(max_length=160, verbose_name='nom de l’auteur')),
                ('texte', encrypted_fields.fields.EncryptedTextField(verbose_name='texte')),
                ('quand', models.DateTimeField(verbose_name='quand')),
                ('lu_le', models.DateTimeField(blank=True, null=True, verbose_name='lu le')),
                ('jeton', models.UUIDField(editable=False, unique=True, verbose_name='jeton')),
                ('fil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='correspondance.fil', verbose_name='fil')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'message',
                'ordering': ['quand', 'pk'],
                'indexes': [models.Index(fields=['fil', 'quand'], name='message_fil')],
            },
        ),
        migrations.CreateModel(
            name='PieceJointe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé')),
                ('nom', models.CharField(max_length=120, verbose_name='nom du fichier')),
                ('format', models.CharField(max_length=40, verbose_name='format')),
                ('taille', models.PositiveIntegerField(verbose_name='taille (octets)')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces_jointes', to='correspondance.message', verbose_name='message')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'verbose_name_plural': 'pièces jointes',
                'ordering': ['message_id', 'pk'],
            },
        ),
    ]
