"""Reading the journal: by dossier, by object, and who has read a child's health sheet."""

from django.db import models

from .models import Entree, EntreeQuerySet
from .service import LECTURE_SANTE


def entrees(*, dossier: str = "", objet: models.Model | None = None) -> EntreeQuerySet:
    """The entries of a dossier (« famille:12 »), of an object, or all of them; the latest first."""
    choix = Entree.objects.all()
    if dossier:
        choix = choix.du_dossier(dossier)
    return choix.de_l_objet(objet) if objet is not None else choix


def lectures_sante(enfant: models.Model) -> EntreeQuerySet:
    """Who has read this child's health sheet, the latest first."""
    return Entree.objects.de_l_objet(enfant).filter(action=LECTURE_SANTE)
