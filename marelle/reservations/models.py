"""Days that are booked, who came, and the rows behind each counter of a jauge."""

from django.db import models
from django.db.models import F, Q

from marelle.activites.models import Activite, Jauge, Ouverture
from marelle.comptes.models import Agent
from marelle.familles.models import Enfant, Famille

from .modeles_excuses import AbsenceEcole, ExcuseCollective

__all__ = ["Absence", "AbsenceEcole", "ExcuseCollective", "FluxAgenda", "Place", "Pointage", "Reservation"]


class Reservation(models.Model):
    """A child booked on an opening, for a household (which will be invoiced)."""

    class Etat(models.TextChoices):
        RESERVEE = "reservee", "Réservée"
        ANNULEE = "annulee", "Annulée"
        ANNULEE_CENTRE = "annulee_centre", "Annulée par le centre"

    enfant = models.ForeignKey(Enfant, models.PROTECT, related_name="reservations", verbose_name="enfant")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="reservations", verbose_name="famille")
    ouverture = models.ForeignKey(Ouverture, models.PROTECT, related_name="reservations", verbose_name="ouverture")
    activite = models.ForeignKey(Activite, models.PROTECT, related_name="reservations", verbose_name="activité")
    date = models.DateField("date")
    etat = models.CharField("état", max_length=16, choices=Etat, default=Etat.RESERVEE)
    est_directe = models.BooleanField("inscrite par le centre", default=False)
    motif = models.CharField("motif", max_length=200, blank=True)
    creee_le = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "réservation"
        ordering = ["date", "pk"]
        indexes = [
            models.Index(fields=["enfant", "date"], name="reservation_enfant_date"),
            models.Index(fields=["activite", "date"], name="reservation_activite_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "ouverture"],
                condition=Q(etat="reservee"),
                name="un_enfant_reserve_une_fois",
                violation_error_message="Cet enfant est déjà inscrit ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enfant_id} {self.date}"


class Absence(models.Model):
    """A child that will not come on a day that is booked: the booking stays, for the invoice to say what is due.

    `motif` is a code of the collectivité's list (« autre » comes with a message). `place_rendue`: the règlement gave the
    place to others. Taken back in time, the row stays, `retiree`, and serves again if the absence is declared anew.
    `justification`: what an agent said of its proof, received at `preuve_recue_le`; `declaree_le` is empty when the family
    declared nothing and the agent wrote the absence from the proof.
    """

    class Etat(models.TextChoices):
        DECLAREE = "declaree", "Déclarée"
        RETIREE = "retiree", "Retirée"

    class Justification(models.TextChoices):
        A_DIRE = "", "À examiner"
        ACCEPTEE = "acceptee", "Justifiée"
        REFUSEE = "refusee", "Non justifiée"

    reservation = models.OneToOneField(Reservation, models.CASCADE, related_name="absence", verbose_name="réservation")
    motif = models.CharField("motif", max_length=40)
    message = models.TextField("message", blank=True)
    declaree_le = models.DateTimeField("déclarée le", null=True, blank=True)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.DECLAREE)
    place_rendue = models.BooleanField("place rendue aux autres", default=False)
    justification = models.CharField("justification", max_length=8, choices=Justification, blank=True, default="")
    preuve_recue_le = models.DateTimeField("justificatif reçu le", null=True, blank=True)
    justifiee_le = models.DateTimeField("examinée le", null=True, blank=True)
    justifiee_par = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="examinée par"
    )
    refus = models.CharField("pourquoi elle n’est pas justifiée", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "absence"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="absence_justifiee_a_sa_preuve",
                condition=~Q(justification="acceptee") | Q(preuve_recue_le__isnull=False),
                violation_error_message="Une absence justifiée a la date de son justificatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id} {self.motif}"


class Pointage(models.Model):
    """Whether a child came on an ouverture: one row, the last word; a correction says in the journal what it was.

    `famille` is the household that the day is for. `minutes_de_retard`: how long after the end of the unité the child left.
    """

    class Etat(models.TextChoices):
        PRESENT = "present", "Présent"
        ABSENT_JUSTIFIE = "absent_justifie", "Absence justifiée"
        ABSENT_INJUSTIFIE = "absent_injustifie", "Absent"

    enfant = models.ForeignKey(Enfant, models.PROTECT, related_name="pointages", verbose_name="enfant")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="pointages", verbose_name="famille")
    ouverture = models.ForeignKey(Ouverture, models.PROTECT, related_name="pointages", verbose_name="ouverture")
    activite = models.ForeignKey(Activite, models.PROTECT, related_name="pointages", verbose_name="activité")
    date = models.DateField("date")
    etat = models.CharField("état", max_length=18, choices=Etat)
    arrivee = models.TimeField("arrivée", null=True, blank=True)
    depart = models.TimeField("départ", null=True, blank=True)
    sans_reservation = models.BooleanField("venu sans réservation", default=False)
    minutes_de_retard = models.PositiveSmallIntegerField("minutes de retard", default=0)
    saisi_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="saisi par")
    saisi_le = models.DateTimeField("saisi le")

    class Meta:
        verbose_name = "pointage"
        ordering = ["date", "pk"]
        indexes = [
            models.Index(fields=["activite", "date"], name="pointage_activite_date"),
            models.Index(fields=["enfant", "date"], name="pointage_enfant_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "ouverture"],
                name="un_pointage_par_enfant_et_ouverture",
                violation_error_message="Cet enfant est déjà pointé.",
            ),
            models.CheckConstraint(
                name="un_absent_n_a_pas_d_heures",
                condition=Q(etat="present") | Q(arrivee__isnull=True, depart__isnull=True, sans_reservation=False),
                violation_error_message="Un enfant absent n’arrive ni ne part.",
            ),
            models.CheckConstraint(
                name="on_part_apres_etre_arrive",
                condition=Q(arrivee__isnull=True) | Q(depart__isnull=True) | Q(depart__gte=F("arrivee")),
                violation_error_message="Le départ vient avant l’arrivée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enfant_id} {self.date} {self.etat}"


class Place(models.Model):
    """One child in one jauge: held, taken or waiting. The counters of a jauge are the counts of these rows by state.

    `reference` is the jour de demande that holds or waits (0 once it is a booking), `ordre` its order in the line:
    the arrival (microseconds since 1970 of the deposit), moved by points or by an agent. `expire_le` ends the hold of a cart.
    """

    class Etat(models.TextChoices):
        RETENUE = "retenue", "Retenue"
        PRISE = "prise", "Prise"
        ATTENTE = "attente", "En attente"

    jauge = models.ForeignKey(Jauge, models.CASCADE, related_name="lignes", verbose_name="jauge")
    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="lignes_de_places", verbose_name="enfant")
    etat = models.CharField("état", max_length=8, choices=Etat)
    reference = models.BigIntegerField("jour de demande", default=0, db_index=True)
    reservation = models.ForeignKey(
        Reservation, models.CASCADE, null=True, blank=True, related_name="lignes_de_places", verbose_name="réservation"
    )
    ordre = models.BigIntegerField("ordre d’arrivée", default=0)
    expire_le = models.DateTimeField("expire le", null=True, blank=True)

    class Meta:
        verbose_name = "place"
        constraints = [
            models.UniqueConstraint(
                fields=["jauge", "enfant"],
                name="un_enfant_une_fois_par_jauge",
                violation_error_message="Cet enfant a déjà une place ou une demande sur ce moment de la journée.",
            ),
            models.CheckConstraint(
                name="une_place_prise_a_sa_reservation",
                condition=Q(etat="prise", reservation__isnull=False) | (~Q(etat="prise") & Q(reservation__isnull=True)),
                violation_error_message="Une place prise correspond à une réservation.",
            ),
        ]
        indexes = [
            models.Index(fields=["jauge", "ordre"], condition=Q(etat="attente"), name="place_en_attente"),
            models.Index(fields=["expire_le"], condition=Q(expire_le__isnull=False), name="place_qui_expire"),
        ]

    def __str__(self) -> str:
        return f"{self.jauge_id} {self.enfant_id} {self.etat}"


class FluxAgenda(models.Model):
    """The secret address at which a household's own calendar reads its bookings: only the digest of the secret is kept."""

    famille = models.OneToOneField(Famille, models.CASCADE, related_name="flux_agenda", verbose_name="famille")
    empreinte = models.CharField("empreinte du secret", max_length=64, unique=True)
    cree_le = models.DateTimeField("créé le", auto_now=True)

    class Meta:
        verbose_name = "flux d’agenda"

    def __str__(self) -> str:
        return f"Agenda de {self.famille_id}"
