"""Who did what, and when: rows that nobody rewrites, neither by the code nor in the database."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


class EcritureRefusee(TypeError):
    """The journal is append-only: this is a mistake of the caller, never something a user can cause."""


def _refuser(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise EcritureRefusee("Le journal ne se modifie pas : on y ajoute une entrée.")


class EntreeQuerySet(models.QuerySet["Entree"]):
    update = _refuser
    bulk_update = _refuser
    delete = _refuser

    def du_dossier(self, dossier: str) -> "EntreeQuerySet":
        """What happened in a dossier (« famille:12 »), the latest first."""
        return self.filter(dossier=dossier)

    def de_l_objet(self, objet: models.Model) -> "EntreeQuerySet":
        """What happened to one object, the latest first."""
        return self.filter(objet_type=objet._meta.label_lower, objet_id=str(objet.pk))


class Entree(models.Model):
    """One thing done by someone. `acteur_nom` is frozen: it stays when the account is deleted."""

    quand = models.DateTimeField("quand", default=timezone.now, editable=False)
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    acteur_nom = models.CharField("nom de l’auteur", max_length=150)
    action = models.CharField("action", max_length=60)
    objet_type = models.CharField("type d’objet", max_length=80, blank=True, default="")
    objet_id = models.CharField("identifiant de l’objet", max_length=64, blank=True, default="")
    dossier = models.CharField("dossier", max_length=60, blank=True, default="")
    details = models.JSONField("détails", default=dict, blank=True)
    adresse_ip = models.CharField("réseau", max_length=45, blank=True, default="")

    objects = EntreeQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ("-quand", "-pk")
        indexes = [
            models.Index(fields=["dossier", "-quand"], name="journal_dossier"),
            models.Index(fields=["objet_type", "objet_id", "-quand"], name="journal_objet"),
            models.Index(fields=["action", "quand"], name="journal_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} par {self.acteur_nom}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to save again what is written."""
        if not self._state.adding:
            _refuser()
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        _refuser()
