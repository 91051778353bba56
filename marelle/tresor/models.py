"""What has gone to the accountant and what came back (rows are added, never rewritten); who a payer is for the Treasury."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Payeur, Regie
from marelle.familles.models import Famille
from marelle.regie.models import MandatSepa


class Export(models.Model):
    """One transmission: a bordereau for the Treasury, a parcel for the finance software, or what was done elsewhere.

    `numero` runs without gaps per exercice and sort (a rôle, titres and annulations each have their own)."""

    class Sorte(models.TextChoices):
        ROLE = "ormc", "Rôle ORMC"
        TITRES = "titre", "Titres individuels"
        ANNULATIONS = "annulation", "Annulations et réductions"
        NEUTRE = "neutre", "Logiciel de finances"
        AUTREMENT = "autrement", "Traité hors du portail"

    class Canal(models.TextChoices):
        PES = "pes", "Trésor public"
        NEUTRE = "neutre", "Logiciel de finances"

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="exports", verbose_name="régie")
    sorte = models.CharField("sorte", max_length=10, choices=Sorte)
    canal = models.CharField("destination", max_length=6, choices=Canal)
    exercice = models.PositiveSmallIntegerField("exercice")
    numero = models.PositiveIntegerField("bordereau")
    date_emission = models.DateField("émis le")
    periode_debut = models.DateField("du", null=True, blank=True)
    periode_fin = models.DateField("au", null=True, blank=True)
    pieces = models.PositiveIntegerField("nombre de pièces")
    total_centimes = models.BigIntegerField("total")
    motif = models.CharField("motif", max_length=200, blank=True, default="")
    fait_le = models.DateTimeField("fait le")
    fait_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="fait par")

    class Meta:
        verbose_name = "export"
        ordering = ["-fait_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["regie", "exercice", "sorte", "numero"],
                name="un_bordereau_par_numero",
                violation_error_message="Ce numéro de bordereau est déjà pris.",
            ),
            models.CheckConstraint(
                name="export_periode",
                condition=Q(periode_debut__isnull=True) | Q(periode_debut__lte=F("periode_fin")),
                violation_error_message="La période finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()} {self.exercice}-{self.numero}"

    @property
    def est_annule(self) -> bool:
        """The Treasury refused it."""
        return hasattr(self, "annulation")

    @property
    def est_pret(self) -> bool:
        """Its file is made; what was done elsewhere has none."""
        return self.sorte == self.Sorte.AUTREMENT or hasattr(self, "fichier")


class FichierExport(models.Model):
    """The file of an export: encrypted where documents are (`pieces.rangement`), with the digest of what it says."""

    export = models.OneToOneField(Export, models.PROTECT, related_name="fichier", verbose_name="export")
    cle = models.UUIDField("fichier", unique=True)
    nom = models.CharField("nom", max_length=100)
    format = models.CharField("format", max_length=60)
    empreinte = models.CharField("empreinte", max_length=64)
    octets = models.PositiveIntegerField("taille")
    ecrit_le = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "fichier d’export"

    def __str__(self) -> str:
        return self.nom


class AnnulationExport(models.Model):
    """The Treasury refused that export: what it holds may go again, in another one."""

    export = models.OneToOneField(Export, models.PROTECT, related_name="annulation", verbose_name="export")
    motif = models.CharField("motif", max_length=200)
    faite_le = models.DateTimeField("faite le")
    faite_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "annulation d’export"
        constraints = [models.CheckConstraint(name="annulation_d_export_dit_pourquoi", condition=~Q(motif=""))]

    def __str__(self) -> str:
        return f"annulation de {self.export_id}"


class PieceExportee(models.Model):
    """That an invoice (or an avoir) went in that export. `envoi` is its rank by that way: 1, then 2 if the first export was
    refused. Two exports made at once cannot both take an invoice: they would give it the same rank.

    `id_pce` is its number in the file (titre or article). An avoir of an invoice not yet sent goes with it (`REDUCTION`) and
    takes its number: the amounts of the pieces of an export add up to its total. `mandat`, `preleve_le`: by which mandate the
    Treasury debits that titre, and on which day; empty when it does not."""

    class Role(models.TextChoices):
        TITRE = "titre", "Titre"
        REDUCTION = "reduction", "Réduit le titre avant l’envoi"
        ANNULATION = "annulation", "Annulation ou réduction"
        COPIE = "neutre", "Export"

    export = models.ForeignKey(Export, models.PROTECT, related_name="contenu", verbose_name="export")
    facture = models.ForeignKey(Facture, models.PROTECT, related_name="exports", verbose_name="facture")
    canal = models.CharField("destination", max_length=6, choices=Export.Canal)
    role = models.CharField("rôle", max_length=10, choices=Role)
    envoi = models.PositiveSmallIntegerField("envoi", default=1)
    id_pce = models.PositiveIntegerField("numéro de pièce", default=0)
    montant_centimes = models.BigIntegerField("montant")
    mandat = models.ForeignKey(
        MandatSepa, models.PROTECT, null=True, blank=True, related_name="pieces", verbose_name="mandat"
    )
    preleve_le = models.DateField("prélevé le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce exportée"
        verbose_name_plural = "pièces exportées"
        ordering = ["export_id", "id_pce", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facture", "canal", "envoi"],
                name="une_facture_part_une_fois",
                violation_error_message="Cette facture est déjà partie : rechargez la page.",
            ),
            models.CheckConstraint(
                name="piece_prelevee_par_un_mandat",
                condition=Q(mandat__isnull=True, preleve_le__isnull=True)
                | Q(mandat__isnull=False, preleve_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facture_id} dans {self.export_id}"


class ReferenceTitre(models.Model):
    """The reference printed on the *avis des sommes à payer* (exercice-bordereau-titre), as the Treasury gave it back; the
    last one counts."""

    facture = models.ForeignKey(Facture, models.PROTECT, related_name="references_de_titre", verbose_name="facture")
    reference = models.CharField("référence", max_length=40)
    recue_le = models.DateTimeField("reçue le")
    recue_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "référence de titre"
        verbose_name_plural = "références de titre"
        ordering = ["facture_id", "pk"]
        constraints = [
            models.CheckConstraint(name="reference_de_titre_non_vide", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return self.reference


class ImportRetour(models.Model):
    """A file of what the Treasury was paid, as it was imported: the same file again adds nothing."""

    nom = models.CharField("fichier", max_length=100)
    empreinte = models.CharField("empreinte", max_length=64)
    lignes = models.PositiveIntegerField("lignes")
    paiements = models.PositiveIntegerField("paiements ajoutés")
    deja_connus = models.PositiveIntegerField("paiements déjà connus")
    references_ajoutees = models.PositiveIntegerField("références ajoutées")
    total_centimes = models.BigIntegerField("total ajouté")
    fait_le = models.DateTimeField("importé le")
    fait_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "retour du Trésor"
        verbose_name_plural = "retours du Trésor"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.nom


class CategorieTiers(models.Model):
    """What an organisation that is billed is for the Treasury: the couple CatTiers / NatJur of the PES."""

    payeur = models.OneToOneField(Payeur, models.CASCADE, related_name="categorie", verbose_name="organisme")
    categorie = models.CharField("catégorie", max_length=2)
    nature_juridique = models.CharField("nature juridique", max_length=2)

    class Meta:
        verbose_name = "catégorie d’organisme"

    def __str__(self) -> str:
        return f"{self.categorie}/{self.nature_juridique}"


class RegimeAllocataire(models.Model):
    """Which fund a household depends on, from that day on: for the hours declared to the Caf. The last entry counts."""

    class Regime(models.TextChoices):
        GENERAL = "general", "Régime général (Caf)"
        AGRICOLE = "msa", "Régime agricole (MSA)"
        AUTRE = "autre", "Autre régime"

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="regimes", verbose_name="famille")
    regime = models.CharField("régime", max_length=8, choices=Regime)
    du = models.DateField("depuis le")
    saisi_le = models.DateTimeField("saisi le")
    saisi_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "régime allocataire"
        verbose_name_plural = "régimes allocataires"
        ordering = ["famille_id", "du", "pk"]

    def __str__(self) -> str:
        return f"{self.famille_id} {self.regime}"


class TexteCaf(models.Model):
    """`caf.toml` as it was loaded, never edited: how attendance becomes hours, by the convention with the Caf."""

    texte = models.TextField("texte")
    source = models.CharField("source", max_length=200)
    empreinte = models.CharField("empreinte", max_length=64, db_index=True)
    charge_le = models.DateTimeField("chargé le", auto_now_add=True)

    class Meta:
        verbose_name = "convention Caf"
        verbose_name_plural = "conventions Caf"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source} ({self.empreinte[:8]})"
