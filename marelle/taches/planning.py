"""What runs by itself, and when: the planning to which each app adds its lines in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.module_loading import import_string

from marelle.socle.horloge import PARIS

PLANNING: dict[str, "Ligne"] = {}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One planned task: `fonction` (dotted path, no argument) every `toutes_les` seconds, or each day at `a`, Paris time.

    `si` is the dotted path of a cheap question: while it answers no, nothing is written and the slot is not taken.
    """

    code: str
    fonction: str
    toutes_les: int | None = None
    a: time | None = None
    si: str | None = None

    def creneau(self, maintenant: datetime) -> datetime:
        """The latest slot that has begun at `maintenant`."""
        if self.toutes_les is not None:
            secondes = int(maintenant.timestamp())
            return datetime.fromtimestamp(secondes - secondes % self.toutes_les, tz=UTC)
        assert self.a is not None  # `enregistrer` asks for one of the two
        local = maintenant.astimezone(PARIS)
        creneau = datetime.combine(local.date(), self.a, tzinfo=PARIS)
        if creneau.astimezone(UTC) > maintenant:
            creneau = datetime.combine(local.date() - timedelta(days=1), self.a, tzinfo=PARIS)
        return creneau.astimezone(UTC)

    def a_une_raison(self) -> bool:
        """Whether there is something to do, as far as the cheap question can tell."""
        return self.si is None or bool(charger(self.si)())


def enregistrer(
    code: str, fonction: str, *, toutes_les: int | None = None, a: time | None = None, si: str | None = None
) -> None:
    """Add a line to the planning; give `toutes_les` (seconds) or `a` (time of day in Paris), not both.

    A slot is run by one worker only, and again (after 1, 5 then 30 minutes) when it failed: the function must bear to
    be run twice.
    Raises ValueError when the line is incomplete or its code is already that of another one.
    """
    if (toutes_les is None) == (a is None) or (toutes_les is not None and toutes_les < 1):
        raise ValueError(f"Planning, {code} : donner une période d’une seconde au moins, ou une heure.")
    ligne = Ligne(code, fonction, toutes_les, a, si)
    if PLANNING.setdefault(code, ligne) != ligne:
        raise ValueError(f"Planning : « {code} » est déjà le code d’une autre tâche.")


def charger(chemin: str) -> Callable[[], Any]:
    """The function at a dotted path."""
    fonction: Callable[[], Any] = import_string(chemin)
    return fonction
