"""When booking is open, for whom, with which pattern and which outcome: the phases of a window (R7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fnmatch import fnmatchcase

from marelle.regles.bornes import Borne, lire_moment
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
        """Opening and closing for this day (None: no limit on that side); None when the phase says nothing for it."""
        ouvre = self.ouvre.instant(calendrier, jour) if self.ouvre else None
        ferme = self.ferme.instant(calendrier, jour) if self.ferme else None
        if (self.ouvre and ouvre is None) or (self.ferme and ferme is None):
            return None
        return None if ouvre and ferme and ouvre > ferme else (ouvre, ferme)


@dataclass(frozen=True, slots=True)
class Fenetre:
    """What the phases say of a day at an instant: those open, the next openings, the last closing."""

    ouvertes: tuple[Phase, ...] = ()
    ferme_le: datetime | None = None  # the last closing of the open phases, else of those already closed
    prochaines: tuple[datetime, ...] = ()
    phases_prochaines: tuple[Phase, ...] = ()
    est_reservee: bool = False  # phases exist for this day, none for this audience


def etat_de_la_fenetre(
    phases: tuple[Phase, ...], calendrier: Calendrier, publics: frozenset[str], jour: Jour, instant: datetime
) -> Fenetre:
    """Sort the phases of a day into open, to come and closed, at an aware instant."""
    ouvertes: list[tuple[Phase, datetime | None]] = []
    a_venir: list[tuple[datetime, int, Phase]] = []
    fermees: list[datetime] = []
    ecartees = False
    for rang, phase in enumerate(phases):
        bornes = phase.bornes(calendrier, jour) if phase.concerne(jour) else None
        if bornes is None:
            continue
        if phase.publics and not phase.publics & publics:
            ecartees = True
            continue
        ouvre, ferme = bornes
        if ouvre and instant < ouvre:
            a_venir.append((ouvre, rang, phase))
        elif ferme and instant > ferme:
            fermees.append(ferme)
        else:
            ouvertes.append((phase, ferme))
    a_venir.sort(key=lambda element: element[:2])
    sans_fin = any(ferme is None for _, ferme in ouvertes)
    fins = [ferme for _, ferme in ouvertes if ferme] if ouvertes else fermees
    return Fenetre(
        ouvertes=tuple(phase for phase, _ in ouvertes),
        ferme_le=None if sans_fin else max(fins, default=None),
        prochaines=tuple(ouvre for ouvre, _, _ in a_venir),
        phases_prochaines=tuple(phase for _, _, phase in a_venir),
        est_reservee=ecartees and not (ouvertes or a_venir or fermees),
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
