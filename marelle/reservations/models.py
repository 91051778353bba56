"""Days that are booked, and the rows behind each counter of a jauge."""

from django.db import models
from django.db.models import Q

from marelle.activites.models import Activite, Jauge, Ouverture
from marelle.familles.models import Enfant, Famille


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
    """

    class Etat(models.TextChoices):
        DECLAREE = "declaree", "Déclarée"
        RETIREE = "retiree", "Retirée"

    reservation = models.OneToOneField(Reservation, models.CASCADE, related_name="absence", verbose_name="réservation")
    motif = models.CharField("motif", max_length=40)
    message = models.TextField("message", blank=True)
    declaree_le = models.DateTimeField("déclarée le")
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.DECLAREE)
    place_rendue = models.BooleanField("place rendue aux autres", default=False)

    class Meta:
        verbose_name = "absence"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reservation_id} {self.motif}"


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
