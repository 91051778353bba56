"""A planning of the test's own, and an empty memory of what ran."""

import pytest

from marelle.taches import planning
from tests.taches import essais


@pytest.fixture(autouse=True)
def planning_vide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "PLANNING", {})
    monkeypatch.setattr("marelle.taches.echeances.PLANNING", planning.PLANNING)
    essais.faits.clear()
    essais.pannes.clear()
