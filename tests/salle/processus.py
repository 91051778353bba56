"""Real processes of the product in the tests: the `marelle` command, and children that share the test's database."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
DELAI_S = 60


@pytest.fixture
def environnement_nu(tmp_path: Path) -> dict[str, str]:
    """The environment of a first use: nothing but PATH, HOME and an empty data folder of its own."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", str(tmp_path)),
        "MARELLE_VAR": str(tmp_path / "var"),
    }


@pytest.fixture
def environnement_base(transactional_db: None, environnement_nu: dict[str, str]) -> dict[str, str]:
    """The environment in which a child process works on this very test's database (rows must be committed)."""
    from django.db import connection

    environnement = {
        **environnement_nu,
        "DJANGO_SETTINGS_MODULE": "tests.reglages",
        **{
            nom: os.environ[nom]
            for nom in ("MARELLE_ESSAIS", "PYTEST_XDIST_WORKER", "DATABASE_URL")
            if nom in os.environ
        },
    }
    if connection.vendor == "postgresql":
        environnement["MARELLE_ESSAIS_BASE"] = connection.settings_dict["NAME"]
    return environnement


@pytest.fixture
def marelle(environnement_nu: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`marelle("regles", "essayer", …, env={…})`: runs the command as a user would and returns how it ended."""

    def executer(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "marelle", *map(str, arguments)],
            cwd=RACINE, env={**environnement_nu, **(env or {})}, capture_output=True, text=True, timeout=DELAI_S,
        )  # fmt: skip

    return executer


@pytest.fixture
def base_migree(marelle: Callable[..., subprocess.CompletedProcess[str]], environnement_nu: dict[str, str]) -> None:
    """What `marelle migrer` leaves: the database that the run has migrated already, when there is one."""
    vierge = Path(os.environ["MARELLE_ESSAIS"]) / "vierge"
    if os.environ.get("DATABASE_URL") or not vierge.exists():
        assert marelle("migrer").returncode == 0
        return
    var = Path(environnement_nu["MARELLE_VAR"])
    var.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(vierge, var / "portail.sqlite3")
