"""A strict room: warnings, undefined template variables and outgoing connections fail; unordered rows are shuffled."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import settings as hypothesis

from tests.salle import ordre, reseau

pytest_plugins = ["tests.salle.bilan", "tests.salle.navigateur", "tests.salle.processus"]

PARIS = ZoneInfo("Europe/Paris")

# The machine's speed is nobody's bug, and a failure must be found again by whoever runs the suite next.
hypothesis.register_profile("marelle", deadline=None, derandomize=True, print_blob=True)
hypothesis.load_profile("marelle")


def pytest_configure() -> None:
    reseau.fermer()
    ordre.melanger()


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
