"""The clock of the day on which everything is booked; and, at the end, everything agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from marelle.appels.verification import verifier as verifier_les_appels
from marelle.demandes.verification import verifier
from marelle.socle.horloge import a_l_instant
from marelle.socle.memoire import oublier

from .monde import MIDI, Scene, monter_la_scene

Monter = Callable[..., Scene]


@pytest.fixture(autouse=True)
def _a_midi_et_tout_est_juste() -> Iterator[None]:
    with a_l_instant(MIDI):
        yield
    with a_l_instant(MIDI):
        assert [*verifier(), *verifier_les_appels()] == []
    oublier()


@pytest.fixture
def monter(db: None) -> Monter:
    return monter_la_scene
