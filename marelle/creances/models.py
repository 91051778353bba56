"""The ledger: who owes, what was billed, what was received, and what pays what. Rows are added, never rewritten.

Amounts are whole centimes. A facture owes (positive), an avoir gives back (negative); the balance of a payer is the sum of
what was billed less the sum of what was received, whatever pays what.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent
from marelle.familles.models import Enfant, Famille, Responsable
from marelle.socle.pays import FRANCE

from .modeles_regie import Compteur, Mandat, Regie, TexteRegies

__all__ = [
    "Compteur",
    "Facture",
    "LigneFacture",
    "Mandat",
    "Paiement",
    "Payeur",
    "Regie",
    "Restitution",
    "TexteRegies",
    "Ventilation",
]


class Payeur(models.Model):
    """Somebody who is billed: a household (its principal adult answers), one adult of it apart, or a third party
    (CCAS, works council…). Each has its own invoices, statement and certificate, and sees nothing of the others'."""

    class Sorte(models.TextChoices):
        FAMILLE = "famille", "Famille"
        ADULTE = "adulte", "Adulte facturé à part"
        TIERS = "tiers", "Organisme"

    sorte = models.CharField("sorte", max_length=8, choices=Sorte, default=Sorte.FAMILLE)
    famille = models.ForeignKey(
        Famille, models.PROTECT, null=True, blank=True, related_name="payeurs", verbose_name="famille"
    )
    responsable = models.ForeignKey(
        Responsable, models.PROTECT, null=True, blank=True, related_name="payeurs", verbose_name="adulte"
    )
    code = models.CharField("code", max_length=40, blank=True, default="")
    nom = models.CharField("nom", max_length=120, blank=True, default="")
    siret = models.CharField("SIRET", max_length=14, blank=True, default="")
    adresse = models.CharField("adresse", max_length=200, blank=True, default="")
    code_postal = models.CharField("code postal", max_length=10, blank=True, default="")
    commune = models.CharField("commune", max_length=80, blank=True, default="")
    pays = models.CharField("pays", max_length=2, default=FRANCE)
    courriel = models.EmailField("adresse e-mail", blank=True, default="")

    class Meta:
        verbose_name = "payeur"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="payeur_de_sa_sorte",
                condition=Q(sorte="famille", famille__isnull=False, responsable__isnull=True)
                | Q(sorte="adulte", famille__isnull=False, responsable__isnull=False)
                | (Q(sorte="tiers", famille__isnull=True, responsable__isnull=True) & ~Q(code="") & ~Q(nom="")),
                violation_error_message="Un payeur est une famille, un adulte d’une famille ou un organisme nommé.",
            ),
            models.UniqueConstraint(
                fields=["famille"],
                condition=Q(sorte="famille"),
                name="un_payeur_par_famille",
                violation_error_message="Cette famille a déjà son payeur.",
            ),
            models.UniqueConstraint(
                fields=["responsable"],
                condition=Q(sorte="adulte"),
                name="un_payeur_par_adulte",
                violation_error_message="Cet adulte est déjà facturé à part.",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(sorte="tiers"),
                name="un_payeur_par_code",
                violation_error_message="Un autre organisme porte déjà ce code.",
            ),
        ]

    def __str__(self) -> str:
        return f"payeur {self.pk}"


