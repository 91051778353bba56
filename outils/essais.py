"""Runs every test on SQLite, then those of the database on PostgreSQL, and says what really ran."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from essais_choix import lire, superflus
from essais_postgres import serveur_postgres
from etapes import Echec, etape, lancer

from tests.salle.chromium import PAQUETS, chemin_chromium

RACINE = Path(__file__).resolve().parent.parent
DOSSIER = RACINE / "var" / "essais"
SANS_CHROMIUM = "Chromium est absent : les essais dans le navigateur ne seront pas lancés. Pour les avoir : {commande}"


@dataclass
class Moitie:
    """One run of pytest."""

    nom: str
    statut: int = 5
    duree_s: float = 0
    lances: dict[str, int] = field(default_factory=dict)
    sautes: dict[str, int] = field(default_factory=dict)
    superflus: int = 0  # tests of pages that would have asked it nothing new


def principal() -> int:
    analyseur = argparse.ArgumentParser(description="Lance tous les essais.")
    analyseur.add_argument("--tout-exiger", action="store_true", help="échoue si une moitié n'a pas été lancée")
    options = analyseur.parse_args()
    DOSSIER.mkdir(parents=True, exist_ok=True)
    assurer_chromium()
    with serveur_postgres() as adresse, tempfile.TemporaryDirectory(prefix="marelle-releve-") as nom:
        releve = Path(nom)
        moities = [essayer("SQLite", [], "", MARELLE_ESSAIS_RELEVE=nom)]
        if adresse:
            sans = releve / "sans.json"
            inutiles = sorted(() if os.environ.get("MARELLE_TEST_PAGES_TOUT") else superflus(lire(releve)))
            sans.write_text(json.dumps(inutiles))
            selection = ["-m", "base and not navigateur and not dates"]
            moities.append(essayer("PostgreSQL", selection, adresse, MARELLE_ESSAIS_SANS=str(sans)))
            moities[-1].superflus = len(inutiles)
    manques = ce_qui_manque(moities)
    dire(moities, manques)
    a_echoue = any(moitie.statut for moitie in moities)
    return 1 if a_echoue or (options.tout_exiger and manques) else 0


def assurer_chromium() -> None:
    """Install Debian's browser when we may, say how to otherwise."""
    if chemin_chromium():
        return
    apt = shutil.which("apt-get")
    if not apt or os.geteuid():
        print(SANS_CHROMIUM.format(commande="sudo apt-get install chromium"), flush=True)
        return
    with contextlib.suppress(Echec), etape("Chromium (apt-get)"):
        installer = ["install", "--yes", "--no-install-recommends"]
        for arguments in (["update"], *([*installer, paquet] for paquet in PAQUETS)):
            subprocess.run(
                [apt, "-q", *arguments], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, capture_output=True
            )
            if chemin_chromium():
                return
        raise Echec
    if not chemin_chromium():
        print(SANS_CHROMIUM.format(commande="apt-get install chromium"), flush=True)


def essayer(nom: str, selection: list[str], adresse: str, **plus: str) -> Moitie:
    """Run pytest, three workers for two cores (a browser waits now and then); its own output and closing line are shown."""
    print(f"\nEssais sur {nom}", flush=True)
    bilan = DOSSIER / f"bilan-{nom.lower()}.json"
    bilan.unlink(missing_ok=True)
    debut = time.monotonic()
    statut = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadgroup", *selection],
        cwd=RACINE,
        env={**environnement_propre(), "MARELLE_ESSAIS_BILAN": str(bilan), "DATABASE_URL": adresse, **plus},
    ).returncode
    moitie = Moitie(nom, statut, time.monotonic() - debut)
    if bilan.exists():
        lu = json.loads(bilan.read_text())
        moitie.lances, moitie.sautes = lu["lances"], lu["sautes"]
    return moitie


def environnement_propre() -> dict[str, str]:
    """The terminal's environment, without the settings of a Marelle that would run in it, nor the wish that Python keeps
    nothing of what it compiles: each worker of each half would rewrite the assertions of two hundred modules again."""
    return {
        nom: valeur
        for nom, valeur in os.environ.items()
        if (not nom.startswith("MARELLE_") or nom.startswith("MARELLE_TEST_")) and nom != "PYTHONDONTWRITEBYTECODE"
    }


def ce_qui_manque(moities: list[Moitie]) -> list[str]:
    """What a complete run has and this one has not."""
    sqlite, *suite = moities
    manques = []
    if not sqlite.lances.get("navigateur") or sqlite.sautes.get("navigateur"):
        manques.append(f"navigateur : {sqlite.sautes.get('navigateur', 0)} essais sautés, faute de Chromium")
    if not suite or not suite[0].lances.get("base"):
        manques.append("PostgreSQL : aucun essai lancé (MARELLE_TEST_POSTGRES donne l'adresse d'un serveur)")
    return manques


def dire(moities: list[Moitie], manques: list[str]) -> None:
    print("\nBilan")
    for moitie in moities:
        lances = moitie.lances
        detail = ", ".join(
            f"{lances[genre]} {genre}" for genre in ("base", "navigateur", "processus") if lances.get(genre)
        )
        etat = "✓" if moitie.statut == 0 else "✗"
        print(
            f"  {etat} {moitie.nom} : {lances.get('total', 0)} essais lancés ({detail or 'aucun'}) en {moitie.duree_s:.0f} s"
        )
        if moitie.superflus:
            print(
                f"    {moitie.superflus} essais de pages laissés : les autres lui demandent déjà tout ce qu'ils demandent"
            )
    for manque in manques:
        print(f"  ✗ non lancé — {manque}")
    sys.stdout.flush()


if __name__ == "__main__":
    lancer(principal)
