"""When booking is open, for whom, with which pattern and which outcome: the phases of a window (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from typing import NamedTuple

from marelle.regles.bornes import Borne, fin_du_jour, lire_moment
from marelle.regles.calendrier import Calendrier
from marelle.regles.lecture import FIN_DE_JOURNEE, Table
from marelle.regles.motifs import Motif, lire_motif
from marelle.regles.quotas import Maximum, lire_maximum
from marelle.regles.situation import Jour
from marelle.regles.verdict import Issue

ISSUES = ("accepter", "instruire", "liste_attente")


@dataclass(frozen=True, slots=True)
class Phase:
    """One opening: from `ouvre` to `ferme`, for these audiences (all when empty) and these days of care."""

    nom: str = ""
    ouvre: Borne | None = None
    ferme: Borne | None = None
    publics: frozenset[str] = frozenset()
    du: date | None = None
    au: date | None = None
    periodes: tuple[str, ...] = ()
    motif: Motif | None = None
    maxima: tuple[Maximum, ...] = ()
    issue: Issue | None = None
    est_annulable: bool = True

    def concerne(self, jour: Jour) -> bool:
        if (self.du and jour.date < self.du) or (self.au and jour.date > self.au):
            return False
        if not self.periodes:
            return True
        return jour.periode is not None and any(fnmatchcase(jour.periode.code, motif) for motif in self.periodes)

    def bornes(self, calendrier: Calendrier, jour: Jour) -> tuple[datetime | None, datetime | None] | None:
        """Opening and closing for this day (None: no limit on that side), never after it; None when the phase says
        nothing for it."""
        ouvre = self.ouvre.instant(calendrier, jour) if self.ouvre else None
        ferme = self.ferme.instant(calendrier, jour) if self.ferme else None
        if (self.ouvre and ouvre is None) or (self.ferme and ferme is None):
            return None
        if ferme and ferme.date() > jour.date:
            ferme = fin_du_jour(jour)
        if ouvre and (ouvre.date() > jour.date or (ferme and ouvre > ferme)):
            return None
        return ouvre, ferme


class Ouverture(NamedTuple):
    """A phase with its instants for one day; None: no limit on that side."""

    phase: Phase
    ouvre: datetime | None = None
    ferme: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fenetre:
    """What the phases say of a day at an instant, in the order written; `prochaines` in the order of their opening."""

    ouvertes: tuple[Ouverture, ...] = ()
    prochaines: tuple[Ouverture, ...] = ()
    fermee_le: datetime | None = None  # the last closing of the phases that are over
    est_reservee: bool = False  # phases exist for this day, none for this audience


def derniere_fermeture(ouvertures: Sequence[Ouverture]) -> datetime | None:
    """The last instant at which one of these phases is open; None when one never closes."""
    fins = [ouverture.ferme for ouverture in ouvertures if ouverture.ferme]
    return max(fins) if fins and len(fins) == len(ouvertures) else None


def etat_de_la_fenetre(
    phases: tuple[Phase, ...], calendrier: Calendrier, publics: frozenset[str], jour: Jour, instant: datetime
) -> Fenetre:
    """Sort the phases of a day into open, to come and closed, at an aware instant."""
    ouvertes: list[Ouverture] = []
    prochaines: list[tuple[datetime, Ouverture]] = []
    fermees: list[datetime] = []
    ecartees = False
    for phase in phases:
        bornes = phase.bornes(calendrier, jour) if phase.concerne(jour) else None
        if bornes is None:
            continue
        if phase.publics and not phase.publics & publics:
            ecartees = True
            continue
        ouvre, ferme = bornes
        if ouvre and instant < ouvre:
            prochaines.append((ouvre, Ouverture(phase, ouvre, ferme)))
        elif ferme and instant > ferme:
            fermees.append(ferme)
        else:
            ouvertes.append(Ouverture(phase, ouvre, ferme))
    prochaines.sort(key=lambda element: element[0])
    return Fenetre(
        ouvertes=tuple(ouvertes),
        prochaines=tuple(ouverture for _, ouverture in prochaines),
        fermee_le=max(fermees, default=None),
        est_reservee=ecartees and not (ouvertes or prochaines or fermees),
    )


def lire_phase(table: Table, publics_connus: frozenset[str]) -> Phase:
    table.verifier(
        {"nom", "ouvre", "ferme", "publics", "du", "au", "periodes", "motif", "maximum", "issue", "annulable"}
    )
    return Phase(
        nom=table.texte("nom"),
        ouvre=lire_moment(table, "ouvre", time(0)),
        ferme=lire_moment(table, "ferme", FIN_DE_JOURNEE),
        publics=frozenset(table.textes("publics", publics_connus)),
        du=table.jour("du"),
        au=table.jour("au"),
        periodes=table.textes("periodes"),
        motif=lire_motif(table.table("motif")) if "motif" in table else None,
        maxima=tuple(lire_maximum(sous) for sous in table.tables("maximum", ou_une_seule=True)),
        issue=Issue(table.choix("issue", ISSUES)) if "issue" in table else None,
        est_annulable=table.booleen("annulable", True),
    )
