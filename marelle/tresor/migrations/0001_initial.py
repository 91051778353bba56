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
            name='TexteCaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(verbose_name='texte')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('empreinte', models.CharField(db_index=True, max_length=64, verbose_name='empreinte')),
                ('charge_le', models.DateTimeField(auto_now_add=True, verbose_name='chargé le')),
            ],
            options={
                'verbose_name': 'convention Caf',
                'verbose_name_plural': 'conventions Caf',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CategorieTiers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('categorie', models.CharField(max_length=2, verbose_name='catégorie')),
                ('nature_juridique', models.CharField(max_length=2, verbose_name='nature juridique')),
                ('payeur', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='categorie', to='creances.payeur', verbose_name='organisme')),
            ],
            options={
                'verbose_name': 'catégorie d’organisme',
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sorte', models.CharField(choices=[('ormc', 'Rôle ORMC'), ('titre', 'Titres individuels'), ('annulation', 'Annulations et réductions'), ('neutre', 'Logiciel de finances'), ('autrement', 'Traité hors du portail')], max_length=10, verbose_name='sorte')),
                ('canal', models.CharField(choices=[('pes', 'Trésor public'), ('neutre', 'Logiciel de finances')], max_length=6, verbose_name='destination')),
                ('exercice', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('numero', models.PositiveIntegerField(verbose_name='bordereau')),
                ('date_emission', models.DateField(verbose_name='émis le')),
                ('periode_debut', models.DateField(blank=True, null=True, verbose_name='du')),
                ('periode_fin', models.DateField(blank=True, null=True, verbose_name='au')),
                ('pieces', models.PositiveIntegerField(verbose_name='nombre de pièces')),
                ('total_centimes', models.BigIntegerField(verbose_name='total')),
                ('motif', models.CharField(blank=True, default='', max_length=200, verbose_name='motif')),
                ('fait_le', models.DateTimeField(verbose_name='fait le')),
                ('fait_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='fait par')),
                ('regie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='creances.regie', verbose_name='régie')),
            ],
            options={
                'verbose_name': 'export',
                'ordering': ['-fait_le', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('regie', 'exercice', 'sorte', 'numero'), name='un_bordereau_par_numero', violation_error_message='Ce numéro de bordereau est déjà pris.'), models.CheckConstraint(condition=models.Q(('periode_debut__isnull', True), ('periode_debut__lte', models.F('periode_fin')), _connector='OR'), name='export_periode', violation_error_message='La période finit après avoir commencé.')],
            },
        ),
        migrations.CreateModel(
            name='AnnulationExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motif', models.CharField(max_length=200, verbose_name='motif')),
                ('faite_le', models.DateTimeField(verbose_name='faite le')),
                ('faite_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
                ('export', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='annulation', to='tresor.export', verbose_name='export')),
            ],
            options={
                'verbose_name': 'annulation d’export',
                'constraints': [models.CheckConstraint(condition=models.Q(('motif', ''), _negated=True), name='annulation_d_export_dit_pourquoi')],
            },
        ),
        migrations.CreateModel(
            name='FichierExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(unique=True, verbose_name='fichier')),
                ('nom', models.CharField(max_length=100, verbose_name='nom')),
                ('format', models.CharField(max_length=60, verbose_name='format')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('octets', models.PositiveIntegerField(verbose_name='taille')),
                ('ecrit_le', models.DateTimeField(verbose_name='écrit le')),
                ('export', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fichier', to='tresor.export', verbose_name='export')),
            ],
            options={
                'verbose_name': 'fichier d’export',
            },
        ),
        migrations.CreateModel(
            name='ImportRetour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=100, verbose_name='fichier')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('lignes', models.PositiveIntegerField(verbose_name='lignes')),
                ('paiements', models.PositiveIntegerField(verbose_name='paiements ajoutés')),
                ('deja_connus', models.PositiveIntegerField(verbose_name='paiements déjà connus')),
                ('references_ajoutees', models.PositiveIntegerField(verbose_name='références ajoutées')),
                ('total_centimes', models.BigIntegerField(verbose_name='total ajouté')),
                ('fait_le', models.DateTimeField(verbose_name='importé le')),
                ('fait_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
            ],
            options={
                'verbose_name': 'retour du Trésor',
                'verbose_name_plural': 'retours du Trésor',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PieceExportee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('canal', models.CharField(choices=[('pes', 'Trésor public'), ('neutre', 'Logiciel de finances')], max_length=6, verbose_name='destination')),
                ('role', models.CharField(choices=[('titre', 'Titre'), ('reduction', 'Réduit le titre avant l’envoi'), ('annulation', 'Annulation ou réduction'), ('neutre', 'Export')], max_length=10, verbose_name='rôle')),
                ('envoi', models.PositiveSmallIntegerField(default=1, verbose_name='envoi')),
                ('id_pce', models.PositiveIntegerField(default=0, verbose_name='numéro de pièce')),
                ('montant_centimes', models.BigIntegerField(verbose_name='montant')),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contenu', to='tresor.export', verbose_name='export')),
                ('facture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='creances.facture', verbose_name='facture')),
            ],
            options={
                'verbose_name': 'pièce exportée',
                'verbose_name_plural': 'pièces exportées',
                'ordering': ['export_id', 'id_pce', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('facture', 'canal', 'envoi'), name='une_facture_part_une_fois', violation_error_message='Cette facture est déjà partie : rechargez la page.')],
            },
        ),
        migrations.CreateModel(
            name='ReferenceTitre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, verbose_name='référence')),
                ('recue_le', models.DateTimeField(verbose_name='reçue le')),
                ('facture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='references_de_titre', to='creances.facture', verbose_name='facture')),
                ('recue_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
            ],
            options={
                'verbose_name': 'référence de titre',
                'verbose_name_plural': 'références de titre',
                'ordering': ['facture_id', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='reference_de_titre_non_vide')],
            },
        ),
        migrations.CreateModel(
            name='RegimeAllocataire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(choices=[('general', 'Régime général (Caf)'), ('msa', 'Régime agricole (MSA)'), ('autre', 'Autre régime')], max_length=8, verbose_name='régime')),
                ('du', models.DateField(verbose_name='depuis le')),
                ('saisi_le', models.DateTimeField(verbose_name='saisi le')),
                ('famille', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regimes', to='familles.famille', verbose_name='famille')),
                ('saisi_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.agent', verbose_name='par')),
            ],
            options={
                'verbose_name': 'régime allocataire',
                'verbose_name_plural': 'régimes allocataires',
                'ordering': ['famille_id', 'du', 'pk'],
            },
        ),
    ]
