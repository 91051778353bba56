"""The cash desk of a régie: receipts, deposits, what is unpaid, reminders, direct debits. Rows are added, never rewritten."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Paiement, Payeur, Regie

from .modeles_sepa import LignePrelevement, MandatSepa, Prelevement

__all__ = [
    "Bordereau",
    "LigneBordereau",
    "LignePrelevement",
    "LigneVersement",
    "LotDeRelances",
    "MandatSepa",
    "Prelevement",
    "Relance",
    "Sursis",
    "TitresRecus",
    "Transmission",
    "Versement",
]


class TitresRecus(models.Model):
    """The paper or electronic vouchers (CESU, ANCV) of one payment: how many, and their serial numbers, as received."""

    paiement = models.OneToOneField(Paiement, models.PROTECT, related_name="titres", verbose_name="paiement")
    nombre = models.PositiveSmallIntegerField("nombre de titres")
    numeros = models.CharField("numéros", max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = "titres reçus"
        verbose_name_plural = "titres reçus"
        constraints = [models.CheckConstraint(name="titres_au_moins_un", condition=Q(nombre__gte=1))]

    def __str__(self) -> str:
        return f"{self.nombre} titres, {self.paiement_id}"


class _Numerotee(models.Model):
    """What is numbered without gaps per régie and year, once for all."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="+", verbose_name="régie")
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveIntegerField("rang")
    numero = models.CharField("numéro", max_length=20, unique=True)
    nombre = models.PositiveIntegerField("nombre de paiements")
    montant_centimes = models.BigIntegerField("montant")
    fait_le = models.DateTimeField("fait le")
    fait_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="par")
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.numero


class Bordereau(_Numerotee):
    """A deposit (*bordereau de remise*): payments of one means that leave the till together. Closed once made."""

    mode = models.CharField("mode", max_length=20, choices=Paiement.Mode)
    date_depot = models.DateField("déposé le")

    class Meta:
        verbose_name = "bordereau"
        verbose_name_plural = "bordereaux"
        ordering = ["-exercice", "-rang"]
        constraints = [
            models.UniqueConstraint(fields=["regie", "exercice", "rang"], name="bordereau_rang_unique"),
            models.CheckConstraint(name="bordereau_non_vide", condition=Q(nombre__gte=1, montant_centimes__gt=0)),
        ]


class LigneBordereau(models.Model):
    """A payment in its deposit: in one only."""

    bordereau = models.ForeignKey(Bordereau, models.PROTECT, related_name="lignes", verbose_name="bordereau")
    paiement = models.OneToOneField(Paiement, models.PROTECT, related_name="depot", verbose_name="paiement")

    class Meta:
        verbose_name = "ligne de bordereau"
        verbose_name_plural = "lignes de bordereau"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.paiement_id} dans {self.bordereau_id}"


class Versement(_Numerotee):
    """What the régisseur hands over to the public accountant: all that the account had received until then."""

    class Motif(models.TextChoices):
        PERIODIQUE = "periodique", "Versement périodique"
        ENCAISSE = "encaisse", "Encaisse maximum atteinte"
        FIN_ANNEE = "fin_annee", "Fin de l’année"
        CHANGEMENT = "changement", "Changement de régisseur"

    motif = models.CharField("motif", max_length=12, choices=Motif, default=Motif.PERIODIQUE)
    date_versement = models.DateField("versé le")

    class Meta:
        verbose_name = "versement"
        ordering = ["-exercice", "-rang"]
        constraints = [
            models.UniqueConstraint(fields=["regie", "exercice", "rang"], name="versement_rang_unique"),
            models.CheckConstraint(name="versement_non_vide", condition=Q(nombre__gte=1, montant_centimes__gt=0)),
        ]


class LigneVersement(models.Model):
    """A payment, or its counter-entry, in the versement that handed it over: in one only."""

    versement = models.ForeignKey(Versement, models.PROTECT, related_name="lignes", verbose_name="versement")
    paiement = models.OneToOneField(Paiement, models.PROTECT, related_name="versement", verbose_name="paiement")

    class Meta:
        verbose_name = "ligne de versement"
        verbose_name_plural = "lignes de versement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.paiement_id} dans {self.versement_id}"


class LotDeRelances(models.Model):
    """The reminders that an agent sent at once: their letters are printed from it, as often as one likes."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="+", verbose_name="régie")
    fait_le = models.DateTimeField("fait le")
    fait_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "lot de relances"
        verbose_name_plural = "lots de relances"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"relances du {localdate(self.fait_le):%d/%m/%Y}"


class Relance(models.Model):
    """A step of reminder of one invoice: never twice the same. `reste_centimes`: what was owed then."""

    class Moyen(models.TextChoices):
        COURRIEL = "courriel", "E-mail"
        COURRIER = "courrier", "Courrier"

    lot = models.ForeignKey(LotDeRelances, models.PROTECT, related_name="relances", verbose_name="lot")
    facture = models.ForeignKey(Facture, models.PROTECT, related_name="relances", verbose_name="facture")
    etape = models.PositiveSmallIntegerField("étape")
    moyen = models.CharField("moyen", max_length=8, choices=Moyen)
    titre = models.CharField("titre", max_length=120)
    texte = models.TextField("texte")
    reste_centimes = models.BigIntegerField("reste à payer")

    class Meta:
        verbose_name = "relance"
        ordering = ["facture_id", "etape"]
        constraints = [
            models.UniqueConstraint(fields=["facture", "etape"], name="relance_une_fois_par_etape"),
            models.CheckConstraint(name="relance_de_ce_qui_est_du", condition=Q(reste_centimes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"relance {self.etape} de {self.facture_id}"


class Sursis(models.Model):
    """A payer set aside from the reminders of a régie, with the reason (a plan agreed, a dispute…), until a day or lifted."""

    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="sursis", verbose_name="payeur")
    regie = models.ForeignKey(Regie, models.PROTECT, related_name="+", verbose_name="régie")
    motif = models.CharField("motif", max_length=200)
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    accorde_le = models.DateTimeField("accordé le")
    accorde_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="par")
    leve_le = models.DateTimeField("levé le", null=True, blank=True)

    class Meta:
        verbose_name = "sursis"
        verbose_name_plural = "sursis"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payeur", "regie"],
                condition=Q(leve_le__isnull=True),
                name="un_sursis_a_la_fois",
                violation_error_message="Les relances de ce payeur sont déjà suspendues.",
            ),
            models.CheckConstraint(name="sursis_dit_pourquoi", condition=~Q(motif="")),
        ]

    def __str__(self) -> str:
        return f"sursis de {self.payeur_id}"


class Transmission(models.Model):
    """An invoice handed over to the public Treasury: the régie takes no more money for it."""

    facture = models.OneToOneField(Facture, models.PROTECT, related_name="transmission", verbose_name="facture")
    montant_centimes = models.BigIntegerField("reste transmis")
    transmise_le = models.DateTimeField("transmise le")
    transmise_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "transmission au Trésor"
        verbose_name_plural = "transmissions au Trésor"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="transmission_d_un_reste", condition=Q(montant_centimes__gt=0))]

    def __str__(self) -> str:
        return f"facture {self.facture_id} transmise"
