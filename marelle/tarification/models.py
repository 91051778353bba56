"""What prices depend on: the texts of the tariffs, and the quotient familial of each household, entry by entry."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.pieces.models import Piece


class TexteTarifs(models.Model):
    """Tariffs as they were loaded, never edited: the newest is in force, the others stay as the record of what applied."""

    texte = models.TextField("texte")
    source = models.CharField("source", max_length=200)
    empreinte = models.CharField("empreinte", max_length=64, db_index=True)
    charge_le = models.DateTimeField("chargé le", auto_now_add=True)

    class Meta:
        verbose_name = "tarifs"
        verbose_name_plural = "tarifs"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source} ({self.empreinte[:8]})"


class QuotientFamilial(models.Model):
    """A quotient of a household, as somebody read it on a day. Never edited: an error is cancelled, with its reason.

    Of those that cover a day, the last entered counts. `source` DECLARE is the family's word: nothing proves it.
    """

    class Source(models.TextChoices):
        CDAP = "cdap", "Relevé sur CDAP"
        ATTESTATION = "attestation", "Attestation Caf ou MSA"
        AVIS = "avis", "Calculé sur l’avis d’imposition"
        DECLARE = "declare", "Déclaré, sans justificatif"

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="quotients", verbose_name="famille")
    valeur = models.PositiveIntegerField("quotient familial")
    source = models.CharField("source", max_length=12, choices=Source)
    releve_le = models.DateField("relevé le")
    valable_du = models.DateField("valable du")
    valable_au = models.DateField("valable jusqu’au", null=True, blank=True)
    piece = models.ForeignKey(
        Piece, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="justificatif"
    )
    saisi_le = models.DateTimeField("saisi le", auto_now_add=True)
    saisi_par = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+", verbose_name="saisi par")
    annule_le = models.DateTimeField("annulé le", null=True, blank=True, editable=False)
    annule_motif = models.CharField("motif de l’annulation", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "quotient familial"
        verbose_name_plural = "quotients familiaux"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="quotient_dans_l_ordre",
                condition=Q(valable_au__isnull=True) | Q(valable_au__gte=F("valable_du")),
                violation_error_message="La fin de validité vient après le début.",
            ),
            models.CheckConstraint(
                name="quotient_vraisemblable",
                condition=Q(valeur__lte=99_999),
                violation_error_message="Un quotient familial a cinq chiffres au plus.",
            ),
            models.CheckConstraint(
                name="un_quotient_annule_dit_pourquoi",
                condition=Q(annule_le__isnull=True) | ~Q(annule_motif=""),
                violation_error_message="Dites pourquoi ce quotient est annulé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Quotient de la famille {self.famille_id}, {self.releve_le}"

    @property
    def est_justifie(self) -> bool:
        return self.source != self.Source.DECLARE

    def couvre(self, jour: date) -> bool:
        return self.valable_du <= jour and (self.valable_au is None or jour <= self.valable_au)
