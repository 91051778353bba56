"""What the rules answer: the issue, the clause that decided, the deadline, what is possible next, and the French sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Issue(StrEnum):
    """What happens to an action on one day."""

    ACCEPTER = "accepter"  # at once, by the rule
    INSTRUIRE = "instruire"  # an agent decides
    LISTE_ATTENTE = "liste_attente"  # full: joins the waiting list
    REFUSER = "refuser"


class Option(StrEnum):
    """What the family can do instead, when no instant says it."""

    APPELER = "appeler"  # call the centre
    LISTE_ATTENTE = "liste_attente"
    COMPLETER_DOSSIER = "completer_dossier"
    AUTRE_JOUR = "autre_jour"
    AUTRE_CHOIX = "autre_choix"  # same days asked otherwise (pattern, number of days)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one action on one day.

    `clause` names the rule that decided, as a dotted path (« reservation.delai », « portes.assurance »).
    `limite` is the last instant at which the action is or was possible (aware, Europe/Paris); None when no deadline applies.
    `prochaine` is the next instant at which it becomes possible; `option` what to do when there is none.
    `phrase` is a whole French sentence: the fact, then the way out. `regime` says under which special regime it
    passes (« tardif »).
    """

    issue: Issue
    clause: str
    phrase: str
    limite: datetime | None = None
    prochaine: datetime | None = None
    option: Option | None = None
    regime: str = ""

    @property
    def est_possible(self) -> bool:
        return self.issue is not Issue.REFUSER
