"""May one more call leave now? No more than so many in any second, whichever process of this machine makes them."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import structlog

journal = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Debit:
    """The instants of the last calls are in a file that one process holds at a time, on the clock that all of them share."""

    fichier: Path
    par_seconde: int

    def passer(self) -> bool:
        """Count one call; False when there were too many. A disk that refuses forbids nothing: the other side counts too."""
        try:
            with self.fichier.open("a+", encoding="utf-8", errors="replace") as tenu:
                fcntl.flock(tenu, fcntl.LOCK_EX)  # let go when the file closes
                tenu.seek(0)
                recents = self._recents(tenu.read())
                if len(recents) >= self.par_seconde:
                    return False
                tenu.truncate(0)
                tenu.write(" ".join(str(un) for un in [*recents, monotonic()]))
                return True
        except OSError as erreur:
            journal.warning("debit_sans_fichier", erreur=str(erreur))
            return True

    def _recents(self, lus: str) -> list[float]:
        """Those of the last second; after a restart of the machine its clock begins again, and the old ones are to come."""
        maintenant = monotonic()
        instants = [float(un) for un in lus.split() if un.replace(".", "", 1).isdigit()]
        return [un for un in instants if 0 <= maintenant - un < 1.0]
