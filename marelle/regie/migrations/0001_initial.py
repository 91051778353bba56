import django.db.models.deletion
import encrypted_fields.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0003_role_regie'),
        ('creances', '0002_verrous'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bordereau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercice', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('rang', models.PositiveIntegerField(verbose_name='rang')),
                ('numero', models.CharField(max_length=20, unique=True, verbose_name='numéro')),
                ('nombre', models.PositiveIntegerField(verbose_name='nombre de paiements')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('fait_le', models.DateTimeField(verbose_name='fait le')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('mode', models.CharField(choices=[('especes', 'Espèces'), ('cheque', 'Chèque'), ('carte', 'Carte bancaire'), ('en_ligne', 'Carte bancaire en ligne (PayFiP)'), ('prelevement_en_ligne', 'Prélèvement en ligne (PayFiP)'), ('virement', 'Virement'), ('prelevement', 'Prélèvement SEPA'), ('cesu', 'CESU préfinancé'), ('ancv', 'Chèques-Vacances ANCV'), ('tresor', 'Payé au Trésor public')], max_length=20, verbose_name='mode')),
                ('date_depot', models.DateField(verbose_name='déposé le')),
                ('fait_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'bordereau',
                'verbose_name_plural': 'bordereaux',
                'ordering': ['-exercice', '-rang'],
                'constraints': [models.UniqueConstraint(fields=('regie', 'exercice', 'rang'), name='bordereau_rang_unique'), models.CheckConstraint(condition=models.Q(('montant_centimes__gt', 0), ('nombre__gte', 1)), name='bordereau_non_vide')],
            },
        ),
        migrations.CreateModel(
            name='LigneBordereau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bordereau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='regie.bordereau', verbose_name='bordereau')),
                ('paiement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='depot', to='creances.paiement', verbose_name='paiement')),
            ],
            options={
                'verbose_name': 'ligne de bordereau',
                'verbose_name_plural': 'lignes de bordereau',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='LotDeRelances',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fait_le', models.DateTimeField(verbose_name='fait le')),
                ('fait_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'lot de relances',
                'verbose_name_plural': 'lots de relances',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='MandatSepa',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rum', models.CharField(max_length=35, unique=True, verbose_name='référence unique du mandat (RUM)')),
                ('titulaire', models.CharField(max_length=70, verbose_name='titulaire du compte')),
                ('iban', encrypted_fields.fields.EncryptedTextField(verbose_name='IBAN')),
                ('iban_fin', models.CharField(max_length=4, verbose_name='fin de l’IBAN')),
                ('bic', models.CharField(blank=True, default='', max_length=11, verbose_name='BIC')),
                ('signe_le', models.DateField(verbose_name='signé le')),
                ('saisi_le', models.DateTimeField(verbose_name='saisi le')),
                ('revoque_le', models.DateTimeField(blank=True, null=True, verbose_name='révoqué le')),
                ('revoque_motif', models.CharField(blank=True, default='', max_length=200, verbose_name='motif')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandats_sepa', to='creances.payeur', verbose_name='payeur')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie')),
                ('saisi_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='saisi par')),
            ],
            options={
                'verbose_name': 'mandat SEPA',
                'verbose_name_plural': 'mandats SEPA',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoque_le__isnull', True)), fields=('payeur', 'regie'), name='un_mandat_sepa_en_vigueur', violation_error_message='Ce payeur a déjà un mandat en vigueur : révoquez-le d’abord.')],
            },
        ),
        migrations.CreateModel(
            name='Prelevement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_prelevement', models.DateField(verbose_name='prélevé le')),
                ('nombre', models.PositiveIntegerField(verbose_name='nombre de prélèvements')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('cree_le', models.DateTimeField(verbose_name='préparé le')),
                ('enregistre_le', models.DateTimeField(blank=True, null=True, verbose_name='enregistré le')),
                ('abandonne_le', models.DateTimeField(blank=True, null=True, verbose_name='abandonné le')),
                ('cree_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='préparé par')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'prélèvement',
                'ordering': ['-date_prelevement', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('enregistre_le__isnull', True), ('abandonne_le__isnull', True), _connector='OR'), name='prelevement_enregistre_ou_abandonne')],
            },
        ),
        migrations.CreateModel(
            name='LignePrelevement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.CharField(choices=[('FRST', 'Premier prélèvement'), ('RCUR', 'Prélèvement suivant')], max_length=4, verbose_name='séquence')),
                ('factures', models.JSONField(default=list, verbose_name='factures')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('mandat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='regie.mandatsepa', verbose_name='mandat')),
                ('prelevement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='regie.prelevement', verbose_name='prélèvement')),
            ],
            options={
                'verbose_name': 'ligne de prélèvement',
                'verbose_name_plural': 'lignes de prélèvement',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('prelevement', 'mandat'), name='une_ligne_par_mandat'), models.CheckConstraint(condition=models.Q(('montant_centimes__gt', 0)), name='prelevement_positif')],
            },
        ),
        migrations.CreateModel(
            name='Relance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etape', models.PositiveSmallIntegerField(verbose_name='étape')),
                ('moyen', models.CharField(choices=[('courriel', 'E-mail'), ('courrier', 'Courrier')], max_length=8, verbose_name='moyen')),
                ('titre', models.CharField(max_length=120, verbose_name='titre')),
                ('texte', models.TextField(verbose_name='texte')),
                ('reste_centimes', models.BigIntegerField(verbose_name='reste à payer')),
                ('facture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relances', to='creances.facture', verbose_name='facture')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relances', to='regie.lotderelances', verbose_name='lot')),
            ],
            options={
                'verbose_name': 'relance',
                'ordering': ['facture_id', 'etape'],
                'constraints': [models.UniqueConstraint(fields=('facture', 'etape'), name='relance_une_fois_par_etape'), models.CheckConstraint(condition=models.Q(('reste_centimes__gt', 0)), name='relance_de_ce_qui_est_du')],
            },
        ),
        migrations.CreateModel(
            name='Sursis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motif', models.CharField(max_length=200, verbose_name='motif')),
                ('jusqu_au', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('accorde_le', models.DateTimeField(verbose_name='accordé le')),
                ('leve_le', models.DateTimeField(blank=True, null=True, verbose_name='levé le')),
                ('accorde_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sursis', to='creances.payeur', verbose_name='payeur')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'sursis',
                'verbose_name_plural': 'sursis',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('leve_le__isnull', True)), fields=('payeur', 'regie'), name='un_sursis_a_la_fois', violation_error_message='Les relances de ce payeur sont déjà suspendues.'), models.CheckConstraint(condition=models.Q(('motif', ''), _negated=True), name='sursis_dit_pourquoi')],
            },
        ),
        migrations.CreateModel(
            name='TitresRecus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nombre', models.PositiveSmallIntegerField(verbose_name='nombre de titres')),
                ('numeros', models.CharField(blank=True, default='', max_length=1000, verbose_name='numéros')),
                ('paiement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='titres', to='creances.paiement', verbose_name='paiement')),
            ],
            options={
                'verbose_name': 'titres reçus',
                'verbose_name_plural': 'titres reçus',
                'constraints': [models.CheckConstraint(condition=models.Q(('nombre__gte', 1)), name='titres_au_moins_un')],
            },
        ),
        migrations.CreateModel(
            name='Transmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('montant_centimes', models.BigIntegerField(verbose_name='reste transmis')),
                ('transmise_le', models.DateTimeField(verbose_name='transmise le')),
                ('facture', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='transmission', to='creances.facture', verbose_name='facture')),
                ('transmise_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
            ],
            options={
                'verbose_name': 'transmission au Trésor',
                'verbose_name_plural': 'transmissions au Trésor',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('montant_centimes__gt', 0)), name='transmission_d_un_reste')],
            },
        ),
        migrations.CreateModel(
            name='Versement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercice', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('rang', models.PositiveIntegerField(verbose_name='rang')),
                ('numero', models.CharField(max_length=20, unique=True, verbose_name='numéro')),
                ('nombre', models.PositiveIntegerField(verbose_name='nombre de paiements')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('fait_le', models.DateTimeField(verbose_name='fait le')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('motif', models.CharField(choices=[('periodique', 'Versement périodique'), ('encaisse', 'Encaisse maximum atteinte'), ('fin_annee', 'Fin de l’année'), ('changement', 'Changement de régisseur')], default='periodique', max_length=12, verbose_name='motif')),
                ('date_versement', models.DateField(verbose_name='versé le')),
                ('fait_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'versement',
                'ordering': ['-exercice', '-rang'],
                'constraints': [models.UniqueConstraint(fields=('regie', 'exercice', 'rang'), name='versement_rang_unique'), models.CheckConstraint(condition=models.Q(('montant_centimes__gt', 0), ('nombre__gte', 1)), name='versement_non_vide')],
            },
        ),
        migrations.CreateModel(
            name='LigneVersement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paiement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='versement', to='creances.paiement', verbose_name='paiement')),
                ('versement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='regie.versement', verbose_name='versement')),
            ],
            options={
                'verbose_name': 'ligne de versement',
                'verbose_name_plural': 'lignes de versement',
                'ordering': ['pk'],
            },
        ),
    ]
