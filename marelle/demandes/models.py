"""Everything a family asks for, and everything the service does in its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from marelle.activites.models import Activite, Ouverture
from marelle.familles.models import Enfant, Famille, Responsable
from marelle.regles.attente import ordre
from marelle.reservations.models import Reservation
from marelle.socle.coffre import TexteChiffre
from marelle.transport.selection import dire_le_bus

from .passages import EN_COURS, LIBELLES, Acteur, Etat, Verbe

if TYPE_CHECKING:
    from .natures.base import Nature

ETATS = [(etat.value, LIBELLES[etat]) for etat in Etat]


class Panier(models.Model):
    """The cart of a household: `jeton` changes at each sending, so that the same cart posted twice is sent once."""

    famille = models.OneToOneField(Famille, models.CASCADE, related_name="panier", verbose_name="famille")
    jeton = models.UUIDField("jeton")

    class Meta:
        verbose_name = "panier"

    def __str__(self) -> str:
        return f"Panier de {self.famille_id}"


class Envoi(models.Model):
    """One sending of a family (or of the service for it), and its receipt (*accusé de réception électronique*)."""

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="envois", verbose_name="famille")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    depose_le = models.DateTimeField("déposé le")
    jeton = models.UUIDField("jeton", unique=True)

    class Meta:
        verbose_name = "envoi"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        """Number printed on the receipt: year and rank, for example « 2026-000123 »."""
        return f"{self.depose_le.year}-{self.pk:06d}"


class Demande(models.Model):
    """Something asked. Its state changes only through `depot`, `fiches` and `decision`, by the table of `demandes.passages`.

    `contenu` is what is asked in the nature's own form; a confidential nature keeps it encrypted. `avant` keeps what was in
    force when it was decided, so that history can be read. Days asked for are in `jours`.
    """

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="demandes", verbose_name="famille")
    envoi = models.ForeignKey(Envoi, models.PROTECT, null=True, related_name="demandes", verbose_name="envoi")
    nature = models.CharField("nature", max_length=30)
    enfant = models.ForeignKey(Enfant, models.PROTECT, null=True, related_name="demandes", verbose_name="enfant")
    responsable = models.ForeignKey(
        Responsable, models.PROTECT, null=True, related_name="demandes", verbose_name="responsable"
    )
    activite = models.ForeignKey(Activite, models.PROTECT, null=True, related_name="demandes", verbose_name="activité")
    etat = models.CharField("état", max_length=16, choices=ETATS, default=Etat.PANIER)
    origine = models.CharField("origine", max_length=8, choices=[(a.value, a.value) for a in Acteur])
    contenu_clair = models.JSONField("contenu", default=dict)
    contenu_chiffre = TexteChiffre("contenu chiffré", blank=True, null=True)
    verdict = models.JSONField("verdict au dépôt", default=dict)
    motif = models.TextField("motif", blank=True)
    est_en_reserve = models.BooleanField(
        "mise en attente par un agent",
        default=False,
        help_text="N’est pas servie d’elle-même quand une place se libère.",
    )
    ensemble = models.UUIDField(
        "ensemble sinon rien",
        null=True,
        editable=False,
        help_text="Les demandes qui portent la même clé se demandent pour tous les enfants, ou pour aucun.",
    )
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    depose_le = models.DateTimeField("déposée le", null=True)
    decide_le = models.DateTimeField("décidée le", null=True)
    mere = models.ForeignKey("self", models.PROTECT, null=True, related_name="filles", verbose_name="détachée de")

    class Meta:
        verbose_name = "demande"
        ordering = ["depose_le", "pk"]
        indexes = [
            models.Index(fields=["etat", "depose_le", "id"], name="demande_file"),
            models.Index(fields=["famille", "etat", "decide_le"], name="demande_famille"),
            models.Index(fields=["enfant", "etat"], name="demande_enfant"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["famille", "nature", "enfant", "activite"],
                condition=Q(etat="panier", activite__isnull=False),
                name="un_panier_par_enfant_et_activite",
                violation_error_message="Ces jours sont déjà au panier.",
            ),
            models.UniqueConstraint(
                fields=["nature", "enfant", "famille"],
                condition=Q(etat__in=["panier"], activite__isnull=True, enfant__isnull=False),
                name="un_brouillon_par_fiche_d_enfant",
                violation_error_message="Un brouillon de cette fiche existe déjà.",
            ),
            models.CheckConstraint(
                name="une_demande_envoyee_a_son_envoi",
                condition=Q(etat__in=["panier", "retiree"]) | Q(envoi__isnull=False, depose_le__isnull=False),
                violation_error_message="Une demande déposée a son accusé de réception.",
            ),
            models.CheckConstraint(
                name="un_refus_a_son_motif",
                condition=~Q(etat="refusee") | ~Q(motif=""),
                violation_error_message="Un refus donne son motif à la famille.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        """Number shown to people: « D-000042 »."""
        return f"D-{self.pk:06d}"

    @property
    def type_nature(self) -> type[Nature]:
        from .natures import NATURES

        return NATURES[self.nature]

    @property
    def contenu(self) -> dict[str, Any]:
        """What is asked, decrypted when the nature is confidential."""
        if self.contenu_chiffre:
            return dict(json.loads(self.contenu_chiffre))
        return dict(self.contenu_clair)

    @contenu.setter
    def contenu(self, valeur: dict[str, Any]) -> None:
        if self.type_nature.EST_CONFIDENTIELLE:
            self.contenu_clair, self.contenu_chiffre = {}, json.dumps(valeur, ensure_ascii=False)
        else:
            self.contenu_clair = valeur

    @property
    def est_en_cours(self) -> bool:
        return self.etat in EN_COURS

    @property
    def libelle_etat(self) -> str:
        return LIBELLES[Etat(self.etat)]


class JourDemande(models.Model):
    """A day asked for, or asked to be cancelled. `reservation` is what it made, or what it cancels."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="jours", verbose_name="demande")
    ouverture = models.ForeignKey(Ouverture, models.PROTECT, related_name="jours_demandes", verbose_name="ouverture")
    date = models.DateField("date")
    reservation = models.ForeignKey(
        Reservation, models.PROTECT, null=True, related_name="jours_demandes", verbose_name="réservation"
    )
    retenu_jusquau = models.DateTimeField("retenu jusqu’au", null=True)

    class Meta:
        verbose_name = "jour demandé"
        ordering = ["date", "pk"]
        indexes = [models.Index(fields=["date"], name="jour_demande_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "ouverture"],
                name="un_jour_une_fois_par_demande",
                violation_error_message="Ce jour est déjà dans la demande.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande_id} {self.date}"

    @property
    def bus(self) -> str:
        """The stops asked with the day, in words; empty without a bus. Reads `trajet`, to be read with the days."""
        return dire_le_bus(getattr(self, "trajet", None))


class Passage(models.Model):
    """One passage of a demande, append-only: verb, states, who, when, why. `derogation`: against which rule it went."""

    demande = models.ForeignKey(Demande, models.PROTECT, related_name="passages", verbose_name="demande")
    verbe = models.CharField("verbe", max_length=20, choices=[(v.value, v.value) for v in Verbe])
    de = models.CharField("de", max_length=16, choices=ETATS)
    vers = models.CharField("vers", max_length=16, choices=ETATS)
    acteur = models.CharField("acteur", max_length=8, choices=[(a.value, a.value) for a in Acteur])
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    par_nom = models.CharField("nom", max_length=160, blank=True)
    quand = models.DateTimeField("quand")
    motif = models.TextField("motif", blank=True)
    derogation = models.TextField("dérogation", blank=True)

    class Meta:
        verbose_name = "passage"
        # Not by `quand`: an action reads the clock before it waits for its turn, and keeps the line after it has had it.
        ordering = ["pk"]
        indexes = [
            # The places that came to those who wait, lately: few rows among all the passages.
            models.Index(
                fields=["quand"],
                condition=Q(verbe__in=["remettre_en_file", "proposer"]),
                name="passage_place_liberee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande_id} {self.verbe}"


class RangAttente(models.Model):
    """Why a waiting day has its rank: points of the published criteria as last counted, and the service's own change.

    Exists where the line is not simply in order of arrival. `arrivee` (µs since 1970) is the deposit, or later when an
    offer was left without an answer; `place_forcee` is the key given by an agent, with its reason.
    """

    jour = models.OneToOneField(JourDemande, models.CASCADE, related_name="rang_attente", verbose_name="jour demandé")
    arrivee = models.BigIntegerField("arrivée")
    points = models.PositiveSmallIntegerField("points", default=0)
    criteres = models.JSONField("critères remplis", default=list)
    place_forcee = models.BigIntegerField("clé donnée par le service", null=True)
    motif = models.TextField("motif du service", blank=True)
    par_nom = models.CharField("modifié par", max_length=160, blank=True)
    modifie_le = models.DateTimeField("modifié le", null=True)

    class Meta:
        verbose_name = "rang d’attente"
        constraints = [
            models.CheckConstraint(
                name="un_rang_modifie_a_son_motif",
                condition=Q(place_forcee__isnull=True) | ~Q(motif=""),
                violation_error_message="Un rang modifié par le service donne son motif à la famille.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jour_id} {self.points}"

    @property
    def ordre(self) -> int:
        return self.place_forcee if self.place_forcee is not None else ordre(self.arrivee, self.points)


class OffreDePlace(models.Model):
    """A place that came free, held for one family until `fin_le`: only the digest of its link is kept.

    `debut_le`: when it is said (after the quiet hours) and starts to count.
    """

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "En cours"
        ACCEPTEE = "acceptee", "Acceptée"
        REFUSEE = "refusee", "Refusée"
        EXPIREE = "expiree", "Sans réponse"
        CLOSE = "close", "Close par le service"

    demande = models.ForeignKey(Demande, models.PROTECT, related_name="offres", verbose_name="demande")
    empreinte = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.EN_COURS)
    faite_le = models.DateTimeField("faite le")
    debut_le = models.DateTimeField("court à partir de")
    fin_le = models.DateTimeField("finit le")
    repondue_le = models.DateTimeField("finie le", null=True)

    class Meta:
        verbose_name = "offre de place"
        ordering = ["faite_le", "pk"]
        indexes = [
            models.Index(fields=["fin_le"], condition=Q(etat="en_cours"), name="offre_en_cours"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(etat="en_cours"),
                name="une_offre_en_cours_par_demande",
                violation_error_message="Une place est déjà proposée pour cette demande.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande_id} {self.etat}"
