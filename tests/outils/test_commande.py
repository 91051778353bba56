"""The `marelle` command as an operator meets it: it says what and where, in French, and never shows a traceback."""

import contextlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from marelle.commandes.analyseur import COMMANDES

pytestmark = pytest.mark.processus


def echec(resultat, statut):
    """The one line of a failure."""
    assert (resultat.returncode, resultat.stdout) == (statut, "")
    assert "Traceback" not in resultat.stderr
    (ligne,) = resultat.stderr.splitlines()
    return ligne


def test_l_aide_dit_les_commandes_en_francais(marelle):
    resultat = marelle("--help")
    assert (resultat.returncode, resultat.stderr) == (0, "")
    assert all(re.search(rf"^    {module.NOM}\b", resultat.stdout, re.MULTILINE) for module in COMMANDES)
    assert not re.search("usage: |positional|show |exit|optional", resultat.stdout)


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        ([], "il manque : commande"),
        (["zut"], "« zut » n’existe pas ; au choix : 'servir'"),
        (["servir", "--port"], "« --port » : il manque une valeur"),
        (["servir", "--port", "x"], "« x » n’est pas un nombre entier"),
        (["servir", "--zut"], "argument inconnu : --zut"),
        (["regles"], "il manque : verbe"),
        (["regles", "essayer", "a.toml"], "il manque : cas"),
        (["demo-donnees"], "il manque : --familles"),
    ],
)
def test_une_demande_mal_ecrite_est_expliquee(marelle, arguments, attendu):
    assert attendu in echec(marelle(*arguments), 2)


@pytest.mark.parametrize(
    ("arguments", "env", "attendu"),
    [
        (["charger", "nulle-part"], {}, "nulle-part : ce dossier n’existe pas"),
        (["regles", "essayer", "rien.toml", "rien.toml"], {}, "rien.toml : ce fichier n’existe pas."),
        (["servir", "--port", "70000"], {}, "70000 n’est pas un numéro de port"),
        (["servir", "--processus", "2"], {}, "avec SQLite un seul processus"),
        (["demo-donnees", "--familles", "0"], {}, "un nombre supérieur à zéro"),
        (["demo-donnees", "--familles", "3"], {"MARELLE_PRODUCTION": "1"}, "MARELLE_PRODUCTION=1"),
        (["migrer"], {"MARELLE_PRODUCTION": "1"}, "MARELLE_CLE_SECRETE"),
        (["migrer"], {"MARELLE_PRODUCTION": "peut-être"}, "MARELLE_PRODUCTION"),
        (["migrer"], {"DATABASE_URL": "mysql://localhost/x"}, "seules les adresses postgres:// sont comprises"),
        (["migrer"], {"DATABASE_URL": "postgres://127.0.0.1:1/x"}, "la base de données ne répond pas"),
        (["charger", "collectivites/cc-tvv"], {}, "lancez d’abord « marelle migrer »"),
    ],
)
def test_un_echec_est_une_ligne(marelle, arguments, env, attendu):
    assert attendu in echec(marelle(*arguments, env=env), 1)


def test_un_port_pris_est_dit(marelle):
    with socket.create_server(("127.0.0.1", 0)) as pris:
        port = pris.getsockname()[1]
        assert f"le port {port} de 127.0.0.1 est déjà pris" in echec(marelle("servir", "--port", str(port)), 1)


def test_une_panne_donne_une_reference_et_le_journal_la_trace(marelle, environnement_nu, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "from marelle.commandes import migrer\n"
        "def casser(options): raise RuntimeError('imprévu')\n"
        "migrer.executer = casser\n"
    )
    ligne = echec(marelle("migrer", env={"PYTHONPATH": str(tmp_path)}), 1)
    reference = re.search("référence ([0-9a-f]{8})", ligne)[1]
    journal = (tmp_path / "var/journaux/marelle.log").read_text()
    assert reference in journal
    assert "RuntimeError: imprévu" in journal


def test_migrer_prepare_une_base_neuve_et_se_rejoue(marelle, tmp_path):
    for _ in range(2):
        resultat = marelle("migrer", env={"MARELLE_DEMO": "1", "MARELLE_COLLECTIVITE": "ici"})
        assert (resultat.returncode, resultat.stderr) == (0, "")
    assert (tmp_path / "var/ici.sqlite3").exists()
    assert list((tmp_path / "var/statiques").rglob("*.css.br"))


def test_d_une_base_neuve_aux_familles_inventees_tout_est_juste_puis_un_compteur_faux_est_dit(
    marelle, base_migree, tmp_path
):
    for arguments in (
        ["charger", "collectivites/cc-tvv"],
        ["demo-donnees", "--familles", "4"],
        ["verifier"],
    ):
        resultat = marelle(*arguments)
        assert (resultat.returncode, resultat.stderr) == (0, ""), arguments
    assert resultat.stdout == "Tout est juste.\n"
    with contextlib.closing(sqlite3.connect(tmp_path / "var/portail.sqlite3")) as base, base:
        (jauge,) = base.execute("SELECT id FROM activites_jauge WHERE prises > 0 ORDER BY id LIMIT 1").fetchone()
        base.execute("UPDATE activites_jauge SET prises = prises - 1 WHERE id = ?", [jauge])
    resultat = marelle("verifier")
    assert resultat.returncode == 1
    assert resultat.stdout.startswith(f"Jauge {jauge} (")
    assert len(resultat.stdout.splitlines()) == 1


def test_essayer_un_reglement_donne_un_objet_par_cas(marelle, tmp_path):
    reglement, cas = "collectivites/cc-tvv/reglement.toml", Path("collectivites/cc-tvv/cas/guide.toml")
    resultat = marelle("regles", "essayer", reglement, cas)
    assert (resultat.returncode, resultat.stderr) == (0, "")
    objets = [json.loads(ligne) for ligne in resultat.stdout.splitlines()]
    assert len(objets) == len(tomllib.loads(cas.read_text())["cas"])
    assert all(
        {"cas", "issue", "clause", "limite", "prochaine", "phrase", "attendu", "ok"} <= set(objet) for objet in objets
    )
    faux = tmp_path / "faux.toml"
    faux.write_text(re.sub(r'issue = "instruire"', 'issue = "refuser"', cas.read_text(), count=1))
    assert marelle("regles", "essayer", reglement, faux).returncode == 1


def test_les_regles_se_passent_de_django(tmp_path):
    """A mayor's assistant can try a règlement with nothing but Python's standard library."""
    code = "import sys; sys.modules['django'] = None; from marelle.__main__ import principal; sys.exit(principal())"
    resultat = subprocess.run(
        [sys.executable, "-c", code, "regles", "essayer", "rien.toml", "rien.toml"],
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
    )
    assert "ce fichier n’existe pas" in echec(resultat, 1)


def test_un_lecteur_qui_part_n_est_pas_une_panne(environnement_nu):
    """`marelle --help | head -1`."""
    resultat = subprocess.run(
        f"{sys.executable} -m marelle --help | head -1",
        shell=True,
        env=environnement_nu,
        capture_output=True,
        text=True,
    )
    assert (resultat.stdout, resultat.stderr) == ("usage : marelle [-h] [--version] commande ...\n", "")
