"""Which tests of pages PostgreSQL is not asked to run again: those that would make it do nothing that the others do not."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Releve:
    """What one test did on SQLite. `faits`: the statements that it made, lists and values aside, locks told apart; and each page
    that it asked for, by method and status of the answer. `duree`: seconds of processor."""

    est_de_page: bool
    faits: frozenset[str]
    duree: float


def lire(dossier: Path) -> dict[str, Releve]:
    """What each worker noted, by name of test."""
    return {
        nom: Releve(un["est_de_page"], frozenset(un["faits"]), un["duree"])
        for fichier in sorted(dossier.glob("releve-*.json"))
        for nom, un in json.loads(fichier.read_text()).items()
    }


def superflus(releves: Mapping[str, Releve]) -> set[str]:
    """The tests of pages that may be left out: all that they do, those that stay do too.

    Greedy: at each turn the one that brings most for its time. A test that was not noted is not in here, and stays."""
    de_page = {nom: un for nom, un in releves.items() if un.est_de_page}
    faits = _ensemble(un.faits for nom, un in releves.items() if nom not in de_page)
    gardes: set[str] = set()
    file = [(-_apport(un, faits), nom) for nom, un in sorted(de_page.items())]
    heapq.heapify(file)
    while file:
        ancien, nom = heapq.heappop(file)
        actuel = -_apport(de_page[nom], faits)
        if actuel > ancien:  # another one brought a part of it meanwhile
            heapq.heappush(file, (actuel, nom))
        elif actuel < 0:
            gardes.add(nom)
            faits |= de_page[nom].faits
    return set(de_page) - gardes


def _apport(un: Releve, faits: set[str]) -> float:
    """What it brings by second; what every test costs besides is a twentieth of a second."""
    return len(un.faits - faits) / (un.duree + 0.05)


def _ensemble(lots: Iterable[frozenset[str]]) -> set[str]:
    return set().union(*lots)
