"""The demonstration shows a school in force, enrolments to decide and new families, on any day of the year."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.demonstration import preparer
from marelle.scolarite import pre_inscription as fiches
from marelle.scolarite.models import PreInscription, Scolarite
from tests.monde import portail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("instant", ["2026-11-22 23:30", pytest.param("2027-07-18 15:00", marks=pytest.mark.dates)])
def test_l_ecole_et_les_nouvelles_familles(horloge: Callable[[str], object], instant: str) -> None:
    horloge(instant)
    portail("vals-du-dauphine")
    preparer("Bonjour-1234-marelle")
    assert Scolarite.objects.get().enfant.prenom == "Élio"
    assert Demande.objects.filter(nature="inscription_scolaire", etat="deposee").count() >= 2
    premiere, seconde = fiches.recues()
    assert fiches.doublons(premiere) == []
    assert fiches.doublons(seconde)
    assert verifier() == []
    preparer("Bonjour-1234-marelle")
    assert PreInscription.objects.count() == 2
