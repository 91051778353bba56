"""Schools and levels as data, where each child goes to school each year, and the sheets of families who have no access yet."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from marelle.comptes.models import Agent
from marelle.familles.models import Enfant, Famille
from marelle.socle.coffre import TexteChiffre

from .etats import LIBELLES, Etat


class Niveau(models.Model):
    """A level (« CP »). `age` is that of the child in the calendar year of the *rentrée*: it proposes the level."""

    code = models.SlugField("code", max_length=20, unique=True)
    nom = models.CharField("nom", max_length=60)
    sigle = models.CharField("sigle", max_length=10)
    age = models.PositiveSmallIntegerField("âge dans l’année de la rentrée")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "niveau"
        verbose_name_plural = "niveaux"
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        return f"{self.sigle} – {self.nom}"


class Ecole(models.Model):
    """A school. `secteur` lists the addresses it serves: [{"commune": …, "rues": […]}], no street being the whole commune."""

    code = models.SlugField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=120)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    commune = models.CharField("commune", max_length=80)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    niveaux = models.ManyToManyField(Niveau, related_name="ecoles", verbose_name="niveaux")
    secteur = models.JSONField("secteur", default=list, blank=True)
    est_ouverte = models.BooleanField("accueille de nouveaux élèves", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "école"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class Scolarite(models.Model):
    """Where a child goes to school in one school year (`annee` is its September): in force, since the service accepted it.

    `portee_le`: when the child's own sheet (school, class) has taken it over, which happens once, in the year itself.
    """

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="scolarites", verbose_name="enfant")
    annee = models.PositiveSmallIntegerField("année de la rentrée")
    ecole = models.ForeignKey(Ecole, models.PROTECT, related_name="scolarites", verbose_name="école")
    niveau = models.ForeignKey(Niveau, models.PROTECT, related_name="scolarites", verbose_name="niveau")
    debut = models.DateField("premier jour")
    validee_le = models.DateTimeField("validée le")
    portee_le = models.DateTimeField("portée sur la fiche le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "scolarité"
        ordering = ["-annee", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "annee"],
                name="une_scolarite_par_enfant_et_annee",
                violation_error_message="Cet enfant a déjà une école cette année-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enfant_id} en {self.annee}"

    @property
    def annee_scolaire(self) -> str:
        """« 2026-2027 »."""
        return f"{self.annee}-{self.annee + 1}"


class PreInscription(models.Model):
    """The sheet of a family without access (*fiche de pré-inscription*), from its e-mail's confirmation to the answer.

    What is written in it is encrypted, and forgotten after a time (`oubli`). Its state only moves by `pre_inscription`.
    `jeton` makes of two clicks one sheet; `empreinte` is the digest of the link of confirmation, which serves once.
    """

    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES[e]) for e in Etat], default=Etat.A_CONFIRMER
    )
    jeton = models.UUIDField("jeton", unique=True)
    empreinte = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    contenu_chiffre = TexteChiffre("contenu chiffré", blank=True, null=True)
    cree_le = models.DateTimeField("écrite le")
    expire_le = models.DateTimeField("à confirmer avant le")
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    par = models.ForeignKey(Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par")
    motif = models.TextField("motif", blank=True)
    famille = models.ForeignKey(
        Famille, models.PROTECT, null=True, blank=True, related_name="pre_inscriptions", verbose_name="famille créée"
    )

    class Meta:
        verbose_name = "pré-inscription"
        verbose_name_plural = "pré-inscriptions"
        ordering = ["confirmee_le", "pk"]
        indexes = [models.Index(fields=["etat", "confirmee_le", "id"], name="pre_inscription_file")]
        constraints = [
            models.CheckConstraint(
                name="une_pre_inscription_suit_ses_etats",
                condition=Q(etat="a_confirmer", confirmee_le=None, decidee_le=None, famille=None)
                | Q(etat="deposee", confirmee_le__isnull=False, decidee_le=None, famille=None)
                | Q(etat="acceptee", decidee_le__isnull=False, famille__isnull=False, par__isnull=False)
                | (Q(etat="refusee", decidee_le__isnull=False, famille=None, par__isnull=False) & ~Q(motif="")),
                violation_error_message="L’état de cette pré-inscription ne va pas avec ce qu’elle porte.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        """Number shown to people: « P-000042 »."""
        return f"P-{self.pk:06d}"

    @property
    def contenu(self) -> dict[str, Any]:
        """What the family wrote: `adultes`, `enfants`, `souhaits`; empty once it has been forgotten."""
        return dict(json.loads(self.contenu_chiffre)) if self.contenu_chiffre else {}

    @contenu.setter
    def contenu(self, valeur: dict[str, Any]) -> None:
        self.contenu_chiffre = json.dumps(valeur, ensure_ascii=False)

    @property
    def libelle_etat(self) -> str:
        return LIBELLES[Etat(self.etat)]
