"""The worker as a process: sends what was committed within a second or two, stops cleanly, shares the work."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from marelle.taches.models import Battement, Echeance
from tests.taches import essais

pytestmark = [pytest.mark.processus, pytest.mark.django_db(transaction=True)]
RACINE = Path(__file__).resolve().parents[2]
PROGRAMME = """
import django; django.setup()
from pathlib import Path
from marelle.taches import planning
planning.PLANNING.clear()
planning.enregistrer("essai", "tests.taches.processus.tracer", toutes_les=1)
from marelle.taches.moteur import travailler
travailler()
"""
Demarrer = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def demarrer(environnement_base: dict[str, str], tmp_path: Path) -> Iterator[Demarrer]:
    enfants: list[subprocess.Popen[str]] = []

    def lancer() -> "subprocess.Popen[str]":
        enfant = subprocess.Popen(
            [sys.executable, "-c", PROGRAMME], cwd=RACINE, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**environnement_base, "ESSAI_TRACES": str(tmp_path / "traces")},
        )  # fmt: skip
        enfants.append(enfant)
        return enfant

    yield lancer
    for enfant in enfants:
        if enfant.poll() is None:
            enfant.kill()
        enfant.communicate()


def _attendre(question: Callable[[], bool], secondes: float = 15) -> None:
    fin = time.monotonic() + secondes
    while not question():
        assert time.monotonic() < fin, "rien n'est venu"
        time.sleep(0.05)


@pytest.mark.parametrize("avec", [signal.SIGTERM, signal.SIGINT])
def test_le_travailleur_fait_le_travail_et_s_arrete_proprement(demarrer: Demarrer, avec: signal.Signals) -> None:
    enfant = demarrer()
    _attendre(Battement.objects.exists)
    essais.tache.enqueue("un")
    depart = time.monotonic()
    _attendre(DBTaskResult.objects.successful().exists)
    assert time.monotonic() - depart < 5
    enfant.send_signal(avec)
    _sortie, erreurs = enfant.communicate(timeout=10)
    assert enfant.returncode == 0
    assert "Traceback" not in erreurs
    assert not Battement.objects.exists()


def test_deux_travailleurs_ne_font_jamais_deux_fois_le_meme_travail(demarrer: Demarrer, tmp_path: Path) -> None:
    for n in range(40):
        essais.tache.enqueue(str(n))
    enfants = [demarrer(), demarrer()]
    _attendre(lambda: DBTaskResult.objects.successful().count() == 40, 30)
    _attendre(lambda: Battement.objects.count() == 2)
    time.sleep(3)
    for enfant in enfants:
        enfant.terminate()
    for enfant in enfants:
        assert enfant.wait(10) == 0
    assert [len(tache.worker_ids) for tache in DBTaskResult.objects.all()] == [1] * 40
    creneaux = (tmp_path / "traces").read_text().split()
    assert len(creneaux) == len(set(creneaux)) >= 3
    assert Echeance.objects.get().derniere_erreur == ""
