import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0003_role_regie'),
        ('creances', '0002_verrous'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tentative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('numcli', models.CharField(max_length=6, verbose_name='numéro client PayFiP')),
                ('refdet', models.CharField(max_length=30, unique=True, verbose_name='référence de la dette')),
                ('exer', models.CharField(max_length=4, verbose_name='exercice')),
                ('saisie', models.CharField(choices=[('T', 'Test'), ('X', 'Activation'), ('W', 'Production')], max_length=1, verbose_name='type de saisie')),
                ('mel', models.CharField(max_length=80, verbose_name='adresse e-mail')),
                ('idop', models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='identifiant d’opération')),
                ('etat', models.CharField(choices=[('cree', 'En préparation'), ('en_attente', 'En cours'), ('payee', 'Payé'), ('prelevee', 'Prélèvement enregistré'), ('refusee', 'Refusé'), ('abandonnee', 'Abandonné'), ('expiree', 'Expiré'), ('a_verifier', 'À vérifier')], default='cree', max_length=12, verbose_name='état')),
                ('reponse', models.JSONField(blank=True, default=dict, verbose_name='réponse de PayFiP')),
                ('cree_le', models.DateTimeField(verbose_name='commencée le')),
                ('interrogee_le', models.DateTimeField(blank=True, null=True, verbose_name='PayFiP interrogé le')),
                ('prochaine_le', models.DateTimeField(blank=True, null=True, verbose_name='à interroger le')),
                ('decidee_le', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('suite', models.CharField(blank=True, default='', max_length=200, verbose_name='suite donnée')),
                ('classee_le', models.DateTimeField(blank=True, null=True, verbose_name='classée le')),
                ('classee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('paiement', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tentative', to='creances.paiement', verbose_name='paiement')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tentatives', to='creances.payeur', verbose_name='payeur')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tentatives', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'tentative de paiement',
                'verbose_name_plural': 'tentatives de paiement',
                'ordering': ['-cree_le', '-pk'],
                'indexes': [models.Index(fields=['prochaine_le'], name='tentative_a_interroger'), models.Index(fields=['payeur', '-cree_le'], name='tentative_payeur')],
                'constraints': [models.CheckConstraint(condition=models.Q(('montant_centimes__gt', 0)), name='tentative_d_un_montant'), models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ['payee', 'prelevee']), ('paiement__isnull', False)), models.Q(models.Q(('etat__in', ['payee', 'prelevee']), _negated=True), ('paiement__isnull', True)), _connector='OR'), name='tentative_encaissee_a_son_paiement'), models.CheckConstraint(condition=models.Q(('etat__in', ['cree', 'abandonnee', 'expiree']), ('idop__isnull', False), _connector='OR'), name='tentative_en_attente_a_son_idop')],
            },
        ),
        migrations.CreateModel(
            name='LigneTentative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('facture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.facture', verbose_name='facture')),
                ('tentative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='paiements.tentative', verbose_name='tentative')),
            ],
            options={
                'verbose_name': 'facture d’une tentative',
                'verbose_name_plural': 'factures d’une tentative',
                'ordering': ['tentative_id', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('tentative', 'facture'), name='une_ligne_par_facture'), models.CheckConstraint(condition=models.Q(('montant_centimes__gt', 0)), name='ligne_tentative_positive')],
            },
        ),
    ]
