"""Makes the Python environment `.venv` what requirements/*.txt say, with every hash checked; standard library only.

Run by whatever `python3` the machine has, so this file must at least be *read* by an old one (no syntax newer than Python 3.6).
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from etapes import Echec, etape, lancer

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
MINIMUM = (3, 11)
LANCEUR = """#!{python}
import sys

from marelle.__main__ import principal

sys.exit(principal())
"""


def principal():
    """Prepare the set named on the command line: `base` (to run) or `dev` (to run, test and check)."""
    jeu = sys.argv[1] if len(sys.argv) > 1 else "base"
    if sys.version_info < MINIMUM:
        raise Echec(
            f"Marelle demande Python 3.11 ou plus récent ; « {sys.executable} » est en version "
            f"{sys.version_info[0]}.{sys.version_info[1]}. Indiquez-en un autre : make demo PYTHON=python3.11"
        )
    if _est_a_jour(jeu):
        return 0
    print("Environnement de Marelle (.venv)", flush=True)
    _creer_venv()
    with etape("Outil d'installation"):
        _pip("uv")
    with etape("Dépendances, empreintes vérifiées"):
        _installer(jeu)
    _brancher()
    for autre in ("base", "dev"):
        _temoin(autre).unlink(missing_ok=True)
    _temoin(jeu).write_text(_empreinte(jeu))
    return 0


def _est_a_jour(jeu):
    """A development environment also serves to run."""
    return PYTHON.exists() and any(
        _temoin(candidat).exists() and _temoin(candidat).read_text() == _empreinte(candidat)
        for candidat in {jeu, "dev"}
    )


def _temoin(jeu):
    return VENV / f"marelle-{jeu}.empreinte"


def _empreinte(jeu):
    """Changes with the pinned versions, the interpreter and the place of the environment."""
    somme = hashlib.sha256(f"{sys.version} {VENV}".encode())
    for fichier in ("uv.txt", jeu + ".txt"):
        somme.update((RACINE / "requirements" / fichier).read_bytes())
    somme.update(Path(__file__).read_bytes())
    return somme.hexdigest()


def _creer_venv():
    """Keep an environment that works (others may be running from it), build one otherwise."""
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""], capture_output=True).returncode == 0:
        return
    with etape("Environnement Python"):
        _commande_pip()
        shutil.rmtree(str(VENV), ignore_errors=True)
        _executer([sys.executable, "-m", "venv", "--without-pip", str(VENV)], dict(os.environ))


def _commande_pip():
    """Python carries pip in a wheel, which runs as it is: unpacking it into each environment would take many seconds."""
    try:
        import ensurepip
    except ImportError:
        raise Echec(
            "Python ne sait pas créer d'environnement ici. Sur Debian et Ubuntu, il manque le paquet python3-venv "
            "(apt install python3-venv)."
        ) from None
    # Debian keeps it in a folder of its own, which Python remembers under this name.
    dossiers = [
        Path(ensurepip.__file__).parent / "_bundled",
        Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or os.devnull),
    ]
    paquets = [paquet for dossier in dossiers for paquet in sorted(dossier.glob("pip-*.whl"))]
    if not paquets:
        raise Echec("Python est installé sans pip ; installez le paquet python3-venv, ou un Python complet.")
    return [str(PYTHON), str(paquets[-1] / "pip")]


def _pip(jeu):
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", f"requirements/{jeu}.txt"]
    _executer([*_commande_pip(), "install", *options], dict(os.environ))


def _installer(jeu):
    """uv is five times as fast as pip, which takes over where uv cannot reach the packages."""
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    try:
        _executer([*uv, "-r", f"requirements/{jeu}.txt"], _environnement_uv())
    except Echec:
        print("\n    uv n'a pas abouti ; reprise avec pip, plus lent.", flush=True)
        _pip(jeu)


def _environnement_uv():
    """What pip is told on this machine (index, certificates) is told to uv, which does not read pip's settings."""
    environnement = {"UV_SYSTEM_CERTS": "1", "UV_LINK_MODE": "copy", **os.environ}
    lu = subprocess.run([*_commande_pip(), "config", "list"], capture_output=True, text=True).stdout
    for reglage, valeur in re.findall(r"^(?:global|install)\.(index-url|cert)='(.+)'$", lu, re.MULTILINE):
        if reglage == "index-url":
            environnement.setdefault("UV_DEFAULT_INDEX", valeur)
        elif Path(valeur).is_file():
            environnement.setdefault("SSL_CERT_FILE", valeur)
    return environnement


def _executer(commande, environnement):
    fait = subprocess.run(commande, cwd=str(RACINE), env=environnement, capture_output=True, text=True)
    if fait.returncode:
        raise Echec("Installation impossible :\n" + (fait.stderr or fait.stdout).strip())


def _brancher():
    """Make `marelle` importable and callable from the environment, without building a package."""
    lib = next((VENV / "lib").glob("python3*/site-packages"))
    (lib / "marelle.pth").write_text(str(RACINE) + "\n")
    commande = VENV / "bin" / "marelle"
    commande.write_text(LANCEUR.format(python=PYTHON))
    commande.chmod(0o755)


if __name__ == "__main__":
    lancer(principal)
