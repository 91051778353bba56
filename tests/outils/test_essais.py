"""`make test` never lets a missing half pass for a success."""

import sys

import pytest

from tests.salle.processus import RACINE

sys.path.insert(0, str(RACINE / "outils"))

import essais
import essais_postgres
from etapes import Echec


def moitie(nom, **lances):
    return essais.Moitie(nom, 0, 1.0, lances)


def test_rien_ne_manque_quand_les_deux_moities_ont_tourne():
    assert essais.ce_qui_manque([moitie("SQLite", navigateur=3), moitie("PostgreSQL", base=5)]) == []


@pytest.mark.parametrize(
    ("moities", "manque"),
    [
        ([moitie("SQLite"), moitie("PostgreSQL", base=5)], "navigateur"),
        (
            [essais.Moitie("SQLite", 0, 1.0, {"navigateur": 3}, {"navigateur": 1}), moitie("PostgreSQL", base=5)],
            "navigateur",
        ),
        ([moitie("SQLite", navigateur=3)], "PostgreSQL"),
        ([moitie("SQLite", navigateur=3), moitie("PostgreSQL", total=0)], "PostgreSQL"),
    ],
)
def test_une_moitie_absente_est_dite(moities, manque):
    (phrase,) = essais.ce_qui_manque(moities)
    assert phrase.startswith(manque)


def test_un_serveur_nomme_qui_ne_repond_pas_est_une_erreur(monkeypatch):
    monkeypatch.setenv("MARELLE_TEST_POSTGRES", "postgres://127.0.0.1:1/x")
    with pytest.raises(Echec, match="MARELLE_TEST_POSTGRES : ce serveur PostgreSQL ne répond pas"):
        essais_postgres.serveur_postgres().__enter__()
