"""What is asked when booking, before any invoice: sums to pay by an hour to keep a place, deposits, the rests before the day.

A call (*appel*) is not an invoice: the money received for it is a payment of the ledger that stays in credit until the invoice
of the month, which equals the quote. See docs/decisions/0024-payer-en-reservant.md."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from marelle.creances.models import Paiement, Payeur, Regie
from marelle.familles.models import Famille
from marelle.paiements.models import Tentative
from marelle.reservations.models import Reservation


class Appel(models.Model):
    """One sum asked of one payer for days booked together. What was asked never changes (the database refuses it).

    `avant`: until when (None: at once); with `perd_la_place`, the bookings end when it is not paid then. `credit_centimes`:
    the part that what the payer had in credit covers, promised when the days were booked. `paiement`: the money received for
    it, even too late.
    """

    class Sorte(models.TextChoices):
        RESERVATION = "reservation", "À payer en réservant"
        SOLDE = "solde", "Solde"

    class Etat(models.TextChoices):
        ATTENDU = "attendu", "Attendu"
        PAYE = "paye", "Payé"
        EXPIRE = "expire", "Non payé à temps"

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="appels", verbose_name="régie")
    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="appels", verbose_name="payeur")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="appels", verbose_name="famille qui a réservé")
    sorte = models.CharField("sorte", max_length=12, choices=Sorte)
    perd_la_place = models.BooleanField("sans paiement, la réservation tombe", default=False)
    montant_centimes = models.BigIntegerField("montant demandé")
    credit_centimes = models.BigIntegerField("pris sur le crédit", default=0)
    avant = models.DateTimeField("à payer avant", null=True, blank=True)
    demande_le = models.DateTimeField("demandé le")
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.ATTENDU)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    paiement = models.ForeignKey(
        Paiement, models.PROTECT, null=True, blank=True, related_name="appels", verbose_name="paiement"
    )
    rappele_le = models.DateTimeField("rappelé le", null=True, blank=True)

    class Meta:
        verbose_name = "somme à payer en réservant"
        verbose_name_plural = "sommes à payer en réservant"
        ordering = [F("avant").asc(nulls_first=True), "pk"]
        indexes = [
            models.Index(fields=["avant"], condition=Q(etat="attendu"), name="appel_attendu"),
            models.Index(fields=["payeur", "regie"], name="appel_payeur"),
        ]
        constraints = [
            models.CheckConstraint(
                name="appel_d_un_montant",
                condition=Q(montant_centimes__gt=0, credit_centimes__gte=0, credit_centimes__lte=F("montant_centimes")),
                violation_error_message="Une somme à payer est positive, et le crédit n’en couvre pas plus.",
            ),
            models.CheckConstraint(
                name="appel_qui_expire_a_sa_limite", condition=Q(perd_la_place=False) | Q(avant__isnull=False)
            ),
            models.CheckConstraint(
                name="appel_paye_par_de_l_argent",
                condition=~Q(etat="paye") | Q(paiement__isnull=False) | Q(credit_centimes__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        """« A-000042 »: what people read."""
        return f"A-{self.pk:06d}"


class LigneAppel(models.Model):
    """So much of the call is for that booking. `annulee`: what a cancellation in time gives back: `avoir`, `remboursement`, or
    `rien`."""

    appel = models.ForeignKey(Appel, models.PROTECT, related_name="lignes", verbose_name="somme à payer")
    reservation = models.ForeignKey(
        Reservation, models.PROTECT, related_name="lignes_d_appel", verbose_name="réservation"
    )
    montant_centimes = models.BigIntegerField("montant")
    annulee = models.CharField("si le jour est annulé", max_length=14)

    class Meta:
        verbose_name = "jour d’une somme à payer"
        verbose_name_plural = "jours d’une somme à payer"
        ordering = ["appel_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appel", "reservation"], name="une_ligne_par_reservation"),
            models.CheckConstraint(name="ligne_appel_positive", condition=Q(montant_centimes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.montant_centimes} de {self.reservation_id}"


class TentativeAppel(models.Model):
    """So much of an attempt to pay online is for that call; such an attempt pays no invoice."""

    tentative = models.ForeignKey(Tentative, models.PROTECT, related_name="appels", verbose_name="tentative")
    appel = models.ForeignKey(Appel, models.PROTECT, related_name="tentatives", verbose_name="somme à payer")
    montant_centimes = models.BigIntegerField("montant")

    class Meta:
        verbose_name = "somme à payer d’une tentative"
        verbose_name_plural = "sommes à payer d’une tentative"
        ordering = ["tentative_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tentative", "appel"], name="une_ligne_par_appel"),
            models.CheckConstraint(name="tentative_appel_positive", condition=Q(montant_centimes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.montant_centimes} de {self.appel_id}"
