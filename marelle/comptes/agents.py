"""How agents come in: the first account of an installation, a new link, the second factor of who lost it; who they are."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from marelle.journal.service import noter
from marelle.socle.erreurs import ErreurMarelle, Introuvable

from .acces import adresse_invitation, creer_invitation, retirer_double_authentification
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


def retirer_double_authentification_a(identifiant: str) -> bool:
    """Any account's, by who runs the server; False when there was none. Raises `ErreurMarelle` for an unknown account."""
    compte = Compte.objects.filter(username__iexact=identifiant).first()
    if compte is None:
        raise ErreurMarelle(f"« {identifiant} » n’est l’identifiant d’aucun compte.")
    return retirer_double_authentification(compte, None)


@dataclass(frozen=True, slots=True)
class AgentVu:
    """A colleague as the direction sees them."""

    agent: Agent
    a_double: bool


def agents_vus() -> list[AgentVu]:
    """The agents in service, by name, with whether a second factor is on. One query."""
    double = Authenticator.objects.filter(user=OuterRef("compte"), type=Authenticator.Type.TOTP)
    agents = Agent.objects.actifs().select_related("compte").annotate(a_double=Exists(double))
    return [AgentVu(agent, agent.a_double) for agent in agents.order_by("nom", "prenom", "pk")]


def un_agent(cle: int) -> Agent:
    """An agent in service; `Introuvable` otherwise."""
    agent = Agent.objects.actifs().select_related("compte").filter(pk=cle).first()
    if agent is None:
        raise Introuvable("Cet agent n’existe pas, ou n’est plus en service.")
    return agent
