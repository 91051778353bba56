"""Families as the service knows them: households, adults, children, what is in force in each child's file."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from marelle.socle.coffre import TexteChiffre
from marelle.socle.pays import FRANCE, lignes_d_adresse


class Famille(models.Model):
    """A household (*foyer*): its adults, its bookings, its invoices. A child may belong to two of them."""

    numero = models.CharField("numéro", max_length=20, unique=True)
    nom = models.CharField("nom", max_length=120)
    est_archivee = models.BooleanField("archivée", default=False)
    creee_le = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "famille"
        ordering = ["nom", "numero"]

    def __str__(self) -> str:
        return self.nom


class Responsable(models.Model):
    """An adult of a household."""

    class Civilite(models.TextChoices):
        MADAME = "mme", "Madame"
        MONSIEUR = "m", "Monsieur"
        AUCUNE = "", "Sans civilité"

    class Situation(models.TextChoices):
        NON_DITE = "", "Non précisée"
        EMPLOI = "emploi", "En emploi"
        FORMATION = "formation", "En formation ou en études"
        RECHERCHE = "recherche", "À la recherche d’un emploi"
        AUTRE = "autre", "Autre situation"

    famille = models.ForeignKey(Famille, models.PROTECT, related_name="responsables", verbose_name="famille")
    civilite = models.CharField("civilité", max_length=3, choices=Civilite, blank=True)
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    courriel = models.EmailField("adresse e-mail", blank=True)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=10, blank=True)
    commune = models.CharField("commune", max_length=80, blank=True)
    pays = models.CharField("pays", max_length=2, default=FRANCE)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    mobile = models.CharField("mobile", max_length=20, blank=True)
    accord_facture_electronique = models.BooleanField("factures par e-mail", default=False)
    accord_facture_le = models.DateTimeField("accord donné le", null=True, blank=True)
    situation = models.CharField("situation professionnelle", max_length=10, choices=Situation, blank=True, default="")
    est_principal = models.BooleanField("responsable principal", default=False)
    rang = models.PositiveSmallIntegerField("rang", default=1)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "responsable"
        ordering = ["famille_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["famille"],
                condition=Q(est_principal=True),
                name="un_responsable_principal_par_famille",
                violation_error_message="Cette famille a déjà un responsable principal.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def ville(self) -> str:
        """« 37500 Chinon », « 1050 Ixelles, BELGIQUE »."""
        return ", ".join(lignes_d_adresse({nom: getattr(self, nom) for nom in ("code_postal", "commune", "pays")}))

    @property
    def est_occupe(self) -> bool:
        """Works or studies: what a waiting list may look at, where the règlement says so."""
        return self.situation in (self.Situation.EMPLOI, self.Situation.FORMATION)


class Acces(models.Model):
    """A login to a household: an adult's own, or the one that the family shares (`responsable` is then empty)."""

    compte = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="acces", verbose_name="compte")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="acces", verbose_name="famille")
    responsable = models.OneToOneField(
        Responsable, models.PROTECT, null=True, blank=True, related_name="acces", verbose_name="adulte"
    )

    class Meta:
        verbose_name = "accès"
        verbose_name_plural = "accès"

    def __str__(self) -> str:
        return f"{self.compte} → {self.famille}"


