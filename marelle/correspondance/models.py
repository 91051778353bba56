"""Messages between a household and the service: threads, what was written, the files joined, news sent to many."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent
from marelle.demandes.models import Demande
from marelle.familles.models import Enfant, Famille
from marelle.socle.coffre import TexteChiffre
from marelle.socle.francais import decimal


class Ecrivain(models.TextChoices):
    """Who writes: the household, or the service."""

    FAMILLE = "famille", "Famille"
    SERVICE = "service", "Service"


class Actualite(models.Model):
    """News written once to many households. Each of them then has its own thread, which it may answer."""

    class Cible(models.TextChoices):
        TOUTES = "toutes", "Toutes les familles"
        CENTRE = "centre", "Les familles d’un centre"
        ACTIVITE = "activite", "Les familles d’une activité"

    cible = models.CharField("à qui", max_length=10, choices=Cible)
    cle_cible = models.BigIntegerField("centre ou activité", null=True, blank=True)
    nom_cible = models.CharField("à qui, en toutes lettres", max_length=160)
    objet = TexteChiffre("objet")
    texte = TexteChiffre("texte")
    par = models.ForeignKey(Agent, models.PROTECT, related_name="+", verbose_name="écrite par")
    jeton = models.UUIDField("jeton", unique=True, editable=False)
    creee_le = models.DateTimeField("écrite le")
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)
    familles_visees = models.PositiveIntegerField("familles visées", default=0)

    class Meta:
        verbose_name = "actualité"
        ordering = ["-creee_le", "-pk"]

    def __str__(self) -> str:
        return f"Actualité {self.pk}"


class Fil(models.Model):
    """A conversation between a household and the service about one thing.

    `attend_depuis`: the family waits for an answer since then. `a_lire_depuis`: the household has not read what the service
    wrote since then. `pris_par`: the agent who is answering, so that two do not. What people wrote is encrypted.
    """

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="fils", verbose_name="famille")
    enfant = models.ForeignKey(
        Enfant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="au sujet de"
    )
    demande = models.ForeignKey(
        Demande, models.PROTECT, null=True, blank=True, related_name="fils", verbose_name="demande"
    )
    actualite = models.ForeignKey(
        Actualite, models.PROTECT, null=True, blank=True, related_name="fils", verbose_name="actualité"
    )
    sujet = models.CharField("sujet", max_length=40, blank=True)
    objet = TexteChiffre("objet")
    ouvert_par = models.CharField("ouvert par", max_length=8, choices=Ecrivain)
    ouvert_le = models.DateTimeField("ouvert le")
    dernier_le = models.DateTimeField("dernier message le")
    attend_depuis = models.DateTimeField("attend une réponse depuis", null=True, blank=True)
    a_lire_depuis = models.DateTimeField("à lire par la famille depuis", null=True, blank=True)
    pris_par = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pris par"
    )
    pris_le = models.DateTimeField("pris le", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)

    class Meta:
        verbose_name = "fil de messages"
        verbose_name_plural = "fils de messages"
        ordering = ["-dernier_le", "-pk"]
        indexes = [
            models.Index(fields=["famille", "-dernier_le"], name="fil_famille"),
            # Read on every page: only what waits is indexed.
            models.Index(fields=["famille"], name="fil_a_lire", condition=Q(a_lire_depuis__isnull=False)),
            models.Index(fields=["attend_depuis"], name="fil_attend", condition=Q(attend_depuis__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["actualite", "famille"],
                name="une_actualite_une_fois_par_famille",
                violation_error_message="Cette famille a déjà reçu cette actualité.",
            ),
            models.CheckConstraint(
                name="un_fil_clos_n_attend_rien",
                condition=Q(clos_le__isnull=True) | Q(attend_depuis__isnull=True, pris_par__isnull=True),
                violation_error_message="Un fil clos n’attend pas de réponse.",
            ),
            models.CheckConstraint(
                name="un_fil_pris_dit_quand",
                condition=Q(pris_par__isnull=True, pris_le__isnull=True)
                | Q(pris_par__isnull=False, pris_le__isnull=False),
                violation_error_message="Un fil pris dit par qui et depuis quand.",
            ),
            models.CheckConstraint(
                name="un_fil_va_dans_l_ordre",
                condition=Q(dernier_le__gte=F("ouvert_le")),
                violation_error_message="Le dernier message vient après le premier.",
            ),
        ]

    def __str__(self) -> str:
        return f"Fil {self.pk}"

    @property
    def est_clos(self) -> bool:
        return self.clos_le is not None


class Message(models.Model):
    """What one side wrote, never changed. `lu_le`: when the household first opened what the service wrote."""

    fil = models.ForeignKey(Fil, models.CASCADE, related_name="messages", verbose_name="fil")
    ecrivain = models.CharField("écrit par", max_length=8, choices=Ecrivain)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="compte"
    )
    par_nom = models.CharField("nom de l’auteur", max_length=160)
    texte = TexteChiffre("texte")
    quand = models.DateTimeField("quand")
    lu_le = models.DateTimeField("lu le", null=True, blank=True)
    jeton = models.UUIDField("jeton", unique=True, editable=False)

    class Meta:
        verbose_name = "message"
        ordering = ["quand", "pk"]
        indexes = [models.Index(fields=["fil", "quand"], name="message_fil")]

    def __str__(self) -> str:
        return f"Message {self.pk}"

    @property
    def est_du_service(self) -> bool:
        return self.ecrivain == Ecrivain.SERVICE


class PieceJointe(models.Model):
    """A file joined to a message: encrypted on disk under a key of ours, as documents are."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="pieces_jointes", verbose_name="message")
    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    nom = models.CharField("nom du fichier", max_length=120)
    format = models.CharField("format", max_length=40)
    taille = models.PositiveIntegerField("taille (octets)")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["message_id", "pk"]

    def __str__(self) -> str:
        return f"Pièce jointe {self.pk}"

    @property
    def poids(self) -> str:
        """« 340 Ko », « 1,2 Mo »."""
        kilos = max(round(self.taille / 1024), 1)
        return f"{kilos} Ko" if kilos < 1000 else f"{decimal(round(kilos / 1024, 1))} Mo"
