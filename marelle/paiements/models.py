"""Attempts to pay online through PayFiP: what was asked, for which invoices, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Paiement, Payeur, Regie

from .etats import ENCAISSEES, OUVERTURE, Etat

__all__ = ["Etat", "LigneTentative", "Tentative"]


class Saisie(models.TextChoices):
    """PayFiP's kind of entry. A test is never money in production."""

    TEST = "T", "Test"
    ACTIVATION = "X", "Activation"
    PRODUCTION = "W", "Production"


class Tentative(models.Model):
    """One attempt: the amount (centimes) that the server computed, and what PayFiP answered.

    What was asked never changes (the database refuses it); only where it stands does. `reponse` keeps codes and dates,
    nothing about the person. `prochaine_le`: when the job may ask PayFiP again; None: never. `suite`: what the régisseur made
    of one that was put aside.
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    regie = models.ForeignKey(Regie, models.PROTECT, related_name="tentatives", verbose_name="régie")
    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="tentatives", verbose_name="payeur")
    montant_centimes = models.BigIntegerField("montant")
    numcli = models.CharField("numéro client PayFiP", max_length=6)
    refdet = models.CharField("référence de la dette", max_length=30, unique=True)
    exer = models.CharField("exercice", max_length=4)
    saisie = models.CharField("type de saisie", max_length=1, choices=Saisie)
    mel = models.CharField("adresse e-mail", max_length=80)
    idop = models.CharField("identifiant d’opération", max_length=64, null=True, blank=True, unique=True)
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.CREE)
    paiement = models.OneToOneField(
        Paiement, models.PROTECT, null=True, blank=True, related_name="tentative", verbose_name="paiement"
    )
    reponse = models.JSONField("réponse de PayFiP", default=dict, blank=True)
    cree_le = models.DateTimeField("commencée le")
    interrogee_le = models.DateTimeField("PayFiP interrogé le", null=True, blank=True)
    prochaine_le = models.DateTimeField("à interroger le", null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    suite = models.CharField("suite donnée", max_length=200, blank=True, default="")
    classee_le = models.DateTimeField("classée le", null=True, blank=True)
    classee_par = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "tentative de paiement"
        verbose_name_plural = "tentatives de paiement"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["prochaine_le"], name="tentative_a_interroger"),
            models.Index(fields=["payeur", "-cree_le"], name="tentative_payeur"),
        ]
        constraints = [
            models.CheckConstraint(name="tentative_d_un_montant", condition=Q(montant_centimes__gt=0)),
            models.CheckConstraint(
                name="tentative_encaissee_a_son_paiement",
                condition=Q(etat__in=sorted(ENCAISSEES), paiement__isnull=False)
                | (~Q(etat__in=sorted(ENCAISSEES)) & Q(paiement__isnull=True)),
            ),
            models.CheckConstraint(
                name="tentative_en_attente_a_son_idop",
                condition=Q(etat__in=[Etat.CREE, Etat.ABANDONNEE, Etat.EXPIREE]) | Q(idop__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"tentative {self.refdet}"

    @property
    def fin_d_ouverture(self) -> datetime:
        """When PayFiP's page can no longer be opened for it, and its invoices are free again."""
        return self.cree_le + OUVERTURE


class LigneTentative(models.Model):
    """So much of the attempt is for that invoice."""

    tentative = models.ForeignKey(Tentative, models.PROTECT, related_name="lignes", verbose_name="tentative")
    facture = models.ForeignKey(Facture, models.PROTECT, related_name="+", verbose_name="facture")
    montant_centimes = models.BigIntegerField("montant")

    class Meta:
        verbose_name = "facture d’une tentative"
        verbose_name_plural = "factures d’une tentative"
        ordering = ["tentative_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tentative", "facture"], name="une_ligne_par_facture"),
            models.CheckConstraint(name="ligne_tentative_positive", condition=Q(montant_centimes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.montant_centimes} de {self.facture_id}"
