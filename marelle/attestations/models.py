"""Certificates: what a payer has paid for the care of young children in a year, as it was certified; and their yearly batch."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur, Regie


class Attestation(models.Model):
    """A tax certificate of one payer for one year: numbered without gaps, frozen. A new `version` cancels and replaces the
    one before, which stays.

    `contenu` is what it says (organism, signatory, children, amounts in centimes), so that it is drawn again as it was."""

    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="attestations", verbose_name="payeur")
    annee = models.PositiveSmallIntegerField("année")
    version = models.PositiveSmallIntegerField("version")
    regie = models.ForeignKey(Regie, models.PROTECT, related_name="+", verbose_name="régie qui numérote")
    rang = models.PositiveIntegerField("rang")
    numero = models.CharField("numéro", max_length=20, unique=True)
    remplace = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="remplacee_par", verbose_name="annule et remplace"
    )
    destinataire = models.JSONField("destinataire", default=dict)
    contenu = models.JSONField("contenu", default=dict)
    montant_centimes = models.BigIntegerField("montant")
    cesu_centimes = models.BigIntegerField("dont CESU préfinancé", default=0)
    emise_le = models.DateTimeField("émise le")
    emise_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="émise par")
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "attestation fiscale"
        verbose_name_plural = "attestations fiscales"
        ordering = ["-annee", "payeur_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["payeur", "annee", "version"], name="attestation_version_unique"),
            models.UniqueConstraint(fields=["regie", "annee", "rang"], name="attestation_rang_unique"),
            models.CheckConstraint(
                name="attestation_positive",
                condition=models.Q(montant_centimes__gte=0, cesu_centimes__lte=models.F("montant_centimes")),
                violation_error_message="Une attestation n’est pas négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"attestation {self.numero}"


class Signataire(models.Model):
    """Who signs the certificates, where, and the SIRET they bear (empty: that of the first régie). One row."""

    nom = models.CharField("nom", max_length=120, blank=True, default="")
    qualite = models.CharField("qualité", max_length=120, blank=True, default="")
    lieu = models.CharField("fait à", max_length=80, blank=True, default="")
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{14}\Z", "Un SIRET a quatorze chiffres, sans espace.")],
    )

    class Meta:
        verbose_name = "signataire des attestations"
        verbose_name_plural = "signataires des attestations"

    def __str__(self) -> str:
        return self.nom


class LotAttestations(models.Model):
    """The batch of a year: a job that certifies every payer, then draws one document to print. `cle`: its file.

    What went by e-mail is left out of it (`par_courriel`: how many), unless `avec_courriel` was asked."""

    annee = models.PositiveSmallIntegerField("année")
    demande_le = models.DateTimeField("demandé le")
    demande_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="demandé par")
    total = models.PositiveIntegerField("payeurs", default=0)
    faites = models.PositiveIntegerField("payeurs examinés", default=0)
    nouvelles = models.PositiveIntegerField("attestations établies", default=0)
    avec_courriel = models.BooleanField("imprime aussi ce qui part par e-mail", default=False)
    par_courriel = models.PositiveIntegerField("parties par e-mail, non imprimées", default=0)
    cle = models.UUIDField("document à imprimer", null=True, blank=True)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)

    est_arrete = False  # said by `lots.lots`

    class Meta:
        verbose_name = "lot d’attestations"
        verbose_name_plural = "lots d’attestations"
        ordering = ["-demande_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["annee"],
                condition=models.Q(fini_le__isnull=True),
                name="un_lot_a_la_fois_par_annee",
                violation_error_message="Les attestations de cette année sont déjà en préparation.",
            ),
        ]

    def __str__(self) -> str:
        return f"attestations {self.annee}"
