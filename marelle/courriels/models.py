"""The e-mails the portal writes: one row per message and addressee, written in the business transaction, sent afterwards."""

from django.db import models
from django.utils import timezone


class Etat(models.TextChoices):
    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    AFFICHE = "affiche", "Affiché à l’écran"
    ECHEC = "echec", "En échec, sera réessayé"
    ABANDONNE = "abandonne", "Abandonné"


EN_INSTANCE = (Etat.A_ENVOYER, Etat.ECHEC)


TEXTE_OUBLIE = "Ce message portait un lien personnel : son texte n’est pas gardé."


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def a_partir(self) -> "CourrielQuerySet":
        """The messages whose next attempt is due, the oldest first."""
        return self.filter(etat__in=EN_INSTANCE, prochain_essai_le__lte=timezone.now()).order_by(
            "prochain_essai_le", "pk"
        )


class Courriel(models.Model):
    """A message as it will leave: subject and bodies are frozen when it is written.

    `dossier` groups messages (« famille:12 ») without this app knowing what a family is. `cle` names the business event:
    the same event never writes twice to the same address. A message that opens an access is `est_confidentiel`: its
    bodies are for its addressee alone, and are forgotten once it has left.
    """

    destinataire = models.CharField("destinataire", max_length=254)
    objet = models.CharField("objet", max_length=250)
    texte = models.TextField("texte")
    html = models.TextField("version HTML")
    gabarit = models.CharField("gabarit", max_length=60)
    dossier = models.CharField("dossier", max_length=60, blank=True, default="", db_index=True)
    cle = models.CharField("clé", max_length=150, null=True, blank=True)  # null: no event to recognise
    est_confidentiel = models.BooleanField("porte un lien personnel", default=False)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_ENVOYER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    prochain_essai_le = models.DateTimeField("prochain essai", default=timezone.now)
    cree_le = models.DateTimeField("écrit le", default=timezone.now, editable=False)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=200, blank=True, default="")

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ("-cree_le", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["cle", "destinataire"],
                name="courriel_une_fois_par_evenement",
                violation_error_message="Ce message a déjà été écrit à cette adresse.",
            ),
        ]
        indexes = [
            # Only what waits is indexed: the poll of the jobs costs the same after ten years of messages.
            models.Index(
                fields=["prochain_essai_le"],
                name="courriel_en_instance",
                condition=models.Q(etat__in=["a_envoyer", "echec"]),
            ),
            models.Index(fields=["-cree_le", "-id"], name="courriel_recents"),
        ]

    @property
    def texte_lisible(self) -> str:
        """The text that somebody else than the addressee, an agent for instance, may read."""
        return TEXTE_OUBLIE if self.est_confidentiel else self.texte

    def __str__(self) -> str:
        return f"{self.gabarit} nº {self.pk} ({self.get_etat_display()})"