class Enfant(models.Model):
    """A child. What families ask to change lives in demandes; this row is what is in force."""

    class Sexe(models.TextChoices):
        FILLE = "f", "Fille"
        GARCON = "g", "Garçon"
        NON_DIT = "", "Non précisé"

    familles = models.ManyToManyField(Famille, through="Rattachement", related_name="enfants")
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    date_naissance = models.DateField("date de naissance")
    sexe = models.CharField("sexe", max_length=1, choices=Sexe, blank=True)
    ecole = models.CharField("école", max_length=120, blank=True)
    classe = models.CharField("classe", max_length=40, blank=True)
    photo = models.CharField("photo", max_length=100, blank=True, editable=False)
    est_archive = models.BooleanField("archivé", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "enfant"
        ordering = ["date_naissance", "prenom", "pk"]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    def age_le(self, jour: date) -> int:
        """Age in whole years on that day."""
        ne = self.date_naissance
        return jour.year - ne.year - ((jour.month, jour.day) < (ne.month, ne.day))


class Rattachement(models.Model):
    """A child in a household: who has it, in what share of custody (percent), with what rights."""

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="rattachements", verbose_name="enfant")
    famille = models.ForeignKey(Famille, models.PROTECT, related_name="rattachements", verbose_name="famille")
    part_garde = models.PositiveSmallIntegerField("part de garde (%)", default=100)
    peut_reserver = models.BooleanField("peut réserver", default=True)

    class Meta:
        verbose_name = "rattachement"
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "famille"],
                name="un_rattachement_par_enfant_et_famille",
                violation_error_message="Cet enfant est déjà rattaché à cette famille.",
            ),
            models.CheckConstraint(
                name="part_garde_entre_0_et_100",
                condition=Q(part_garde__lte=100),
                violation_error_message="La part de garde va de 0 à 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enfant} chez {self.famille}"


class FicheEnfant(models.Model):
    """*Fiche d'information* in force: type of meal, insurance. `validee_le` is empty until the service has accepted one."""

    enfant = models.OneToOneField(Enfant, models.CASCADE, related_name="fiche", verbose_name="enfant")
    type_repas = models.CharField("type de repas", max_length=40, blank=True)
    assurance_compagnie = models.CharField("compagnie d’assurance", max_length=80, blank=True)
    assurance_police = models.CharField("numéro de contrat", max_length=60, blank=True)
    validee_le = models.DateTimeField("validée le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "fiche d’information"

    def __str__(self) -> str:
        return f"Fiche de {self.enfant}"


class Autorisations(models.Model):
    """Authorisations in force: `accords` maps the code of each question of the collectivité to yes or no."""

    enfant = models.OneToOneField(Enfant, models.CASCADE, related_name="autorisations", verbose_name="enfant")
    accords = models.JSONField("accords", default=dict)
    validees_le = models.DateTimeField("validées le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "autorisations"
        verbose_name_plural = "autorisations"

    def __str__(self) -> str:
        return f"Autorisations de {self.enfant}"


class ListePersonnes(models.Model):
    """That the list of authorised persons of a child has been validated (an empty list may be a valid one)."""

    enfant = models.OneToOneField(Enfant, models.CASCADE, related_name="liste_personnes", verbose_name="enfant")
    validee_le = models.DateTimeField("validée le", null=True, blank=True)

    class Meta:
        verbose_name = "liste des personnes autorisées"

    def __str__(self) -> str:
        return f"Personnes autorisées pour {self.enfant}"


class PersonneAutorisee(models.Model):
    """Somebody who may collect the child (*personne autorisée*), or be called."""

    enfant = models.ForeignKey(Enfant, models.CASCADE, related_name="personnes_autorisees", verbose_name="enfant")
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    lien = models.CharField("lien avec l’enfant", max_length=60)
    telephone = models.CharField("téléphone", max_length=20)
    peut_recuperer = models.BooleanField("peut venir chercher l’enfant", default=True)
    rang = models.PositiveSmallIntegerField("rang", default=1)

    class Meta:
        verbose_name = "personne autorisée"
        verbose_name_plural = "personnes autorisées"
        ordering = ["enfant_id", "rang", "pk"]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"


class FicheSanitaire(models.Model):
    """Health sheet in force, encrypted at rest: `contenu` is JSON text. Each reading is journaled by who reads it.

    `alerte` is the short text that those who keep the child must see (conduct to hold), encrypted as well.
    """

    enfant = models.OneToOneField(Enfant, models.CASCADE, related_name="fiche_sanitaire", verbose_name="enfant")
    contenu = TexteChiffre("contenu", blank=True, null=True)
    alerte = TexteChiffre("alerte", blank=True, null=True)
    a_pai = models.BooleanField("PAI", default=False)
    validee_le = models.DateTimeField("validée le", null=True, blank=True)

    class Meta:
        verbose_name = "fiche médicale"

    def __str__(self) -> str:
        return f"Fiche médicale de {self.enfant_id}"
