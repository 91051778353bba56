"""What several tests of the families' pages stand on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import distribution as gens


@pytest.fixture
def dauphine(db: None, settings: Any, tmp_path: Path, horloge: Callable[[str], object]) -> None:
    """A morning of November at the Vals du Dauphiné, its files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "pieces"
    horloge("2026-11-18 10:00")
    gens.collectivite("vals-du-dauphine")


@pytest.fixture
def roussel(dauphine: None) -> gens.Foyer:
    return gens.famille_roussel()


@pytest.fixture
def camille(client: Client, roussel: gens.Foyer) -> Client:
    client.force_login(roussel.compte)
    return client


@pytest.fixture
def karim(dauphine: None) -> gens.Agent:
    return gens.karim()
