import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '0003_role_regie'),
        ('familles', '0002_situation'),
    ]

    operations = [
        migrations.CreateModel(
            name='TexteRegies',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(verbose_name='texte')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('empreinte', models.CharField(db_index=True, max_length=64, verbose_name='empreinte')),
                ('charge_le', models.DateTimeField(auto_now_add=True, verbose_name='chargé le')),
            ],
            options={
                'verbose_name': 'régies',
                'verbose_name_plural': 'régies',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Payeur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sorte', models.CharField(choices=[('famille', 'Famille'), ('adulte', 'Adulte facturé à part'), ('tiers', 'Organisme')], default='famille', max_length=8, verbose_name='sorte')),
                ('code', models.CharField(blank=True, default='', max_length=40, verbose_name='code')),
                ('nom', models.CharField(blank=True, default='', max_length=120, verbose_name='nom')),
                ('siret', models.CharField(blank=True, default='', max_length=14, verbose_name='SIRET')),
                ('adresse', models.CharField(blank=True, default='', max_length=200, verbose_name='adresse')),
                ('code_postal', models.CharField(blank=True, default='', max_length=5, verbose_name='code postal')),
                ('commune', models.CharField(blank=True, default='', max_length=80, verbose_name='commune')),
                ('courriel', models.EmailField(blank=True, default='', max_length=254, verbose_name='adresse e-mail')),
                ('famille', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payeurs', to='familles.famille', verbose_name='famille')),
                ('responsable', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payeurs', to='familles.responsable', verbose_name='adulte')),
            ],
            options={
                'verbose_name': 'payeur',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('famille__isnull', False), ('responsable__isnull', True), ('sorte', 'famille')), models.Q(('famille__isnull', False), ('responsable__isnull', False), ('sorte', 'adulte')), models.Q(('famille__isnull', True), ('responsable__isnull', True), ('sorte', 'tiers'), models.Q(('code', ''), _negated=True), models.Q(('nom', ''), _negated=True)), _connector='OR'), name='payeur_de_sa_sorte', violation_error_message='Un payeur est une famille, un adulte d’une famille ou un organisme nommé.'), models.UniqueConstraint(condition=models.Q(('sorte', 'famille')), fields=('famille',), name='un_payeur_par_famille', violation_error_message='Cette famille a déjà son payeur.'), models.UniqueConstraint(condition=models.Q(('sorte', 'adulte')), fields=('responsable',), name='un_payeur_par_adulte', violation_error_message='Cet adulte est déjà facturé à part.'), models.UniqueConstraint(condition=models.Q(('sorte', 'tiers')), fields=('code',), name='un_payeur_par_code', violation_error_message='Un autre organisme porte déjà ce code.')],
            },
        ),
        migrations.CreateModel(
            name='Facture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercice', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('rang', models.PositiveIntegerField(verbose_name='rang')),
                ('numero', models.CharField(max_length=15, unique=True, verbose_name='numéro')),
                ('sorte', models.CharField(choices=[('facture', 'Facture'), ('avoir', 'Avoir')], max_length=8, verbose_name='sorte')),
                ('reference', models.CharField(blank=True, max_length=80, null=True, unique=True, verbose_name='référence unique')),
                ('destinataire', models.JSONField(default=dict, verbose_name='destinataire')),
                ('periode_debut', models.DateField(verbose_name='du')),
                ('periode_fin', models.DateField(verbose_name='au')),
                ('date_emission', models.DateField(verbose_name='émise le')),
                ('date_echeance', models.DateField(verbose_name='à payer avant le')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('solde_anterieur_centimes', models.BigIntegerField(default=0, verbose_name='solde antérieur')),
                ('motif', models.CharField(blank=True, default='', max_length=300, verbose_name='motif')),
                ('emise_le', models.DateTimeField(verbose_name='enregistrée le')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('corrige', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='avoirs', to='creances.facture', verbose_name='facture corrigée')),
                ('emise_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='émise par')),
                ('famille', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='factures', to='familles.famille', verbose_name='famille')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factures', to='creances.payeur', verbose_name='payeur')),
            ],
            options={
                'verbose_name': 'facture',
                'ordering': ['-date_emission', '-numero'],
                'indexes': [models.Index(fields=['famille', '-date_emission'], name='facture_famille')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('montant_centimes__gt', 0), ('sorte', 'facture')), models.Q(('montant_centimes__lt', 0), ('sorte', 'avoir')), _connector='OR'), name='facture_doit_avoir_rend', violation_error_message='Une facture est due, un avoir rend : ni l’une ni l’autre n’est nulle.'), models.CheckConstraint(condition=models.Q(('periode_debut__lte', models.F('periode_fin'))), name='facture_periode'), models.CheckConstraint(condition=models.Q(('sorte', 'facture'), models.Q(('motif', ''), _negated=True), _connector='OR'), name='avoir_dit_pourquoi', violation_error_message='Dites à la famille pourquoi cet avoir est fait.')],
            },
        ),
        migrations.CreateModel(
            name='LigneFacture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rang', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('sorte', models.CharField(choices=[('prestation', 'Prestation'), ('forfait', 'Forfait'), ('cotisation', 'Cotisation'), ('correction', 'Régularisation'), ('prise_en_charge', 'Prise en charge'), ('autre', 'Autre')], default='prestation', max_length=16, verbose_name='sorte')),
                ('cle', models.CharField(max_length=80, verbose_name='ce qui est facturé')),
                ('tour', models.PositiveSmallIntegerField(default=1, verbose_name='tour')),
                ('activite', models.CharField(blank=True, default='', max_length=60, verbose_name='code de l’activité')),
                ('unite', models.CharField(blank=True, default='', max_length=60, verbose_name='code de l’unité')),
                ('date', models.DateField(blank=True, null=True, verbose_name='jour')),
                ('minutes', models.PositiveIntegerField(default=0, verbose_name='minutes facturées')),
                ('libelle', models.CharField(max_length=200, verbose_name='libellé')),
                ('explication', models.CharField(blank=True, default='', max_length=300, verbose_name='explication')),
                ('prix', models.JSONField(blank=True, null=True, verbose_name='prix')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('eligible_centimes', models.BigIntegerField(default=0, verbose_name='part de garde')),
                ('enfant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lignes_de_facture', to='familles.enfant', verbose_name='enfant')),
                ('facture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='creances.facture', verbose_name='facture')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='creances.payeur', verbose_name='payeur')),
            ],
            options={
                'verbose_name': 'ligne de facture',
                'verbose_name_plural': 'lignes de facture',
                'ordering': ['facture_id', 'rang'],
                'indexes': [models.Index(fields=['enfant', 'date'], name='ligne_enfant_date')],
                'constraints': [models.UniqueConstraint(fields=('facture', 'rang'), name='ligne_rang_unique'), models.UniqueConstraint(fields=('payeur', 'cle', 'tour'), name='ligne_facturee_une_fois')],
            },
        ),
        migrations.CreateModel(
            name='Regie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.PositiveSmallIntegerField(unique=True, verbose_name='code')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
            ],
            options={
                'verbose_name': 'régie',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__gte', 1), ('code__lte', 99)), name='regie_code_de_1_a_99', violation_error_message='Le code d’une régie va de 1 à 99.')],
            },
        ),
        migrations.CreateModel(
            name='Paiement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercice', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('rang', models.PositiveIntegerField(verbose_name='rang')),
                ('numero', models.CharField(max_length=20, unique=True, verbose_name='numéro')),
                ('mode', models.CharField(choices=[('especes', 'Espèces'), ('cheque', 'Chèque'), ('carte', 'Carte bancaire'), ('en_ligne', 'Carte bancaire en ligne (PayFiP)'), ('prelevement_en_ligne', 'Prélèvement en ligne (PayFiP)'), ('virement', 'Virement'), ('prelevement', 'Prélèvement SEPA'), ('cesu', 'CESU préfinancé'), ('ancv', 'Chèques-Vacances ANCV'), ('tresor', 'Payé au Trésor public')], max_length=20, verbose_name='mode')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('date_paiement', models.DateField(verbose_name='reçu le')),
                ('emetteur', models.CharField(blank=True, default='', max_length=80, verbose_name='banque ou émetteur')),
                ('reference', models.CharField(blank=True, default='', max_length=80, verbose_name='numéro du chèque ou référence')),
                ('reference_unique', models.CharField(blank=True, max_length=80, null=True, unique=True, verbose_name='référence unique')),
                ('motif', models.CharField(blank=True, default='', max_length=200, verbose_name='motif')),
                ('enregistre_le', models.DateTimeField(verbose_name='enregistré le')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('annule', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contrepassation', to='creances.paiement', verbose_name='annule')),
                ('enregistre_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('payeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paiements', to='creances.payeur', verbose_name='payeur')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paiements', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'paiement',
                'ordering': ['-date_paiement', '-numero'],
                'indexes': [models.Index(fields=['payeur', 'regie'], name='paiement_payeur')],
                'constraints': [models.UniqueConstraint(fields=('regie', 'exercice', 'rang'), name='paiement_rang_unique'), models.CheckConstraint(condition=models.Q(models.Q(('annule__isnull', True), ('montant_centimes__gt', 0)), models.Q(('annule__isnull', False), ('montant_centimes__lt', 0), models.Q(('motif', ''), _negated=True)), _connector='OR'), name='paiement_recu_ou_annule', violation_error_message='Un paiement est positif ; son annulation est négative et dit pourquoi.')],
            },
        ),
        migrations.CreateModel(
            name='Mandat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('qualite', models.CharField(choices=[('titulaire', 'Régisseur titulaire'), ('suppleant', 'Mandataire suppléant'), ('mandataire', 'Mandataire')], max_length=12, verbose_name='qualité')),
                ('arrete', models.CharField(blank=True, default='', max_length=120, verbose_name='arrêté')),
                ('debut', models.DateField(verbose_name='du')),
                ('fin', models.DateField(blank=True, null=True, verbose_name='au')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandats_de_regie', to='comptes.agent', verbose_name='agent')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandats', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'mandat de régisseur',
                'verbose_name_plural': 'mandats de régisseur',
                'ordering': ['regie', 'debut', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fin__isnull', True), ('fin__gte', models.F('debut')), _connector='OR'), name='mandat_dans_l_ordre', violation_error_message='La fin du mandat vient après le début.')],
            },
        ),
        migrations.CreateModel(
            name='Compteur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercice', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('serie', models.CharField(max_length=20, verbose_name='série')),
                ('dernier', models.PositiveIntegerField(default=0, verbose_name='dernier rang')),
                ('empreinte', models.CharField(blank=True, default='', max_length=64, verbose_name='empreinte')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='compteurs', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'compteur',
                'ordering': ['regie', 'exercice', 'serie'],
                'constraints': [models.UniqueConstraint(fields=('regie', 'exercice', 'serie'), name='un_compteur_par_serie')],
            },
        ),
        migrations.CreateModel(
            name='Ventilation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('faite_le', models.DateTimeField(verbose_name='faite le')),
                ('avoir', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imputations', to='creances.facture', verbose_name='avoir')),
                ('facture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ventilations', to='creances.facture', verbose_name='facture')),
                ('paiement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ventilations', to='creances.paiement', verbose_name='paiement')),
            ],
            options={
                'verbose_name': 'ventilation',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('avoir__isnull', True), ('paiement__isnull', False)), models.Q(('avoir__isnull', False), ('paiement__isnull', True)), _connector='OR'), name='ventilation_d_une_source'), models.CheckConstraint(condition=models.Q(('montant_centimes', 0), _negated=True), name='ventilation_non_nulle')],
            },
        ),
        migrations.AddField(
            model_name='facture',
            name='regie',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factures', to='creances.regie', verbose_name='régie'),
        ),
        migrations.AddIndex(
            model_name='facture',
            index=models.Index(fields=['payeur', 'regie'], name='facture_payeur'),
        ),
        migrations.AddConstraint(
            model_name='facture',
            constraint=models.UniqueConstraint(fields=('regie', 'exercice', 'rang'), name='facture_rang_unique'),
        ),
    ]
