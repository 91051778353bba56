"""Who pays, when the household that booked does not pay all of it alone: custody, adults apart, third parties, packages."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from marelle.creances.models import Payeur
from marelle.familles.models import Enfant, Famille, Responsable


class RepartitionGarde(models.Model):
    """Which of its two households pays the days of a child; without a row, the one that booked.

    `calendrier`: weeks that begin on `jour_bascule` (0: Monday) go to `famille_paire` when the ISO week of their first day is
    even, to the other household otherwise. `parts`: each pays its `Rattachement.part_garde` of its own price."""

    class Mode(models.TextChoices):
        RESERVATION = "reservation", "Le foyer qui a réservé"
        CALENDRIER = "calendrier", "Une semaine sur deux"
        PARTS = "parts", "Chaque foyer sa part"

    JOURS = tuple(enumerate(("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")))

    enfant = models.OneToOneField(Enfant, models.CASCADE, related_name="repartition_garde", verbose_name="enfant")
    mode = models.CharField("qui paie", max_length=12, choices=Mode, default=Mode.RESERVATION)
    famille_paire = models.ForeignKey(
        Famille, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="foyer des semaines paires"
    )
    jour_bascule = models.PositiveSmallIntegerField("jour où la garde change", choices=JOURS, default=0)

    class Meta:
        verbose_name = "répartition de la garde"
        constraints = [
            models.CheckConstraint(
                name="calendrier_dit_le_foyer_pair",
                condition=~Q(mode="calendrier") | Q(famille_paire__isnull=False),
                violation_error_message="Dites quel foyer a l’enfant les semaines paires.",
            ),
            models.CheckConstraint(name="bascule_un_jour_de_la_semaine", condition=Q(jour_bascule__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.enfant_id} {self.mode}"


class PartAdulte(models.Model):
    """An adult billed apart, for so many percent of what its household owes. The shares of a household make 100."""

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="parts_adultes", verbose_name="famille")
    responsable = models.OneToOneField(
        Responsable, models.PROTECT, related_name="part_facturee", verbose_name="adulte facturé à part"
    )
    part_pourcent = models.PositiveSmallIntegerField(
        "part (%)", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "part d’un adulte"
        ordering = ["famille", "pk"]
        constraints = [
            models.CheckConstraint(
                name="part_adulte_de_1_a_100",
                condition=Q(part_pourcent__gte=1, part_pourcent__lte=100),
                violation_error_message="Une part va de 1 à 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.responsable_id} {self.part_pourcent} %"


class _Duree(models.Model):
    debut = models.DateField("du")
    fin = models.DateField("au", null=True, blank=True)

    class Meta:
        abstract = True

    def vaut_le(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)


class PriseEnCharge(_Duree):
    """An aide of `tarifs.toml` that this household has, for one child or for all, and the third party that pays it."""

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="prises_en_charge", verbose_name="famille")
    enfant = models.ForeignKey(
        Enfant, models.PROTECT, null=True, blank=True, related_name="prises_en_charge", verbose_name="enfant"
    )
    aide = models.CharField("aide", max_length=40)
    payeur = models.ForeignKey(
        Payeur, models.PROTECT, related_name="prises_en_charge", verbose_name="organisme qui paie"
    )
    reference = models.CharField("référence de l’accord", max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "prise en charge"
        verbose_name_plural = "prises en charge"
        ordering = ["famille", "debut", "pk"]
        constraints = [
            models.CheckConstraint(
                name="prise_en_charge_dans_l_ordre",
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                violation_error_message="La fin vient après le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aide} {self.famille_id}"

    def couvre(self, enfant_id: int, jour: date) -> bool:
        return self.vaut_le(jour) and self.enfant_id in (None, enfant_id)


class AbonnementForfait(_Duree):
    """A child on a package of `tarifs.toml`: the days that it covers cost nothing more."""

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="abonnements", verbose_name="famille")
    enfant = models.ForeignKey(Enfant, models.PROTECT, related_name="abonnements", verbose_name="enfant")
    forfait = models.CharField("forfait", max_length=40)

    class Meta:
        verbose_name = "abonnement à un forfait"
        verbose_name_plural = "abonnements à un forfait"
        ordering = ["famille", "debut", "pk"]
        constraints = [
            models.CheckConstraint(
                name="abonnement_dans_l_ordre",
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                violation_error_message="La fin vient après le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forfait} {self.enfant_id}"
