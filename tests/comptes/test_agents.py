"""The first agent of an installation: no password is ever written, the link is single-use, mistakes are one sentence."""

import pytest

from marelle.comptes.acces import InvitationInutilisable, accepter_invitation, invitation_de
from marelle.comptes.agents import creer_agent, inviter_agent
from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.journal.models import Entree
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import maintenant

SOLIDE = "Un-mot-de-passe-2026"


def jeton_de(lien: str) -> str:
    return lien.rstrip("/").rsplit("/", 1)[1]


def test_le_premier_agent_choisit_son_mot_de_passe_par_le_lien():
    agent, lien = creer_agent("c.aubert", "Camille", "Aubert", Role.DIRECTION)
    assert not agent.compte.has_usable_password()
    compte = accepter_invitation(jeton_de(lien), SOLIDE)
    assert (compte.pk, compte.check_password(SOLIDE)) == (agent.compte.pk, True)
    assert agent.peut("gerer_agents")
    with pytest.raises(InvitationInutilisable, match="déjà servi"):
        accepter_invitation(jeton_de(lien), SOLIDE)


def test_la_creation_est_au_journal_sans_le_lien():
    agent, lien = creer_agent("c.aubert", "Camille", "Aubert", Role.SECRETARIAT)
    entree = Entree.objects.get(action="compte.agent_cree")
    assert (entree.objet_id, entree.details) == (str(agent.pk), {"role": "secretariat"})
    assert jeton_de(lien) not in "".join(str(e.details) for e in Entree.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("identifiant", "courriel", "phrase"),
    [
        ("DEJA", "", "déjà pris"),
        ("a@b.fr", "", "sans accent"),
        ("c.aubert", "zut", "e-mail"),
        ("", "", "vide"),
    ],
)
def test_ce_qui_ne_va_pas_est_dit_et_rien_n_est_cree(identifiant, courriel, phrase):
    Compte.objects.create_user("deja", password=None)
    with pytest.raises(ErreurMarelle, match=phrase):
        creer_agent(identifiant, "Camille", "Aubert", Role.DIRECTION, courriel)
    assert (Compte.objects.count(), Agent.objects.count()) == (1, 0)


def test_un_nouveau_lien_remplace_l_ancien():
    _, ancien = creer_agent("c.aubert", "Camille", "Aubert", Role.DIRECTION)
    _, nouveau = inviter_agent("C.AUBERT")
    with pytest.raises(InvitationInutilisable, match="remplacé"):
        invitation_de(jeton_de(ancien), maintenant())
    assert invitation_de(jeton_de(nouveau), maintenant())
    with pytest.raises(ErreurMarelle, match="aucun agent actif"):
        inviter_agent("personne")
