"""`make demo`: one command starts everything, one key stops everything, and the data stay."""

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.salle.processus import RACINE

sys.path.insert(0, str(RACINE / "outils"))
from demo_portail import nom_de_la_vierge

# One worker for all of them: they share a folder of data, as the starts of one user do.
pytestmark = [pytest.mark.processus, pytest.mark.xdist_group("demo")]

CODE = "cc-tvv"


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """The data of the demonstration, kept from one start to the next as a user's are."""
    var = tmp_path_factory.mktemp("var")
    vierge = Path(os.environ["MARELLE_ESSAIS"]) / "vierge"
    if vierge.exists() and not os.environ.get("DATABASE_URL"):  # what the run has migrated already
        shutil.copyfile(vierge, var / nom_de_la_vierge())
    return var


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as libre:
        return libre.getsockname()[1]


@contextlib.contextmanager
def demonstration(var, *arguments, **env):
    processus = subprocess.Popen(
        [sys.executable, "outils/demo.py", *map(str, arguments)],
        cwd=RACINE,
        env={"PATH": os.defpath, "HOME": os.environ["HOME"], "MARELLE_VAR": str(var), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with processus:
        try:
            yield processus
        finally:
            if processus.poll() is None:
                processus.terminate()


def lire_jusqu_au_tableau(processus) -> str:
    lignes = []
    for ligne in processus.stdout:
        lignes.append(ligne)
        if "Ctrl-C" in ligne:
            return "".join(lignes)
    raise AssertionError("".join(lignes) + processus.stderr.read())


def restants(var) -> dict[int, str]:
    """What still runs with these data (number, command), found by the environment of every process of the machine."""
    trouves = {}
    for dossier in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"MARELLE_VAR={var}\0".encode() in (dossier / "environ").read_bytes():
                trouves[int(dossier.name)] = (dossier / "cmdline").read_text().replace("\0", " ")
    return trouves


@pytest.mark.parametrize("numero", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demarre_montre_et_arrete_tout(var, port, numero):
    with demonstration(var, "--collectivite", CODE, "--port", port) as processus:
        tableau = lire_jusqu_au_tableau(processus)
        assert f"http://localhost:{port}/" in tableau
        assert (var / "demo-mot-de-passe").read_text() in tableau
        with urlopen(f"http://127.0.0.1:{port}/sante") as reponse:
            assert reponse.status == 200
        assert len(restants(var)) >= 4  # this one, the server and its process, the worker
        processus.send_signal(numero)
        assert processus.wait(20) == 0
        assert "Tout est arrêté" in processus.stdout.read()
        assert processus.stderr.read() == ""
    assert not restants(var)


def test_relancer_garde_les_donnees_et_le_mot_de_passe_recommencer_efface(var, port):
    base = var / f"{CODE}.sqlite3"
    with contextlib.closing(sqlite3.connect(base)) as connexion:
        connexion.execute("CREATE TABLE temoin (x)")
    mots = set()
    for options, reste in (((), True), (("--neuve",), False)):
        with demonstration(var, "--collectivite", CODE, "--port", port, *options) as processus:
            mots.add(re.search(r"mot de passe +(\S+)", lire_jusqu_au_tableau(processus))[1])
        with contextlib.closing(sqlite3.connect(base)) as connexion:
            assert bool(connexion.execute("SELECT 1 FROM sqlite_master WHERE name = 'temoin'").fetchone()) is reste
    assert len(mots) == 1
    assert (var / "demo-mot-de-passe").stat().st_mode & 0o777 == 0o600


def test_un_enfant_qui_meurt_arrete_le_reste_et_se_nomme(var, port):
    with demonstration(var, "--collectivite", CODE, "--port", port) as processus:
        lire_jusqu_au_tableau(processus)
        (travailleur,) = [numero for numero, commande in restants(var).items() if commande.endswith(" travailler ")]
        os.kill(travailleur, signal.SIGKILL)
        assert processus.wait(20) == 1
        erreur = processus.stderr.read()
    assert "tâches » s'est arrêté tout seul" in erreur
    assert "Traceback" not in erreur
    assert not restants(var)


def test_un_signal_pendant_la_preparation_arrete_aussi(tmp_path, port):
    with demonstration(tmp_path, "--collectivite", CODE, "--port", port) as processus:
        processus.stdout.readline()
        time.sleep(0.3)
        processus.send_signal(signal.SIGTERM)
        assert processus.wait(20) == 0
        assert "Traceback" not in processus.stderr.read()
    assert not restants(tmp_path)


def test_deux_demonstrations_ne_partagent_pas_leurs_donnees(var, port):
    with demonstration(var, "--collectivite", CODE, "--port", port) as premiere:
        lire_jusqu_au_tableau(premiere)
        with demonstration(var, "--neuve", "--collectivite", CODE, "--port", port) as seconde:
            assert seconde.wait(20) == 1
            assert "tourne déjà" in seconde.stderr.read()
        assert premiere.poll() is None


@pytest.mark.parametrize(
    ("arguments", "env", "attendu"),
    [
        ([], {"MARELLE_PRODUCTION": "1"}, "refuse de démarrer : MARELLE_PRODUCTION=1"),
        (["--collectivite", "ailleurs"], {}, "Collectivité inconnue : « ailleurs ». Au choix : cc-tvv"),
        (["--port", "abc"], {}, "PORT=abc n'est pas un numéro de port"),
        (["--port", "99999"], {}, "99999 n’est pas un numéro de port"),
    ],
)
def test_ce_qui_ne_peut_pas_demarrer_le_dit_en_une_ligne(tmp_path, arguments, env, attendu):
    with demonstration(tmp_path, *arguments, **env) as processus:
        assert processus.wait(20) == 1
        (ligne,) = processus.stderr.read().splitlines()
    assert attendu in ligne


def test_un_port_pris_le_dit_en_une_ligne(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as pris:
        numero = pris.getsockname()[1]
        with demonstration(tmp_path, "--collectivite", CODE, "--port", numero) as processus:
            assert processus.wait(20) == 1
            (ligne,) = processus.stderr.read().splitlines()
    assert f"le port {numero} de 127.0.0.1 est déjà pris" in ligne
