"""Billing: what is due for a period, looked at before it is issued; and who pays it when one household does not pay all."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Payeur, Regie
from marelle.familles.models import Famille

from .modeles_payeurs import AbonnementForfait, PartAdulte, PriseEnCharge, RepartitionGarde

__all__ = ["AbonnementForfait", "Campagne", "FacturePrevue", "PartAdulte", "PriseEnCharge", "RepartitionGarde"]


class Campagne(models.Model):
    """A billing run: the days of a period, of some activities of a régie, for all households or a few.

    `activites`: their codes, never empty. `familles`: keys of households, all when empty. `moment`: days gone by, or days
    to come that are paid before. Only `facturation.campagnes` and `facturation.emission` move its state."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "À vérifier"
        EMISSION = "emission", "En cours d’émission"
        EMISE = "emise", "Émise"
        ABANDONNEE = "abandonnee", "Abandonnée"

    class Moment(models.TextChoices):
        APRES = "apres", "Après les journées"
        AVANCE = "avance", "D’avance"

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="campagnes", verbose_name="régie")
    libelle = models.CharField("libellé", max_length=120)
    debut = models.DateField("du")
    fin = models.DateField("au")
    activites = models.JSONField("activités", default=list)
    familles = models.JSONField("familles", default=list, blank=True)
    moment = models.CharField("moment", max_length=8, choices=Moment, default=Moment.APRES)
    date_emission = models.DateField("date des factures")
    date_echeance = models.DateField("à payer avant le")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.BROUILLON)
    creee_le = models.DateTimeField("préparée le")
    creee_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="préparée par")
    calculee_le = models.DateTimeField("calculée le", null=True, blank=True)
    lancee_le = models.DateTimeField("émission lancée le", null=True, blank=True)
    lancee_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="émise par")
    emise_le = models.DateTimeField("émise le", null=True, blank=True)
    est_arretee = False  # said by `relance.est_arretee`

    class Meta:
        verbose_name = "facturation"
        ordering = ["-creee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campagne_dans_l_ordre",
                condition=Q(fin__gte=F("debut")),
                violation_error_message="La période finit après avoir commencé.",
            ),
            models.CheckConstraint(
                name="campagne_echeance_apres_emission",
                condition=Q(date_echeance__gte=F("date_emission")),
                violation_error_message="L’échéance vient après la date des factures.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def est_modifiable(self) -> bool:
        return self.etat == self.Etat.BROUILLON

    def couvre(self, activite: str, jour: date) -> bool:
        return activite in self.activites and self.debut <= jour <= self.fin


class FacturePrevue(models.Model):
    """What a run would issue to one payer, when it was last computed; then what became of it.

    `anomalies` are codes of `facturation.anomalies`, the gravest first; `gravite` the gravest (0: none). `precedent_centimes`:
    its last invoice."""

    class Etat(models.TextChoices):
        PREVUE = "prevue", "À émettre"
        ECARTEE = "ecartee", "Mise de côté"
        EMISE = "emise", "Émise"
        REPORTEE = "reportee", "Reportée"

    campagne = models.ForeignKey(Campagne, models.CASCADE, related_name="prevues", verbose_name="facturation")
    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="+", verbose_name="payeur")
    famille = models.ForeignKey(Famille, models.PROTECT, null=True, related_name="+", verbose_name="famille")
    nom = models.CharField("nom", max_length=200, blank=True, default="")
    montant_centimes = models.BigIntegerField("montant", default=0)
    lignes = models.PositiveIntegerField("lignes", default=0)
    precedent_centimes = models.BigIntegerField("dernière facture", null=True, blank=True)
    anomalies = models.JSONField("anomalies", default=list)
    gravite = models.PositiveSmallIntegerField("gravité", default=0)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.PREVUE)
    motif = models.CharField("motif", max_length=200, blank=True, default="")
    facture = models.OneToOneField(
        Facture, models.PROTECT, null=True, blank=True, related_name="prevue", verbose_name="facture"
    )

    class Meta:
        verbose_name = "facture prévue"
        verbose_name_plural = "factures prévues"
        ordering = ["-gravite", "nom", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campagne", "payeur"], name="une_prevue_par_payeur"),
            models.CheckConstraint(
                name="prevue_emise_a_sa_facture",
                condition=Q(etat="emise", facture__isnull=False) | (~Q(etat="emise") & Q(facture__isnull=True)),
                violation_error_message="Une facture émise a son numéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campagne_id} {self.payeur_id}"

    @property
    def ecart_centimes(self) -> int | None:
        """The difference with the last invoice of that payer; None without any."""
        return None if self.precedent_centimes is None else self.montant_centimes - self.precedent_centimes
