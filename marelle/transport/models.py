"""The bus: lines, their stops in order, one run per line, direction and day with its seats, and who rides it from where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from marelle.activites.models import Activite, Jauge
from marelle.reservations.models import Reservation


class Sens(models.TextChoices):
    """*Départ* takes children to the centre, *Retour* brings them back."""

    ALLER = "aller", "Départ"
    RETOUR = "retour", "Retour"


class LigneDeBus(models.Model):
    """A line: which activities it serves, how many seats each of its runs has.

    `parties_aller`, `parties_retour`: an unité may take that direction when it has one of these parts of the day (empty: any).
    """

    code = models.CharField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=80)
    activites = models.ManyToManyField(Activite, related_name="lignes_de_bus", verbose_name="activités desservies")
    places = models.PositiveIntegerField("places", default=0)
    parties_aller = models.JSONField("parties de la journée au départ", default=list)
    parties_retour = models.JSONField("parties de la journée au retour", default=list)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "ligne de bus"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class Arret(models.Model):
    """A stop of a line, with the hour of the bus there in each direction (None: it does not stop in that one)."""

    ligne = models.ForeignKey(LigneDeBus, models.CASCADE, related_name="arrets", verbose_name="ligne")
    code = models.CharField("code", max_length=40)
    nom = models.CharField("nom", max_length=80)
    heure_aller = models.TimeField("heure au départ", null=True, blank=True)
    heure_retour = models.TimeField("heure au retour", null=True, blank=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "arrêt"
        ordering = ["ligne_id", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ligne", "code"],
                name="un_code_d_arret_par_ligne",
                violation_error_message="Cette ligne a déjà un arrêt de ce code.",
            ),
            models.CheckConstraint(
                name="un_arret_a_une_heure",
                condition=Q(heure_aller__isnull=False) | Q(heure_retour__isnull=False),
                violation_error_message="Le bus s’arrête là au départ ou au retour : donnez une heure.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Course(models.Model):
    """One run: a line on a day in one direction. Its seats are a jauge like the others, which makes its key this one's."""

    jauge = models.OneToOneField(
        Jauge, models.CASCADE, primary_key=True, related_name="course", verbose_name="places du bus"
    )
    ligne = models.ForeignKey(LigneDeBus, models.CASCADE, related_name="courses", verbose_name="ligne")
    sens = models.CharField("sens", max_length=6, choices=Sens)
    date = models.DateField("date")

    class Meta:
        verbose_name = "course"
        ordering = ["date", "ligne_id", "sens"]
        constraints = [
            models.UniqueConstraint(
                fields=["ligne", "date", "sens"],
                name="une_course_par_ligne_jour_sens",
                violation_error_message="Ce bus circule déjà ce jour-là dans ce sens.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ligne_id} {self.sens} {self.date}"


class Trajet(models.Model):
    """The bus that comes with a day asked, then with its booking: the stop of each direction that the child takes.

    `jour` is named, not imported: demandes know the bus, the bus does not know demandes.
    """

    jour = models.OneToOneField(
        "demandes.JourDemande", models.CASCADE, related_name="trajet", verbose_name="jour demandé"
    )
    reservation = models.OneToOneField(
        Reservation, models.CASCADE, null=True, blank=True, related_name="trajet", verbose_name="réservation"
    )
    aller = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="aller")
    arret_aller = models.ForeignKey(
        Arret, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="arrêt du départ"
    )
    retour = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retour")
    arret_retour = models.ForeignKey(
        Arret, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="arrêt du retour"
    )

    class Meta:
        verbose_name = "trajet"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="un_trajet_va_ou_revient",
                condition=Q(aller__isnull=False) | Q(retour__isnull=False),
                violation_error_message="Un trajet a un arrêt de départ ou de retour.",
            ),
            models.CheckConstraint(
                name="un_trajet_monte_a_un_arret",
                condition=Q(aller__isnull=True, arret_aller__isnull=True)
                | Q(aller__isnull=False, arret_aller__isnull=False),
                violation_error_message="Au départ, l’enfant monte à un arrêt.",
            ),
            models.CheckConstraint(
                name="un_trajet_descend_a_un_arret",
                condition=Q(retour__isnull=True, arret_retour__isnull=True)
                | Q(retour__isnull=False, arret_retour__isnull=False),
                violation_error_message="Au retour, l’enfant descend à un arrêt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jour_id} {self.arret_aller_id or '-'} {self.arret_retour_id or '-'}"

    @property
    def courses(self) -> tuple[int, ...]:
        """The jauges in which this ride takes a seat."""
        return tuple(sorted(cle for cle in (self.aller_id, self.retour_id) if cle is not None))
