"""The Roussels in November 2026, on a portal that shows every way to book."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from marelle.collectivite.models import Collectivite
from marelle.socle.memoire import oublier
from tests.distribution import Foyer, karim
from tests.monde import portail, roussel_prets


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    ligne = Collectivite.objects.get()
    ligne.texte = ligne.texte.replace(
        'ecrans = ["panier"]', 'ecrans = ["panier", "grille", "mois", "semaine", "agenda"]'
    )
    ligne.save()
    oublier()
    return roussel_prets()


@pytest.fixture
def camille(roussel: Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client