class Facture(models.Model):
    """An issued invoice (`montant_centimes` > 0) or credit note (*avoir*, < 0): its lines make its amount. Frozen.

    `numero` is numeric, 12 digits: year, régie, rank without gaps (PES NumDette allows 15). `reference`, when there is
    one, is what can be issued only once (« campagne:7:payeur:12 »). `destinataire` is who it was written to, as they were.
    """

    class Sorte(models.TextChoices):
        FACTURE = "facture", "Facture"
        AVOIR = "avoir", "Avoir"

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="factures", verbose_name="régie")
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveIntegerField("rang")
    numero = models.CharField("numéro", max_length=15, unique=True)
    sorte = models.CharField("sorte", max_length=8, choices=Sorte)
    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="factures", verbose_name="payeur")
    famille = models.ForeignKey(
        Famille, models.PROTECT, null=True, blank=True, related_name="factures", verbose_name="famille"
    )
    corrige = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="avoirs", verbose_name="facture corrigée"
    )
    reference = models.CharField("référence unique", max_length=80, null=True, blank=True, unique=True)
    destinataire = models.JSONField("destinataire", default=dict)
    periode_debut = models.DateField("du")
    periode_fin = models.DateField("au")
    date_emission = models.DateField("émise le")
    date_echeance = models.DateField("à payer avant le")
    montant_centimes = models.BigIntegerField("montant")
    solde_anterieur_centimes = models.BigIntegerField("solde antérieur", default=0)
    motif = models.CharField("motif", max_length=300, blank=True, default="")
    emise_le = models.DateTimeField("enregistrée le")
    emise_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="émise par")
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "facture"
        ordering = ["-date_emission", "-numero"]
        indexes = [
            models.Index(fields=["payeur", "regie"], name="facture_payeur"),
            models.Index(fields=["famille", "-date_emission"], name="facture_famille"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["regie", "exercice", "rang"], name="facture_rang_unique"),
            models.CheckConstraint(
                name="facture_doit_avoir_rend",
                condition=Q(sorte="facture", montant_centimes__gt=0) | Q(sorte="avoir", montant_centimes__lt=0),
                violation_error_message="Une facture est due, un avoir rend : ni l’une ni l’autre n’est nulle.",
            ),
            models.CheckConstraint(name="facture_periode", condition=Q(periode_debut__lte=F("periode_fin"))),
            models.CheckConstraint(
                name="avoir_dit_pourquoi",
                condition=Q(sorte="facture") | ~Q(motif=""),
                violation_error_message="Dites à la famille pourquoi cet avoir est fait.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()} {self.numero}"

    @property
    def est_avoir(self) -> bool:
        return self.sorte == self.Sorte.AVOIR


class LigneFacture(models.Model):
    """One line. `cle` names what is billed (« enfant:3:ouverture:51 »), `tour` its rank among the lines of that key for
    that payer: a line is issued once, and what stands billed of a key is the sum of its lines.

    `eligible_centimes`: the part that a tax certificate may count (care; never meals, penalties nor outings)."""

    class Sorte(models.TextChoices):
        PRESTATION = "prestation", "Prestation"
        FORFAIT = "forfait", "Forfait"
        COTISATION = "cotisation", "Cotisation"
        CORRECTION = "correction", "Régularisation"
        PRISE_EN_CHARGE = "prise_en_charge", "Prise en charge"
        AUTRE = "autre", "Autre"

    facture = models.ForeignKey(Facture, models.PROTECT, related_name="lignes", verbose_name="facture")
    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="+", verbose_name="payeur")
    rang = models.PositiveSmallIntegerField("rang")
    sorte = models.CharField("sorte", max_length=16, choices=Sorte, default=Sorte.PRESTATION)
    cle = models.CharField("ce qui est facturé", max_length=80)
    tour = models.PositiveSmallIntegerField("tour", default=1)
    enfant = models.ForeignKey(
        Enfant, models.PROTECT, null=True, blank=True, related_name="lignes_de_facture", verbose_name="enfant"
    )
    activite = models.CharField("code de l’activité", max_length=60, blank=True, default="")
    unite = models.CharField("code de l’unité", max_length=60, blank=True, default="")
    date = models.DateField("jour", null=True, blank=True)
    minutes = models.PositiveIntegerField("minutes facturées", default=0)
    libelle = models.CharField("libellé", max_length=200)
    explication = models.CharField("explication", max_length=300, blank=True, default="")
    prix = models.JSONField("prix", null=True, blank=True)
    montant_centimes = models.BigIntegerField("montant")
    eligible_centimes = models.BigIntegerField("part de garde", default=0)

    class Meta:
        verbose_name = "ligne de facture"
        verbose_name_plural = "lignes de facture"
        ordering = ["facture_id", "rang"]
        indexes = [models.Index(fields=["enfant", "date"], name="ligne_enfant_date")]
        constraints = [
            models.UniqueConstraint(fields=["facture", "rang"], name="ligne_rang_unique"),
            models.UniqueConstraint(fields=["payeur", "cle", "tour"], name="ligne_facturee_une_fois"),
        ]

    def __str__(self) -> str:
        return f"ligne {self.rang} de {self.facture_id}"


class Paiement(models.Model):
    """Money received (> 0), or its counter-entry (< 0, `annule` says of what and `motif` why). Never rewritten.

    With `est_remboursement`, money given back (< 0, `motif` says why; what it consumes is its `Restitution` rows), or its
    counter-entry (> 0): it did not reach the payer, or was never given. `reference_unique` is what can be received only once
    (« payfip:<idop> »). `numero` runs without gaps per régie and year:
    it is the number of the receipt (*quittance*)."""

    class Mode(models.TextChoices):
        ESPECES = "especes", "Espèces"
        CHEQUE = "cheque", "Chèque"
        CARTE = "carte", "Carte bancaire"
        EN_LIGNE = "en_ligne", "Carte bancaire en ligne (PayFiP)"
        PRELEVEMENT_EN_LIGNE = "prelevement_en_ligne", "Prélèvement en ligne (PayFiP)"
        VIREMENT = "virement", "Virement"
        PRELEVEMENT = "prelevement", "Prélèvement SEPA"
        CESU = "cesu", "CESU préfinancé"
        ANCV = "ancv", "Chèques-Vacances ANCV"
        TRESOR = "tresor", "Payé au Trésor public"

    regie = models.ForeignKey(Regie, models.PROTECT, related_name="paiements", verbose_name="régie")
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveIntegerField("rang")
    numero = models.CharField("numéro", max_length=20, unique=True)
    payeur = models.ForeignKey(Payeur, models.PROTECT, related_name="paiements", verbose_name="payeur")
    mode = models.CharField("mode", max_length=20, choices=Mode)
    montant_centimes = models.BigIntegerField("montant")
    date_paiement = models.DateField("reçu le")
    emetteur = models.CharField("banque ou émetteur", max_length=80, blank=True, default="")
    reference = models.CharField("numéro du chèque ou référence", max_length=80, blank=True, default="")
    reference_unique = models.CharField("référence unique", max_length=80, null=True, blank=True, unique=True)
    annule = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="contrepassation", verbose_name="annule"
    )
    motif = models.CharField("motif", max_length=200, blank=True, default="")
    est_remboursement = models.BooleanField("remboursement", default=False)
    enregistre_le = models.DateTimeField("enregistré le")
    enregistre_par = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", verbose_name="par")
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "paiement"
        ordering = ["-date_paiement", "-numero"]
        indexes = [models.Index(fields=["payeur", "regie"], name="paiement_payeur")]
        constraints = [
            models.UniqueConstraint(fields=["regie", "exercice", "rang"], name="paiement_rang_unique"),
            models.CheckConstraint(
                name="paiement_de_son_sens",
                condition=Q(est_remboursement=False, annule__isnull=True, montant_centimes__gt=0)
                | (Q(est_remboursement=False, annule__isnull=False, montant_centimes__lt=0) & ~Q(motif=""))
                | (Q(est_remboursement=True, annule__isnull=True, montant_centimes__lt=0) & ~Q(motif=""))
                | (Q(est_remboursement=True, annule__isnull=False, montant_centimes__gt=0) & ~Q(motif="")),
                violation_error_message="Un paiement est positif, un remboursement négatif ; leur annulation est du sens "
                "contraire et, comme un remboursement, dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom_courant} {self.numero}"

    @property
    def nom_courant(self) -> str:
        """« paiement » or « remboursement », in a sentence."""
        return "remboursement" if self.est_remboursement else "paiement"

    @property
    def est_annule(self) -> bool:
        """Whether a counter-entry took it back: a query, unless `contrepassation` was read with it."""
        return hasattr(self, "contrepassation")


class Ventilation(models.Model):
    """So much of a payment, or of an avoir, pays that facture. Taken back by a row of the opposite sign."""

    facture = models.ForeignKey(Facture, models.PROTECT, related_name="ventilations", verbose_name="facture")
    paiement = models.ForeignKey(
        Paiement, models.PROTECT, null=True, blank=True, related_name="ventilations", verbose_name="paiement"
    )
    avoir = models.ForeignKey(
        Facture, models.PROTECT, null=True, blank=True, related_name="imputations", verbose_name="avoir"
    )
    montant_centimes = models.BigIntegerField("montant")
    faite_le = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "ventilation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="ventilation_d_une_source",
                condition=Q(paiement__isnull=False, avoir__isnull=True) | Q(paiement__isnull=True, avoir__isnull=False),
            ),
            models.CheckConstraint(name="ventilation_non_nulle", condition=~Q(montant_centimes=0)),
        ]

    def __str__(self) -> str:
        return f"{self.montant_centimes} vers {self.facture_id}"


class Restitution(models.Model):
    """So much of a payment, or of an avoir, was given back by that refund: it pays no invoice any more. Taken back by a row of
    the opposite sign, of the same source: the refund was cancelled, or the payment that it gave back was."""

    remboursement = models.ForeignKey(
        Paiement, models.PROTECT, related_name="restitutions", verbose_name="remboursement"
    )
    paiement = models.ForeignKey(
        Paiement, models.PROTECT, null=True, blank=True, related_name="rendu", verbose_name="paiement"
    )
    avoir = models.ForeignKey(
        Facture, models.PROTECT, null=True, blank=True, related_name="rendu", verbose_name="avoir"
    )
    montant_centimes = models.BigIntegerField("montant")
    faite_le = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "restitution"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="restitution_d_une_source",
                condition=Q(paiement__isnull=False, avoir__isnull=True) | Q(paiement__isnull=True, avoir__isnull=False),
            ),
            models.CheckConstraint(name="restitution_non_nulle", condition=~Q(montant_centimes=0)),
        ]

    def __str__(self) -> str:
        return f"{self.montant_centimes} rendus par {self.remboursement_id}"
