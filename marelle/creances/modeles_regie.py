"""The régies: what they collect is data (`regies.toml`); here stand their rows, their numbers and who may cash for them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent


class TexteRegies(models.Model):
    """`regies.toml` as it was loaded, never edited: the newest is in force, the others stay as the record."""

    texte = models.TextField("texte")
    source = models.CharField("source", max_length=200)
    empreinte = models.CharField("empreinte", max_length=64, db_index=True)
    charge_le = models.DateTimeField("chargé le", auto_now_add=True)

    class Meta:
        verbose_name = "régies"
        verbose_name_plural = "régies"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source} ({self.empreinte[:8]})"


class Regie(models.Model):
    """A régie de recettes, or the budget whose titres the Treasury collects. `code` (1 to 99) stands in its numbers."""

    code = models.PositiveSmallIntegerField("code", unique=True)
    nom = models.CharField("nom", max_length=120)

    class Meta:
        verbose_name = "régie"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="regie_code_de_1_a_99",
                condition=Q(code__gte=1, code__lte=99),
                violation_error_message="Le code d’une régie va de 1 à 99.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Mandat(models.Model):
    """An agent named by the *arrêté*: only a régisseur or a mandataire may record or void money for that régie."""

    class Qualite(models.TextChoices):
        TITULAIRE = "titulaire", "Régisseur titulaire"
        SUPPLEANT = "suppleant", "Mandataire suppléant"
        MANDATAIRE = "mandataire", "Mandataire"

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="mandats", verbose_name="régie")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="mandats_de_regie", verbose_name="agent")
    qualite = models.CharField("qualité", max_length=12, choices=Qualite)
    arrete = models.CharField("arrêté", max_length=120, blank=True, default="")
    debut = models.DateField("du")
    fin = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "mandat de régisseur"
        verbose_name_plural = "mandats de régisseur"
        ordering = ["regie", "debut", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mandat_dans_l_ordre",
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                violation_error_message="La fin du mandat vient après le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} ({self.regie})"

    def couvre(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)


class Compteur(models.Model):
    """The last number given in a régie, a year and a series (factures, paiements…), and the digest it ends with.

    Its row is locked while numbers are given: they follow one another without gaps, and each digest covers the one
    before, so that a row that was rewritten or removed behind the product's back is seen by `marelle verifier`."""

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="compteurs", verbose_name="régie")
    exercice = models.PositiveSmallIntegerField("exercice")
    serie = models.CharField("série", max_length=20)
    dernier = models.PositiveIntegerField("dernier rang", default=0)
    empreinte = models.CharField("empreinte", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "compteur"
        ordering = ["regie", "exercice", "serie"]
        constraints = [models.UniqueConstraint(fields=["regie", "exercice", "serie"], name="un_compteur_par_serie")]

    def __str__(self) -> str:
        return f"{self.regie_id} {self.exercice} {self.serie}"
