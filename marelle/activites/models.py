"""What can be booked: centres, activities, their unités and age groups, cycles, and each day's openings and capacities."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from marelle.comptes.models import Agent

PARTIES = {"matin": "matin", "repas": "repas", "apres_midi": "après-midi", "soir": "soir"}
_code = RegexValidator(
    r"^[a-z0-9-]+\Z", "Un code s’écrit en minuscules, chiffres et tirets, par exemple « ile-bouchard »."
)


class Temps(models.TextChoices):
    """The time of care in the meaning of the CASF (domain §5)."""

    PERISCOLAIRE = "periscolaire", "Périscolaire"
    RESTAURATION = "restauration", "Restauration scolaire"
    MERCREDI = "mercredi", "Mercredis"
    VACANCES = "vacances", "Vacances"


class Centre(models.Model):
    """A place that welcomes children (*accueil de loisirs*, canteen)."""

    code = models.CharField("code", max_length=50, unique=True, validators=[_code])
    nom = models.CharField("nom", max_length=120)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_actif = models.BooleanField("ouvert aux familles", default=True)
    agents = models.ManyToManyField(
        Agent,
        blank=True,
        related_name="centres",
        verbose_name="agents limités à ce centre",
        help_text="Un agent qui n’est lié à aucun centre les voit tous.",
    )

    class Meta:
        verbose_name = "centre"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class Activite(models.Model):
    """An offer of a centre, ruled by the règlement under its `code`.

    `retient_places`: a demande déposée holds its places until it is decided. `panier_retient_minutes`: so does a cart,
    for that long (0: never).
    `mode_decision` overrides the règlement's way of deciding.
    """

    class Mode(models.TextChoices):
        REGLEMENT = "", "Comme le règlement"
        AGENT = "agent", "Un agent décide"
        AUTOMATIQUE = "automatique", "Automatique"

    code = models.CharField("code", max_length=60, unique=True, validators=[_code])
    nom = models.CharField("nom", max_length=120)
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="activites", verbose_name="centre")
    temps = models.CharField("temps d’accueil", max_length=20, choices=Temps)
    description = models.CharField("description", max_length=300, blank=True)
    age_min = models.PositiveSmallIntegerField("âge minimum", default=3)
    age_max = models.PositiveSmallIntegerField("âge maximum", default=11)
    mode_decision = models.CharField("décision", max_length=12, choices=Mode, blank=True)
    retient_places = models.BooleanField("une demande déposée retient sa place", default=True)
    panier_retient_minutes = models.PositiveSmallIntegerField("minutes de retenue au panier", default=0)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_active = models.BooleanField("proposée aux familles", default=True)

    class Meta:
        verbose_name = "activité"
        ordering = ["ordre", "nom"]
        constraints = [
            models.CheckConstraint(
                name="activite_ages_dans_l_ordre",
                condition=Q(age_max__gte=F("age_min")),
                violation_error_message="L’âge maximum est au moins égal à l’âge minimum.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Unite(models.Model):
    """What is booked at once: a day is made of parts (matin, repas, après-midi) taken all or none."""

    activite = models.ForeignKey(Activite, models.CASCADE, related_name="unites", verbose_name="activité")
    code = models.CharField("code", max_length=40, validators=[_code])
    nom = models.CharField("nom", max_length=80)
    parties = models.JSONField("parties", default=list)
    heure_debut = models.TimeField("heure de début")
    heure_fin = models.TimeField("heure de fin")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "unité"
        ordering = ["activite_id", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activite", "code"],
                name="un_code_d_unite_par_activite",
                violation_error_message="Cette activité a déjà une unité de ce code.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Groupe(models.Model):
    """An age group of an activity, by the age on the day, both ends included."""

    activite = models.ForeignKey(Activite, models.CASCADE, related_name="groupes", verbose_name="activité")
    nom = models.CharField("nom", max_length=60)
    age_min = models.PositiveSmallIntegerField("de (ans)")
    age_max = models.PositiveSmallIntegerField("à (ans)")

    class Meta:
        verbose_name = "groupe"
        ordering = ["activite_id", "age_min"]
        constraints = [
            models.CheckConstraint(
                name="groupe_ages_dans_l_ordre",
                condition=Q(age_max__gte=F("age_min")),
                violation_error_message="L’âge maximum du groupe est au moins égal à son âge minimum.",
            ),
            models.UniqueConstraint(
                fields=["activite", "age_min"],
                name="un_groupe_par_age",
                violation_error_message="Un autre groupe de cette activité commence au même âge.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Periode(models.Model):
    """A cycle open to booking, for all activities of one time of care. Both ends included."""

    code = models.CharField("code", max_length=60, unique=True, validators=[_code])
    nom = models.CharField("nom", max_length=120)
    temps = models.CharField("temps d’accueil", max_length=20, choices=Temps)
    debut = models.DateField("début")
    fin = models.DateField("fin")

    class Meta:
        verbose_name = "période"
        ordering = ["debut", "temps"]
        constraints = [
            models.CheckConstraint(
                name="periode_dans_l_ordre",
                condition=Q(fin__gte=F("debut")),
                violation_error_message="La période finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Jauge(models.Model):
    """A capacity on a day: `prises` by bookings, `retenues` by demandes not decided (or carts), `attente` children waiting.

    A jauge without activity is the seats of a bus (`transport.Course`).
    Only `reservations.places` writes the three counters. `bloc` is what is locked at once: all the jauges of a day that
    some ouverture ties together carry the same number (the smallest pk among them).
    """

    activite = models.ForeignKey(
        Activite, models.CASCADE, null=True, blank=True, related_name="jauges", verbose_name="activité"
    )
    date = models.DateField("date")
    partie = models.CharField("partie", max_length=20)
    groupe = models.ForeignKey(
        Groupe, models.CASCADE, null=True, blank=True, related_name="jauges", verbose_name="groupe"
    )
    bloc = models.BigIntegerField("bloc", default=0, db_index=True)
    places = models.PositiveIntegerField("places")
    prises = models.PositiveIntegerField("prises", default=0)
    retenues = models.PositiveIntegerField("retenues", default=0)
    attente = models.PositiveIntegerField("en attente", default=0)

    class Meta:
        verbose_name = "jauge"
        ordering = ["date", "pk"]
        indexes = [models.Index(fields=["activite", "date"], name="jauge_activite_date")]
        constraints = [
            models.CheckConstraint(
                name="jamais_plus_que_les_places",
                condition=Q(prises__lte=F("places") - F("retenues")),
                violation_error_message="Il y a plus d’enfants que de places ce jour-là.",
            ),
            models.UniqueConstraint(
                fields=["activite", "date", "partie", "groupe"],
                name="une_jauge_par_partie_et_groupe",
                violation_error_message="Cette partie de la journée a déjà sa capacité.",
            ),
            models.UniqueConstraint(
                fields=["activite", "date", "partie"],
                condition=Q(groupe__isnull=True),
                name="une_jauge_par_partie",
                violation_error_message="Cette partie de la journée a déjà sa capacité.",
            ),
        ]

    @property
    def nom(self) -> str:
        """« Matin, 6-11 ans »."""
        partie = PARTIES.get(self.partie, self.partie).capitalize()
        return f"{partie}, {self.groupe.nom}" if self.groupe else partie

    def __str__(self) -> str:
        return f"{self.activite_id} {self.date} {self.partie}"

    @property
    def restantes(self) -> int:
        """Places that nobody holds."""
        return max(0, self.places - self.prises - self.retenues)


class Ouverture(models.Model):
    """An unité on a day for an age group (or all): booking it takes one place in each of its jauges.

    `fermeture` is the reason when the day is closed, empty when it is open. `evenements`: what the day has besides, that
    the tariffs price (an outing), as `evenements.py` writes it.
    """

    unite = models.ForeignKey(Unite, models.CASCADE, related_name="ouvertures", verbose_name="unité")
    activite = models.ForeignKey(Activite, models.CASCADE, related_name="ouvertures", verbose_name="activité")
    groupe = models.ForeignKey(
        Groupe, models.CASCADE, null=True, blank=True, related_name="ouvertures", verbose_name="groupe"
    )
    date = models.DateField("date")
    fermeture = models.CharField("motif de fermeture", max_length=120, blank=True)
    evenements = models.JSONField("événements", default=list, blank=True)
    jauges = models.ManyToManyField(Jauge, related_name="ouvertures", verbose_name="jauges")

    class Meta:
        verbose_name = "ouverture"
        ordering = ["date", "pk"]
        indexes = [models.Index(fields=["activite", "date"], name="ouverture_activite_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["unite", "date", "groupe"],
                name="une_ouverture_par_unite_jour_groupe",
                violation_error_message="Cette unité est déjà ouverte ce jour-là pour ce groupe.",
            ),
            models.UniqueConstraint(
                fields=["unite", "date"],
                condition=Q(groupe__isnull=True),
                name="une_ouverture_par_unite_jour",
                violation_error_message="Cette unité est déjà ouverte ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unite_id} {self.date}"


class Fermeture(models.Model):
    """A closure decided by the service: one centre, or all when `centre` is empty. Both ends included."""

    centre = models.ForeignKey(Centre, models.CASCADE, null=True, blank=True, verbose_name="centre")
    debut = models.DateField("du")
    fin = models.DateField("au")
    motif = models.CharField("motif", max_length=120)
    creee_le = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "fermeture"
        ordering = ["-debut"]
        constraints = [
            models.CheckConstraint(
                name="fermeture_dans_l_ordre",
                condition=Q(fin__gte=F("debut")),
                violation_error_message="La fermeture finit le jour où elle commence, ou après.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motif} ({self.debut})"
