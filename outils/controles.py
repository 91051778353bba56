"""Runs every check that reads the code without running it; shows what one of them says only when it is not happy."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from etapes import Echec, lancer

RACINE = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CONTROLES: dict[str, list[str]] = {
    "Types (mypy)": ["mypy", "marelle"],
    "Style (ruff)": ["ruff", "check", "."],
    "Mise en forme (ruff)": ["ruff", "format", "--check", "."],
    "Couches (import-linter)": ["lint-imports"],
    "Migrations (Django)": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "Réglages (Django)": ["python", "manage.py", "check", "--fail-level", "WARNING"],
    "Réglages de production (Django)": ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "Gabarits (djlint)": ["djlint", "marelle", "--lint", "--quiet"],
    "Dépendances (deptry)": ["deptry", "marelle"],
    "Sûreté (bandit)": ["bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml", "marelle"],
}
PRODUCTION = {
    "MARELLE_PRODUCTION": "1",
    "MARELLE_CLE_SECRETE": "controle-" + "k9" * 30,
    "MARELLE_CLES_CHIFFREMENT": "controle",
    "MARELLE_HOTES": "portail.exemple",
    "MARELLE_BASE_URL": "https://portail.exemple",
}


def principal() -> int:
    """All of them, two at a time; status 1 with the list of those that failed."""
    with ThreadPoolExecutor(max_workers=2) as equipe:
        resultats = list(zip(CONTROLES, equipe.map(controler, CONTROLES), strict=True))
    rates = [nom for nom, est_bon in resultats if not est_bon]
    if rates:
        raise Echec(f"À reprendre : {', '.join(rates)}.")
    print("Tous les contrôles passent.")
    return 0


def controler(nom: str) -> bool:
    outil, *arguments = CONTROLES[nom]
    environnement = {cle: valeur for cle, valeur in os.environ.items() if not cle.startswith("MARELLE_")}
    environnement |= PRODUCTION if "production" in nom else {}
    environnement["DATABASE_URL"] = ""
    fait = subprocess.run(
        [str(BIN / outil), *arguments], cwd=RACINE, env=environnement, capture_output=True, text=True, check=False
    )
    detail = f"\n{fait.stdout}{fait.stderr}" if fait.returncode else ""
    print(f"  {'✗' if fait.returncode else '✓'} {nom}{detail}", flush=True)
    return fait.returncode == 0


if __name__ == "__main__":
    lancer(principal)
