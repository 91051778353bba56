"""Whether the jobs are alive and keep up: what `GET /sante` says of them."""

from typing import TypedDict

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from .file import ATTENTES
from .models import SILENCE, Battement, Echeance


class EtatTaches(TypedDict):
    travailleur: str
    dernier_battement: str | None
    en_attente: int
    echecs: int


def etat() -> EtatTaches:
    """`travailleur`: « ok », « occupe » (held by a long task, silent for a minute) or « absent ».

    `dernier_battement` is an ISO instant or None; `en_attente` counts the tasks that are ready; `echecs` those given up
    after five attempts and the planned tasks whose last run failed.
    """
    dernier = Battement.objects.order_by("-dernier_le").first()
    abandonnees = sum(
        len(ids) > len(ATTENTES) for ids in DBTaskResult.objects.failed().values_list("worker_ids", flat=True)
    )
    return {
        "travailleur": _travailleur(),
        "dernier_battement": dernier.dernier_le.isoformat() if dernier else None,
        "en_attente": DBTaskResult.objects.ready().count(),
        "echecs": abandonnees + Echeance.objects.exclude(derniere_erreur="").count(),
    }


def _travailleur() -> str:
    vivant = Battement.objects.vivants().order_by("-dernier_le").first()
    if vivant is None:
        return "absent"
    return "ok" if vivant.dernier_le >= timezone.now() - SILENCE else "occupe"
