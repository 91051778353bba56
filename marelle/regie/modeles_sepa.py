"""Direct debits: the mandates that payers signed, and the runs that collect what they owe."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur, Regie
from marelle.socle.coffre import TexteChiffre


class MandatSepa(models.Model):
    """A payer lets a régie debit its account, or the Treasury for a budget of titres. The account number is encrypted;
    screens show its four last characters. `dernier_ailleurs_le`: the last collection made by it with another software.

    A RUM is of one mandate; held for void by mistake, the same mandate is entered again with it, and takes the place of the
    row that was."""

    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="mandats_sepa", verbose_name="payeur")
    regie = models.ForeignKey(Regie, models.PROTECT, related_name="+", verbose_name="régie")
    rum = models.CharField("référence unique du mandat (RUM)", max_length=35, db_index=True)
    titulaire = models.CharField("titulaire du compte", max_length=70)
    iban = TexteChiffre("IBAN")
    iban_fin = models.CharField("fin de l’IBAN", max_length=4)
    bic = models.CharField("BIC", max_length=11, blank=True, default="")
    signe_le = models.DateField("signé le")
    dernier_ailleurs_le = models.DateField("dernier prélèvement fait ailleurs le", null=True, blank=True)
    saisi_le = models.DateTimeField("saisi le")
    saisi_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="saisi par")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    revoque_motif = models.CharField("motif", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "mandat SEPA"
        verbose_name_plural = "mandats SEPA"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payeur", "regie"],
                condition=Q(revoque_le__isnull=True),
                name="un_mandat_sepa_en_vigueur",
                violation_error_message="Ce payeur a déjà un mandat en vigueur : révoquez-le d’abord.",
            ),
            models.UniqueConstraint(
                fields=["rum"],
                condition=Q(revoque_le__isnull=True),
                name="une_rum_en_vigueur",
                violation_error_message="Cette référence est celle d’un autre mandat.",
            ),
        ]

    def __str__(self) -> str:
        return self.rum


class Prelevement(models.Model):
    """A run of direct debits: one line per payer, one file for the bank, collected on one day.

    Open until its payments are recorded (`enregistre_le`) or it is abandoned (`abandonne_le`)."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="+", verbose_name="régie")
    date_prelevement = models.DateField("prélevé le")
    nombre = models.PositiveIntegerField("nombre de prélèvements")
    montant_centimes = models.BigIntegerField("montant")
    cree_le = models.DateTimeField("préparé le")
    cree_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="préparé par")
    enregistre_le = models.DateTimeField("enregistré le", null=True, blank=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)

    class Meta:
        verbose_name = "prélèvement"
        ordering = ["-date_prelevement", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="prelevement_enregistre_ou_abandonne",
                condition=Q(enregistre_le__isnull=True) | Q(abandonne_le__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"prélèvement du {self.date_prelevement:%d/%m/%Y}"

    @property
    def est_en_cours(self) -> bool:
        return self.enregistre_le is None and self.abandonne_le is None

    @property
    def reference(self) -> str:
        """The name of the run at the bank: at most 35 characters."""
        return f"MARELLE-{self.regie_id}-{self.pk:06d}"


class LignePrelevement(models.Model):
    """What one payer is debited in a run. `factures`: pairs of an invoice's key and its share in centimes."""

    class Sequence(models.TextChoices):
        PREMIER = "FRST", "Premier prélèvement"
        SUIVANT = "RCUR", "Prélèvement suivant"

    prelevement = models.ForeignKey(Prelevement, models.PROTECT, related_name="lignes", verbose_name="prélèvement")
    mandat = models.ForeignKey(MandatSepa, models.PROTECT, related_name="lignes", verbose_name="mandat")
    sequence = models.CharField("séquence", max_length=4, choices=Sequence)
    factures = models.JSONField("factures", default=list)
    montant_centimes = models.BigIntegerField("montant")

    class Meta:
        verbose_name = "ligne de prélèvement"
        verbose_name_plural = "lignes de prélèvement"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["prelevement", "mandat"], name="une_ligne_par_mandat"),
            models.CheckConstraint(name="prelevement_positif", condition=Q(montant_centimes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.mandat_id} dans {self.prelevement_id}"

    @property
    def reference_unique(self) -> str:
        """What makes it become one payment, never two; also its end-to-end reference at the bank."""
        return f"prelevement:{self.prelevement_id}:{self.pk}"
