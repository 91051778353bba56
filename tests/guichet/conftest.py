"""The desk in November 2026: agents, families, Wednesdays of December."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from marelle.activites.models import Activite
from marelle.comptes.models import Agent
from marelle.socle.memoire import oublier
from tests import distribution as gens

from . import monde


@pytest.fixture(autouse=True)
def _decor(db: None, horloge: Callable[[str], object]) -> Iterator[None]:
    horloge(monde.INSTANT)
    gens.collectivite()
    cache.clear()
    yield
    oublier()


@pytest.fixture
def chaveignes() -> Activite:
    return monde.activite()


@pytest.fixture
def roussel() -> gens.Foyer:
    return monde.en_regle(gens.famille_roussel())


@pytest.fixture
def fauvel() -> gens.Foyer:
    return monde.en_regle(gens.famille_fauvel())


@pytest.fixture
def karim() -> Agent:
    return gens.karim()


@pytest.fixture
def nadia() -> Agent:
    return gens.nadia()


@pytest.fixture
def guichet() -> Callable[[Agent], Client]:
    """`guichet(karim)`: the browser of an agent who is signed in."""

    def ouvrir(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent.compte)
        return client

    return ouvrir
