"""A text taken back to what it was is in force again: the same words are there twice, and read once."""

from __future__ import annotations

import pytest

from marelle.creances import regies
from marelle.socle.memoire import oublier
from marelle.tarification import identite
from marelle.tarification.chargement import charger_tarifs
from tests import distribution as gens
from tests.guichet import monde

pytestmark = pytest.mark.django_db
TARIFS = """
nom = "{nom}"
[[version]]
en_vigueur_le = 2026-09-01
deliberation = "D 1"
[[version.tarifs]]
nom = "Journée"
activites = ["chaveignes-*"]
accueil = "8,00"
"""
REGIES = """
[[regies]]
code = 1
nom = "{nom}"
modes = ["cheque"]
"""


def test_charge_de_nouveau_apres_un_autre() -> None:
    gens.collectivite()
    monde.activite()
    for nom in ("Premier", "Second", "Premier"):
        charger_tarifs(TARIFS.format(nom=nom), "essai/tarifs.toml")
        regies.charger_regies(REGIES.format(nom=nom), "essai/regies.toml")
    oublier()
    identite._lus.clear()
    regies._lues.clear()
    lus = identite.tarifs()
    assert lus is not None
    assert (lus.nom, [une.nom for une in regies.regies()]) == ("Premier", ["Premier"])
