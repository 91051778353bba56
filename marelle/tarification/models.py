"""What prices depend on: the texts of the tariffs, and the quotient familial of each household, entry by entry."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent
from marelle.familles.models import Enfant, Famille, Responsable
from marelle.pieces.models import Piece
from marelle.reservations.models import Reservation


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

    Of those that cover a day, the last entered counts. `source` DECLARE is the family's word: nothing proves it. `fournisseur`,
    `mois` (its first day) and `responsable`: who was asked, for which month, about which adult, when API Particulier answered.
    `rappele_le`: when the family was reminded that it ends.
    """

    class Source(models.TextChoices):
        CDAP = "cdap", "Relevé sur CDAP"
        ATTESTATION = "attestation", "Attestation Caf ou MSA"
        AVIS = "avis", "Calculé sur l’avis d’imposition"
        DECLARE = "declare", "Déclaré, sans justificatif"
        API = "api", "Lu auprès de la Caf ou de la MSA"

    class Fournisseur(models.TextChoices):
        CNAF = "CNAF", "Caf"
        MSA = "MSA", "MSA"

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
    fournisseur = models.CharField("fournisseur", max_length=4, choices=Fournisseur, blank=True, default="")
    mois = models.DateField("mois du quotient", null=True, blank=True)
    responsable = models.ForeignKey(
        Responsable, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="adulte interrogé"
    )
    rappele_le = models.DateTimeField("fin rappelée le", null=True, blank=True, editable=False)
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

    @property
    def provenance(self) -> str:
        """« relevé sur CDAP », « lu auprès de la Caf »."""
        return dire_la_provenance(self.source, self.fournisseur)

    def couvre(self, jour: date) -> bool:
        return self.valable_du <= jour and (self.valable_au is None or jour <= self.valable_au)


def dire_la_provenance(source: str, fournisseur: str) -> str:
    """In small letters, to follow a value; the Caf or the MSA is named when it is known which."""
    if source == QuotientFamilial.Source.API and fournisseur:
        return f"lu auprès de la {QuotientFamilial.Fournisseur(fournisseur).label}"
    libelle = str(QuotientFamilial.Source(source).label)
    return libelle[:1].lower() + libelle[1:]


class QuotientRetenu(models.Model):
    """The quotient known when a day was asked for, kept with its booking where the policy looks at that moment: one that changes
    later does not change its price. `quotient` empty: none was proved, the highest tariff. `deliberation`: the one then shown."""

    reservation = models.OneToOneField(
        Reservation, models.CASCADE, primary_key=True, related_name="quotient_retenu", verbose_name="réservation"
    )
    valeur = models.PositiveIntegerField("quotient familial", null=True, blank=True)
    quotient = models.ForeignKey(
        QuotientFamilial, models.PROTECT, null=True, blank=True, related_name="retenus", verbose_name="saisie"
    )
    retenu_le = models.DateTimeField("demandée le")
    deliberation = models.CharField("délibération", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "quotient retenu"
        verbose_name_plural = "quotients retenus"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="quotient_retenu_avec_sa_saisie",
                condition=Q(valeur__isnull=True, quotient__isnull=True)
                | Q(valeur__isnull=False, quotient__isnull=False),
                violation_error_message="Un quotient retenu vient d’une saisie.",
            ),
        ]

    def __str__(self) -> str:
        return f"Réservation {self.pk}"


class DerogationTarifaire(models.Model):
    """What an agent grants to a household, or to one child, for a time and a reason: to pay as a resident (an agent's child,
    schooled here), or a waiver that proves a reason of absence for the year (irregular hours). Never edited: cancelled."""

    class Sorte(models.TextChoices):
        RESIDENCE = "residence", "Tarif des habitants"
        DISPENSE = "dispense", "Dispense de justificatif d’absence"

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="derogations", verbose_name="famille")
    enfant = models.ForeignKey(Enfant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enfant")
    sorte = models.CharField("sorte", max_length=10, choices=Sorte)
    code = models.CharField("code", max_length=40)
    du = models.DateField("valable du")
    au = models.DateField("valable jusqu’au", null=True, blank=True)
    motif = models.CharField("raison", max_length=200)
    accordee_le = models.DateTimeField("accordée le", auto_now_add=True)
    accordee_par = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+", verbose_name="accordée par")
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True, editable=False)
    annulee_motif = models.CharField("motif de l’annulation", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "dérogation tarifaire"
        verbose_name_plural = "dérogations tarifaires"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="derogation_dans_l_ordre",
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                name="derogation_dit_pourquoi",
                condition=~Q(motif="") & (Q(annulee_le__isnull=True) | ~Q(annulee_motif="")),
                violation_error_message="Dites pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sorte} {self.code}, famille {self.famille_id}"
