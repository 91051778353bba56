"""Who runs this portal: identity of the collectivité, its règlement as loaded texts, its school holidays."""

from django.db import models
from django.db.models import F, Q


class Collectivite(models.Model):
    """The one collectivité of this installation (one row). `texte` is the checked collectivite.toml."""

    code = models.SlugField("code", unique=True)
    nom = models.CharField("nom", max_length=120)
    texte = models.TextField("texte")
    charge_le = models.DateTimeField("chargée le", auto_now=True)

    class Meta:
        verbose_name = "collectivité"

    def __str__(self) -> str:
        return self.nom


class TexteReglement(models.Model):
    """A règlement as it was loaded, never edited: the newest is in force, the others stay as the record of what applied."""

    texte = models.TextField("texte")
    source = models.CharField("source", max_length=200)
    empreinte = models.CharField("empreinte", max_length=64, db_index=True)
    charge_le = models.DateTimeField("chargé le", auto_now_add=True)

    class Meta:
        verbose_name = "règlement"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source} ({self.empreinte[:8]})"


class Vacances(models.Model):
    """School holidays of the collectivité's zone, seeded from a library, editable. Both ends included."""

    nom = models.CharField("nom", max_length=60)
    debut = models.DateField("premier jour")
    fin = models.DateField("dernier jour")

    class Meta:
        verbose_name = "vacances scolaires"
        verbose_name_plural = "vacances scolaires"
        ordering = ["debut"]
        constraints = [
            models.CheckConstraint(
                name="vacances_dans_l_ordre",
                condition=Q(fin__gte=F("debut")),
                violation_error_message="Le dernier jour des vacances vient après le premier.",
            ),
            models.UniqueConstraint(
                fields=["nom", "debut"],
                name="vacances_une_fois",
                violation_error_message="Ces vacances sont déjà au calendrier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} {self.debut.year}"
