"""What the jobs remember: the last slot of each planned task, and the sign of life of each worker."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

SILENCE = timedelta(minutes=1)
TACHE_LA_PLUS_LONGUE = timedelta(hours=2)


class Echeance(models.Model):
    """The last slot of a planned task that a worker took.

    `creneau_le` is the slot itself (not the time of the run): taking it is one conditional UPDATE, so two workers never
    run the same slot. While `est_finie` is false the slot may be taken again from `reprise_le` on: after a failure, or
    when the worker died in the middle.
    """

    code = models.CharField("tâche", max_length=80, primary_key=True)
    creneau_le = models.DateTimeField("dernier créneau")
    reprise_le = models.DateTimeField("reprise possible le")
    est_finie = models.BooleanField("finie", default=False)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    finie_le = models.DateTimeField("finie le", null=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "échéance"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class BattementQuerySet(models.QuerySet["Battement"]):
    def vivants(self) -> "BattementQuerySet":
        """The workers that gave a sign of life in the last minute, or are held by a task begun less than two hours ago."""
        maintenant = timezone.now()
        recent = Q(dernier_le__gte=maintenant - SILENCE)
        occupe = ~Q(occupe_a="") & Q(dernier_le__gte=maintenant - TACHE_LA_PLUS_LONGUE)
        return self.filter(recent | occupe)


class Battement(models.Model):
    """The sign of life of one worker, renewed every ten seconds; `occupe_a` says which long task holds it."""

    travailleur = models.CharField("travailleur", max_length=64, primary_key=True)
    demarre_le = models.DateTimeField("démarré le")
    dernier_le = models.DateTimeField("dernier battement", db_index=True)
    occupe_a = models.CharField("occupé à", max_length=200, blank=True, default="")

    objects = BattementQuerySet.as_manager()

    class Meta:
        verbose_name = "battement"
        ordering = ("-dernier_le",)

    def __str__(self) -> str:
        return self.travailleur
