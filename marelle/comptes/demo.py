"""The agents of the demonstration, whose password everybody knows: they refuse to exist in production."""

from django.conf import settings
from django.db import transaction

from marelle.socle.erreurs import ErreurMarelle

from .droits import Role
from .models import Agent, Compte

AGENTS_DEMO = (
    ("agent1", "Camille", "Aubert", Role.SECRETARIAT),
    ("direction1", "Dominique", "Renard", Role.DIRECTION),
    ("regie1", "Noor", "Lambert", Role.REGIE),
)
REFUS_EN_PRODUCTION = (
    "Les comptes de démonstration ont un mot de passe connu de tous : ils ne se créent pas quand MARELLE_PRODUCTION=1."
)


def creer_comptes_demo(mot_de_passe: str) -> list[Agent]:
    """Create `agent1`, `direction1` and `regie1`, or give them this password again; raises ErreurMarelle in production."""
    if settings.PRODUCTION:
        raise ErreurMarelle(REFUS_EN_PRODUCTION)
    with transaction.atomic():
        return [_agent(mot_de_passe, *qui) for qui in AGENTS_DEMO]


def _agent(mot_de_passe: str, identifiant: str, prenom: str, nom: str, role: Role) -> Agent:
    courriel = f"{identifiant}@marelle.exemple"
    compte, _ = Compte.objects.get_or_create(username=identifiant, defaults={"email": courriel})
    if not compte.check_password(mot_de_passe):  # a new hash would sign out who tries the demonstration
        compte.set_password(mot_de_passe)
        compte.save(update_fields=["password"])
    agent, _ = Agent.objects.update_or_create(
        compte=compte, defaults={"prenom": prenom, "nom": nom, "role": role, "est_actif": True}
    )
    return agent
