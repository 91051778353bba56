"""How an access is handed out (single-use invitation), and what a view of the guichet asks of who calls it."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from marelle.courriels.service import ecrire
from marelle.journal.service import noter
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.francais import de
from marelle.socle.horloge import maintenant

from . import phrases
from .droits import Droit
from .models import Agent, Compte, Invitation

DUREE_INVITATION = timedelta(days=30)
# E-mails that open an access: whoever shows the e-mails sent must not show the text of these.
GABARITS_SECRETS = frozenset({"mot_de_passe_oublie", "invitation"})
# 32 signs that nobody mistakes on paper (no l, o, 0, 1): six groups of four are 120 bits.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

Vue = Callable[..., HttpResponse]


class InvitationInutilisable(ErreurMarelle):
    """The link does not work; 404 when it never existed, 410 when it did."""

    def __init__(self, phrase: str, statut: int = 410) -> None:
        super().__init__(phrase)
        self.statut = statut


def _empreinte(jeton: str) -> str:
    """SHA-256 of the token as typed from paper: case, spaces and hyphens do not matter."""
    net = "".join(c for c in jeton.lower() if c in _ALPHABET)
    return hashlib.sha256(net.encode()).hexdigest()


def _nouveau_jeton() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(6))


@transaction.atomic
def creer_invitation(compte: Compte, par: Agent | None, duree: timedelta = DUREE_INVITATION) -> tuple[Invitation, str]:
    """A new link for `compte`, which cancels the older ones; returns it with its token, which is kept nowhere."""
    Compte.objects.select_for_update().get(pk=compte.pk)
    annuler_invitations(compte)
    jeton, instant = _nouveau_jeton(), maintenant()
    invitation = Invitation.objects.create(
        compte=compte, empreinte=_empreinte(jeton), par=par, cree_le=instant, expire_le=instant + duree
    )
    noter(par.compte if par else None, "compte.invitation", compte)
    return invitation, jeton


def adresse_invitation(jeton: str) -> str:
    """The link to print or to send: absolute when the portal knows its own address (MARELLE_BASE_URL)."""
    return settings.BASE_URL + reverse("comptes:invitation", args=[jeton])


def envoyer_invitation(invitation: Invitation, jeton: str, *, dossier: str = "") -> bool:
    """Write the link to the address on file, in the caller's transaction; False when the account has none."""
    compte = invitation.compte
    contexte = {"identifiant": compte.username, "lien": adresse_invitation(jeton), "expire_le": invitation.expire_le}
    return bool(compte.email and ecrire("invitation", [compte.email], contexte, dossier=dossier, confidentiel=True))


def annuler_invitations(compte: Any) -> int:
    """Close the links still open for this account; returns how many."""
    return Invitation.objects.ouvertes().filter(compte=compte).update(annulee_le=maintenant())


def invitation_de(jeton: str, instant: datetime) -> Invitation:
    """The invitation that this token opens at `instant`; raises InvitationInutilisable with the sentence to show."""
    trouvee = Invitation.objects.select_related("compte").filter(empreinte=_empreinte(jeton)).first()
    if trouvee is None or not trouvee.compte.is_active:
        raise InvitationInutilisable(phrases.INVITATION_INCONNUE, 404)
    if trouvee.utilisee_le is not None:
        raise InvitationInutilisable(phrases.INVITATION_UTILISEE)
    if trouvee.annulee_le is not None:
        raise InvitationInutilisable(phrases.INVITATION_ANNULEE)
    if instant >= trouvee.expire_le:
        raise InvitationInutilisable(phrases.invitation_expiree(trouvee.expire_le))
    return trouvee


def accepter_invitation(jeton: str, mot_de_passe: str) -> Compte:
    """Give the account its password, once; of two at the same time one succeeds. Raises InvitationInutilisable."""
    instant = maintenant()
    invitation = invitation_de(jeton, instant)
    compte = invitation.compte
    # Hashing takes a tenth of a second: it is done before the write lock is taken.
    compte.set_password(mot_de_passe)
    with transaction.atomic():
        prise = Invitation.objects.ouvertes().filter(pk=invitation.pk, expire_le__gt=instant)
        if not prise.update(utilisee_le=instant):
            raise InvitationInutilisable(phrases.INVITATION_UTILISEE)
        compte.save(update_fields=["password"])
        noter(compte, "compte.ouverture", compte)
    return compte


@transaction.atomic
def retirer_double_authentification(compte: Compte, par: Agent | None) -> bool:
    """For who lost telephone and recovery codes: remove the second factor and tell the owner; False if there was none.
    `par`: None for who runs the server."""
    if not Authenticator.objects.filter(user=compte).delete()[0]:
        return False
    ecrire("double_authentification_retiree", [compte.email], {"identifiant": compte.username})
    noter(par.compte if par else None, "compte.double_authentification_retiree", compte)
    return True


def est_agent(personne: Any) -> bool:
    """Whether this account (or anonymous visitor) is an active agent's."""
    agent = getattr(personne, "agent", None)
    return agent is not None and agent.est_actif


def doit_activer_mfa(request: HttpRequest) -> bool:
    """Whether this agent must set up a second factor before entering; asks the database only where it is mandatory."""
    if settings.MFA_AGENTS != "obligatoire":
        return False
    return not Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()


def agent_requis(droit: str | None = None) -> Callable[[Vue], Vue]:
    """A view for agents: 404 for anybody else, 403 with a sentence without `droit`; sets `request.agent` for good."""
    voulu = Droit(droit) if droit is not None else None

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            agent = getattr(request.user, "agent", None)
            if agent is None or not agent.est_actif:
                raise Http404
            if doit_activer_mfa(request):
                return redirect("mfa_activate_totp")
            if voulu is not None and not agent.peut(voulu):
                role = agent.get_role_display()
                raise PermissionDenied(f"Votre rôle ({role}) ne permet pas {de(voulu.label)}.")
            request.agent = agent  # type: ignore[attr-defined]
            return vue(request, *args, **kwargs)

        return gardee

    return decorer


pour_agents = agent_requis()
