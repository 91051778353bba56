"""Which clauses of the règlement rule an activity, and which code makes a new one follow the clauses of others?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from marelle.collectivite.identite import reglement
from marelle.comptes.models import Agent
from marelle.regles.bornes import PARIS
from marelle.regles.enonces import Rubrique, rubriques_du_reglement
from marelle.regles.phrases import enumerer
from marelle.regles.situation import Action
from marelle.socle.horloge import aujourdhui

from .gestion import activites_de
from .models import Activite

# For each version of the règlement, the scopes that speak of an activity: the same scopes are the same rules.
Portees = tuple[tuple[str, ...], ...]
LONGUEUR = 60
NOMS_DITS = 3


@dataclass(frozen=True, slots=True)
class Clauses:
    """What the règlement says today of the activity of a code; `est_prevue`: one can book it on line at all."""

    rubriques: list[Rubrique]
    est_prevue: bool
    a_liste_attente: bool
    decision: str
    source: str


def clauses_de(code: str) -> Clauses:
    jour = aujourdhui()
    version = reglement().version_du(jour, datetime.combine(jour, time(12), PARIS))
    libre = version.sans_reservation(code)
    return Clauses(
        rubriques_du_reglement(reglement(), code, jour),
        libre or version.regle(code, Action.RESERVER).est_prevue,
        version.liste_attente(code),
        "" if libre else version.decision(code, Action.RESERVER),
        version.source,
    )


@dataclass(frozen=True, slots=True)
class Modele:
    """Rules that a new activity may follow, told by the activities that follow them."""

    cle: str
    nom: str
    portees: Portees
    code: str  # of an activity, existing or not, that follows them


def modeles(agent: Agent) -> list[Modele]:
    """The rules of all first, then each set of rules that the activities of this agent share. Two or more only where the
    règlement distinguishes activities; one that it names alone has rules that no other can follow."""
    par_portees: dict[Portees, list[Activite]] = {_communes(): []}
    for une in activites_de(agent):
        par_portees.setdefault(portees(une.code), []).append(une)
    trouves: list[Modele] = []
    for siennes, activites in par_portees.items():
        code = code_libre("nouvelle", "", siennes)
        if code is not None:
            trouves.append(Modele(str(len(trouves)), _nom(siennes, activites), siennes, code))
    return trouves


def _nom(siennes: Portees, activites: list[Activite]) -> str:
    noms = [f"« {une.nom} »" for une in activites[:NOMS_DITS]] + ["d’autres"] * (len(activites) > NOMS_DITS)
    if siennes == _communes():
        return f"Les règles communes, comme {enumerer(noms)}" if noms else "Les règles communes à toutes les activités"
    return f"Comme {enumerer(noms)}"


def portees(code: str) -> Portees:
    return tuple(version.motifs(code) for version in reglement().versions)


def _communes() -> Portees:
    return tuple(("*",) for _ in reglement().versions)


def code_libre(voulu: str, centre: str, voulues: Portees) -> str | None:
    """A code that nobody has and that the règlement reads as `voulues`; None when it cannot (it names one activity only)."""
    for rang in range(1, 100):
        radical = f"{voulu[:25].strip('-') or 'activite'}{f'-{rang}' if rang > 1 else ''}"
        for code in _candidats(radical, centre, voulues):
            tient = len(code) <= LONGUEUR and re.fullmatch(r"[a-z0-9-]+", code) and portees(code) == voulues
            if tient and not Activite.objects.filter(code=code).exists():
                return code
    return None


def _candidats(radical: str, centre: str, voulues: Portees) -> Iterator[str]:
    """The name behind the centre's code, alone, then inside the scopes: « *-vacances » gives « nom-vacances »."""
    if centre and not radical.startswith(centre):
        yield f"{centre[:30].strip('-')}-{radical}"
    yield radical
    motifs = {motif for siens in voulues for motif in siens if motif.count("*") == 1 and motif != "*"}
    debuts = ["", *sorted(motif[:-1] for motif in motifs if motif.endswith("*"))]
    fins = ["", *sorted(motif[1:] for motif in motifs if motif.startswith("*"))]
    for debut in debuts:
        for fin in fins:
            yield f"{debut}{radical.removeprefix(debut).removesuffix(fin)}{fin}"
    for motif in sorted(motifs):
        yield motif.replace("*", radical)
