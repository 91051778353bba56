"""What the service looks after: which centres an agent sees, and the simple settings of activities, cycles and centres."""

from __future__ import annotations

from django.db.models import QuerySet

from marelle.comptes.models import Agent

from .models import Activite, Centre


def centres_limites(agent: Agent) -> frozenset[int]:
    """The keys of the centres that this agent is limited to; empty when the agent sees them all. Read once a request."""
    if "_centres_limites" not in agent.__dict__:
        cles = Centre.objects.filter(agents=agent).order_by().values_list("pk", flat=True)
        agent.__dict__["_centres_limites"] = frozenset(cles)
    limites: frozenset[int] = agent.__dict__["_centres_limites"]
    return limites


def centres_de(agent: Agent) -> QuerySet[Centre]:
    """The centres that this agent sees, in their order."""
    limites = centres_limites(agent)
    return Centre.objects.filter(pk__in=limites) if limites else Centre.objects.all()


def activites_de(agent: Agent) -> QuerySet[Activite]:
    """The activities of the centres that this agent sees, by centre."""
    limites = centres_limites(agent)
    choisies = Activite.objects.select_related("centre").order_by("centre__ordre", "centre__nom", "ordre", "nom")
    return choisies.filter(centre__in=limites) if limites else choisies
