"""The people of these tests, a collectivité that answers, and a browser for each."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from marelle.collectivite.models import Collectivite
from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte

MOT_DE_PASSE = "Marelle-pour-2026"
OPTIONS = """
nom = "CC des Essais"
sigle = "CCE"
service = "Service Enfance"
telephone = "02 00 00 00 00"
courriel = "enfance@essais.exemple"
zone = "B"
[[dossier.onglets]]
code = "fiche"
titre = "Fiche"
natures = ["fiche_enfant"]
"""


@pytest.fixture(autouse=True)
def _decor(db: None) -> Iterator[None]:
    Collectivite.objects.get_or_create(code="essais", defaults={"nom": "CC des Essais", "texte": OPTIONS})
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def alice() -> Compte:
    """A parent."""
    return Compte.objects.create_user("FAM-00001", "alice@familles.exemple", MOT_DE_PASSE)


def creer_agent(identifiant: str, role: Role) -> Agent:
    compte = Compte.objects.create_user(identifiant, f"{identifiant}@service.exemple", MOT_DE_PASSE)
    return Agent.objects.create(compte=compte, nom="Aubert", prenom="Camille", role=role)


@pytest.fixture
def secretaire() -> Agent:
    return creer_agent("camille", Role.SECRETARIAT)


@pytest.fixture
def lectrice() -> Agent:
    return creer_agent("lucie", Role.LECTURE)


@pytest.fixture
def navigateur() -> Client:
    """A browser that checks CSRF tokens no more than Django's client does, and keeps its cookies."""
    return Client()
