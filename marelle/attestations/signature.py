"""Who signs: kept in its one row, and journaled."""

from __future__ import annotations

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.journal.service import noter

from .models import Signataire


@transaction.atomic
def garder(signataire: Signataire, agent: Agent) -> None:
    """The signatory of the certificates to come."""
    signataire.save()
    noter(agent.compte, "attestations.signataire", signataire, nom=signataire.nom, qualite=signataire.qualite)
