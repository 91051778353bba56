"""Who can sign in: accounts, the agents of the service, and the single-use invitations that hand out an access.

A family's link to its accounts lives in `familles`: this module knows nothing of families.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .droits import Role, a_le_droit

FORME_IDENTIFIANT = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
    "Un identifiant s’écrit avec des lettres sans accent, des chiffres, un point ou un tiret, par exemple FAM-04812.",
)


class CourrielField(models.EmailField):
    """An address in small letters, whatever is written, asked for or loaded in bulk."""

    def get_prep_value(self, value: Any) -> Any:
        valeur = super().get_prep_value(value)
        return valeur.lower() if isinstance(valeur, str) else valeur


class Compte(AbstractUser):
    """An access to the portal: an *identifiant*, a password, and an e-mail address where to write.

    The identifiant never contains « @ », so that it cannot be taken for an address. Two accounts may share one address
    (a couple with one mailbox): see `connexion.compte_pour` for what signing in by e-mail then does.
    """

    username = models.CharField(
        "identifiant",
        max_length=60,
        unique=True,
        validators=[FORME_IDENTIFIANT],
        error_messages={"unique": "Cet identifiant est déjà pris."},
    )
    email = CourrielField("adresse e-mail", blank=True, default="", db_index=True)
    first_name = None  # type: ignore[assignment]  # names live on Agent and on the adults of a family
    last_name = None  # type: ignore[assignment]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ("username",)
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="compte_identifiant_unique",
                violation_error_message="Cet identifiant est déjà pris.",
            ),
        ]

    def get_full_name(self) -> str:
        """The agent's name when it is one; otherwise the identifiant, the only name an account has of its own."""
        agent = getattr(self, "agent", None)
        return str(agent) if agent is not None else self.username

    get_short_name = get_full_name


class AgentQuerySet(models.QuerySet["Agent"]):
    def actifs(self) -> "AgentQuerySet":
        """Agents who may enter the guichet."""
        return self.filter(est_actif=True, compte__is_active=True)


class Agent(models.Model):
    """Somebody of the service, and what their role lets them do."""

    compte = models.OneToOneField(Compte, on_delete=models.PROTECT, related_name="agent", verbose_name="compte")
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    est_actif = models.BooleanField("actif", default=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = "agent"
        verbose_name_plural = "agents"
        ordering = ("nom", "prenom", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="agent_role_connu",
                violation_error_message="Ce rôle n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def courriel(self) -> str:
        """The address of the account: there is only one."""
        return self.compte.email

    def peut(self, droit: str) -> bool:
        """Whether this agent may do `droit` (a code of `Droit`); an agent put aside may do nothing."""
        return a_le_droit(self.role, droit) and self.est_actif


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def ouvertes(self) -> "InvitationQuerySet":
        """Neither used nor cancelled; may be expired."""
        return self.filter(utilisee_le=None, annulee_le=None)


class Invitation(models.Model):
    """A single-use link by which somebody chooses the password of an account; only the digest of the link is kept."""

    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="invitations", verbose_name="compte")
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True, editable=False)
    par = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="remise par"
    )
    cree_le = models.DateTimeField("créée le")
    expire_le = models.DateTimeField("expire le")
    utilisee_le = models.DateTimeField("utilisée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ("-cree_le", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["compte"],
                condition=Q(utilisee_le=None, annulee_le=None),
                name="invitation_une_ouverte_par_compte",
                violation_error_message="Une invitation est déjà en cours pour ce compte.",
            ),
            models.CheckConstraint(
                condition=Q(utilisee_le=None) | Q(annulee_le=None),
                name="invitation_utilisee_ou_annulee",
                violation_error_message="Une invitation utilisée ne s’annule pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation de {self.compte.username}"

    def est_ouverte(self, maintenant: datetime) -> bool:
        """Whether the link still works at `maintenant`."""
        return self.utilisee_le is None and self.annulee_le is None and maintenant < self.expire_le
