"""What the service says of absences: a reason that holds for all on some days, a child that was absent from school too."""

from django.db import models
from django.db.models import F, Q

from marelle.activites.models import Activite
from marelle.comptes.models import Agent
from marelle.familles.models import Enfant


class ExcuseCollective(models.Model):
    """Days on which an absence is excused for all (strike, teacher absent, trip): both ends included, who comes is billed.

    `motif` is a code of the tariffs, `nom` what they called it when it was said. `unites` (codes), `ecoles` and `classes` (as the
    children's sheets write them) narrow it; empty, they say nothing. Never erased: its end comes sooner, or it is cancelled.
    `jeton` makes of two clicks one excuse.
    """

    jeton = models.UUIDField("jeton", unique=True)
    motif = models.CharField("motif", max_length=40)
    nom = models.CharField("nom du motif", max_length=120)
    debut = models.DateField("du")
    fin = models.DateField("au")
    activites = models.ManyToManyField(Activite, related_name="excuses_collectives", verbose_name="activités")
    unites = models.JSONField("unités", default=list, blank=True)
    ecoles = models.JSONField("écoles", default=list, blank=True)
    classes = models.JSONField("classes", default=list, blank=True)
    est_annoncee = models.BooleanField("familles prévenues", default=False)
    dite_le = models.DateTimeField("dite le")
    dite_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="dite par")
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annulée par"
    )
    annulation = models.CharField("pourquoi elle est annulée", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "excuse collective"
        verbose_name_plural = "excuses collectives"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="excuse_collective_dans_l_ordre",
                condition=Q(fin__gte=F("debut")),
                violation_error_message="L’excuse finit le jour où elle commence, ou après.",
            ),
            models.CheckConstraint(
                name="excuse_annulee_dit_pourquoi",
                condition=Q(annulee_le__isnull=True, annulee_par__isnull=True, annulation="")
                | (Q(annulee_le__isnull=False, annulee_par__isnull=False) & ~Q(annulation="")),
                violation_error_message="Une excuse annulée dit pourquoi, et par qui.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.debut})"


class AbsenceEcole(models.Model):
    """A child that was absent from school on a day, as somebody told the service: what some tariffs ask to excuse an absence."""

    class Source(models.TextChoices):
        ECOLE = "ecole", "L’école"
        FAMILLE = "famille", "La famille"
        EQUIPE = "equipe", "L’équipe, sur place"

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="absences_ecole", verbose_name="enfant")
    date = models.DateField("date")
    source = models.CharField("qui l’a dit", max_length=8, choices=Source, default=Source.ECOLE)
    notee_par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="notée par")
    notee_le = models.DateTimeField("notée le")

    class Meta:
        verbose_name = "absence à l’école"
        verbose_name_plural = "absences à l’école"
        ordering = ["date", "pk"]
        indexes = [models.Index(fields=["date"], name="absence_ecole_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "date"],
                name="une_absence_a_l_ecole_par_jour",
                violation_error_message="Cette absence à l’école est déjà notée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enfant_id} {self.date}"
