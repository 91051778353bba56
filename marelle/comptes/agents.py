"""How an agent comes in when nobody is there yet to let them in: the first account of an installation, and a new link."""

from django.core.exceptions import ValidationError
from django.db import transaction

from marelle.journal.service import noter
from marelle.socle.erreurs import ErreurMarelle

from .acces import adresse_invitation, creer_invitation
from .droits import Role
from .models import Agent, Compte


@transaction.atomic
def creer_agent(identifiant: str, prenom: str, nom: str, role: Role, courriel: str = "") -> tuple[Agent, str]:
    """An agent without a password, and the single-use link by which they choose it. Raises `ErreurMarelle`."""
    compte = Compte(username=identifiant, email=courriel)
    compte.set_unusable_password()
    agent = Agent(compte=compte, prenom=prenom, nom=nom, role=role)
    _valider(compte, agent)
    compte.save()
    agent.save()
    noter(None, "compte.agent_cree", agent, role=role.value)
    _, jeton = creer_invitation(compte, None)
    return agent, adresse_invitation(jeton)


def _valider(compte: Compte, agent: Agent) -> None:
    try:
        compte.full_clean(exclude=["password"])
        agent.full_clean(exclude=["compte"])
    except ValidationError as erreur:
        raise ErreurMarelle(" ".join(dict.fromkeys(erreur.messages))) from None


@transaction.atomic
def inviter_agent(identifiant: str) -> tuple[Agent, str]:
    """A new link for an agent who has lost theirs; the older ones stop working. Raises `ErreurMarelle`."""
    agent = Agent.objects.actifs().select_related("compte").filter(compte__username__iexact=identifiant).first()
    if agent is None:
        raise ErreurMarelle(f"« {identifiant} » n’est l’identifiant d’aucun agent actif.")
    _, jeton = creer_invitation(agent.compte, None)
    return agent, adresse_invitation(jeton)
