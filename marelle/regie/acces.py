"""Which régies take money at the desk, and who may act on each."""

from __future__ import annotations

from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.creances.mandats import a_un_mandat
from marelle.creances.models import Regie
from marelle.creances.regies import regies
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import aujourdhui


def regies_du_guichet() -> list[Regie]:
    """Those that receive money themselves, by code; the budgets whose titres the Treasury collects are not among them."""
    codes = [une.code for une in regies() if not une.est_titre]
    return list(Regie.objects.filter(code__in=codes).order_by("code"))


def une_regie(code: int) -> Regie:
    """One of them; `Introuvable` otherwise."""
    for une in regies_du_guichet():
        if une.code == code:
            return une
    raise Introuvable("Cette régie n’existe pas, ou ne reçoit pas d’argent.")


def regie_de_l_agent(agent: Agent) -> Regie | None:
    """Where that agent's day begins: the first régie it has a mandate for, else the first of all."""
    toutes = regies_du_guichet()
    return next((une for une in toutes if peut_agir(agent, une)), toutes[0] if toutes else None)


def peut_agir(agent: Agent, regie: Regie) -> bool:
    """Whether the buttons are of use to that agent today; each act asks again (`exiger_mandat`)."""
    return agent.peut(Droit.ENCAISSER) and a_un_mandat(agent, regie, aujourdhui())
