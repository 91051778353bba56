"""Measuring one thing: medians of warm runs with their spread, SQL counted apart, and the lines of the table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

HORS_COMPTE = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass
class Ligne:
    """One line of the table. `tenu`: whether the mark is met, None when there is none."""

    nom: str
    repere: str
    valeur: str
    tenu: bool | None
    brut: dict[str, Any] = field(default_factory=dict)


@dataclass
class Carnet:
    """The lines of one database."""

    lignes: list[Ligne] = field(default_factory=list)

    def noter(self, nom: str, repere: str, valeur: str, tenu: bool | None, **brut: Any) -> None:
        self.lignes.append(Ligne(nom, repere, valeur, tenu, brut))
        print(f"  {'✓' if tenu else '·' if tenu is None else '✗'} {nom} : {valeur}", flush=True)

    def en_json(self) -> list[dict[str, Any]]:
        return [asdict(une) for une in self.lignes]


@dataclass(frozen=True)
class Temps:
    """Milliseconds."""

    mediane: float
    bas: float
    haut: float

    def __str__(self) -> str:
        return f"{self.mediane:.1f} ms [{self.bas:.1f}–{self.haut:.1f}]"


def chronometrer(quoi: Callable[[], Any], fois: int, echauffement: int = 3) -> Temps:
    """Processor time would hide the waits, wall time shows the neighbours: wall, median of `fois` warm runs."""
    for _ in range(echauffement):
        quoi()
    durees = []
    for _ in range(fois):
        debut = time.perf_counter()
        quoi()
        durees.append((time.perf_counter() - debut) * 1000)
    return resumer(durees)


def resumer(durees: list[float]) -> Temps:
    deciles = statistics.quantiles(durees, n=10) if len(durees) > 1 else [durees[0], durees[0]]
    return Temps(statistics.median(durees), deciles[0], deciles[-1])


@contextmanager
def compter() -> Iterator[list[str]]:
    """The SQL of what runs inside, without what opens and closes transactions."""
    requetes: list[str] = []
    with CaptureQueriesContext(connection) as capture:
        yield requetes
    requetes += [une["sql"] for une in capture.captured_queries if not une["sql"].startswith(HORS_COMPTE)]
