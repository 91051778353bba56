"""Scenarios happen on Wednesday 18 November 2026 at 10:00, Paris time, in a portal that has just been loaded."""

from collections.abc import Callable

import pytest

from tests.distribution import Foyer, karim
from tests.monde import portail, roussel_prets

MAINTENANT = "2026-11-18 10:00"


@pytest.fixture
def tvv(transactional_db: None, horloge: Callable[[str], object]) -> Foyer:
    """The portal of the CC Touraine Val de Vienne, its agent, and the Roussels ready to book."""
    horloge(MAINTENANT)
    portail("cc-tvv")
    karim()
    return roussel_prets()


@pytest.fixture
def tvv_2021(transactional_db: None, horloge: Callable[[str], object]) -> Foyer:
    """The same collectivité under the guide of 2021."""
    horloge(MAINTENANT)
    portail("cc-tvv-2021")
    karim()
    return roussel_prets()
