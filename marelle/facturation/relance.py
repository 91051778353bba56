"""An issue that stopped before its end: its job failed too often, nobody works at it any more; an agent gives it a new one.

A worker that dies is not one: the jobs that it held are put back by the next (`taches.file`)."""

from __future__ import annotations

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.socle.erreurs import Refus
from marelle.taches.file import attend

from .emission import emettre_campagne
from .models import Campagne


def est_arretee(campagne: Campagne) -> bool:
    """Whether it is being issued and its job was given up."""
    return campagne.etat == Campagne.Etat.EMISSION and not attend(emettre_campagne.module_path, campagne.pk)


@transaction.atomic
def relancer(campagne: Campagne, agent: Agent) -> None:
    """Issue what is left of it. Raises `Refus` when it is not stopped."""
    sienne = Campagne.objects.select_for_update().get(pk=campagne.pk)
    if not est_arretee(sienne):
        raise Refus("Cette émission n’est pas arrêtée : il n’y a rien à reprendre.")
    noter(agent.compte, "facturation.relancee", sienne)
    emettre_campagne.enqueue(sienne.pk)
