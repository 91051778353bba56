"""A strict room: warnings, undefined template variables and outgoing connections fail; unordered rows are shuffled."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import settings as hypothesis

from tests.salle import historique, ordre, reseau

pytest_plugins = [
    "tests.salle.bilan",
    "tests.salle.ramasse",
    "tests.salle.vidange",
    "tests.salle.vierge",
    "tests.salle.navigateur",
    "tests.salle.processus",
    "tests.salle.reprise",
    "tests.salle.releve",
]

PARIS = ZoneInfo("Europe/Paris")

# The machine's speed is nobody's bug, and a failure must be found again by whoever runs the suite next.
# The examples are the same each time: more of them (MARELLE_TEST_EXEMPLES=1000) when the arithmetic changes.
EXEMPLES = int(os.environ.get("MARELLE_TEST_EXEMPLES", "50"))
hypothesis.register_profile("marelle", max_examples=EXEMPLES, deadline=None, derandomize=True, print_blob=True)
hypothesis.load_profile("marelle")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # Runs that share a machine also share pytest's default folder, and erase it under each other.
    config.option.basetemp = config.option.basetemp or f"{os.environ['MARELLE_ESSAIS']}/tmp"
    reseau.fermer()
    ordre.melanger()
    historique.proteger()


@pytest.fixture(autouse=True)
def memoire_vide() -> Iterator[None]:
    """What a process keeps for a few seconds (the collectivité, its règlement) belongs to one test only."""
    from marelle.socle.memoire import oublier

    yield
    oublier()


@pytest.fixture
def horloge() -> Iterator[Callable[[str], time_machine.Traveller]]:
    """`horloge("2026-11-02 08:00")` stops the clock at that instant, Paris time; call again, or `.shift()`, to move it."""
    voyages: list[time_machine.travel] = []

    def regler(instant: str) -> time_machine.Traveller:
        voyage = time_machine.travel(datetime.fromisoformat(instant).replace(tzinfo=PARIS), tick=False)
        voyages.append(voyage)
        return voyage.start()

    yield regler
    for voyage in reversed(voyages):
        voyage.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix() -> None:
    """Nothing to do: tests/reglages.py already gives each worker its own database."""
