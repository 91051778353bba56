"""Documents that families send (*pièces*), how long they are valid; and those that the centre gives them to download."""

import uuid

from django.db import models
from django.db.models import Q

from marelle.familles.models import Enfant, Famille


class Piece(models.Model):
    """A document sent. The file's name on disk is ours (a UUID); the name given by the family is only shown."""

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "En attente"
        ACCEPTEE = "acceptee", "Acceptée"
        REFUSEE = "refusee", "Refusée"
        RETIREE = "retiree", "Retirée"

    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="pieces", verbose_name="famille")
    enfant = models.ForeignKey(
        Enfant, models.PROTECT, null=True, blank=True, related_name="pieces", verbose_name="enfant"
    )
    type_piece = models.CharField("type", max_length=40)
    annee = models.PositiveSmallIntegerField(
        "année scolaire", null=True, blank=True, help_text="Année de la rentrée, pour un document annuel."
    )
    nom = models.CharField("nom du fichier", max_length=120)
    format = models.CharField("format", max_length=40)
    taille = models.PositiveIntegerField("taille (octets)")
    empreinte = models.CharField("empreinte", max_length=64)
    envoyee_le = models.DateTimeField("envoyée le", auto_now_add=True)
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.EN_ATTENTE)
    valable_du = models.DateField("valable du", null=True, blank=True)
    valable_au = models.DateField("valable jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "pièce"
        ordering = ["-envoyee_le", "-pk"]
        indexes = [models.Index(fields=["enfant", "type_piece", "etat"], name="piece_enfant_type")]
        constraints = [
            models.CheckConstraint(
                name="piece_valable_dans_l_ordre",
                condition=Q(valable_du__isnull=True)
                | Q(valable_au__isnull=True)
                | Q(valable_au__gte=models.F("valable_du")),
                violation_error_message="La fin de validité vient après son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_piece} {self.pk}"


class DocumentDuCentre(models.Model):
    """A PDF that families download: règlement intérieur, programme, menus… `publie_au` included; empty: without end."""

    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    titre = models.CharField("titre", max_length=120)
    rang = models.PositiveSmallIntegerField("rang dans la liste", default=1)
    publie_du = models.DateField("publié du")
    publie_au = models.DateField("publié jusqu’au", null=True, blank=True)
    nom = models.CharField("nom du fichier", max_length=120, editable=False)
    taille = models.PositiveIntegerField("taille (octets)", editable=False)
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        verbose_name = "document du centre"
        verbose_name_plural = "documents du centre"
        ordering = ["rang", "titre", "pk"]
        constraints = [
            models.CheckConstraint(
                name="document_publie_dans_l_ordre",
                condition=Q(publie_au__isnull=True) | Q(publie_au__gte=models.F("publie_du")),
                violation_error_message="La fin de publication vient après son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre
