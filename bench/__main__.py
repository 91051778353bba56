"""`make bench`: loads the data set through the product, measures, prints one table, keeps the figures in var/bench."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

RACINE = Path(__file__).resolve().parent.parent
DOSSIER = RACINE / "var" / "bench"
SERVEUR = os.environ.get("MARELLE_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
BASE = f"marelle_bench_{os.getpid()}"


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="make bench")
    analyseur.add_argument("--rapide", action="store_true", help="moins de familles, moins de passages")
    analyseur.add_argument("--base", choices=("sqlite", "postgres"), help="une seule base")
    options = analyseur.parse_args()
    DOSSIER.mkdir(parents=True, exist_ok=True)
    resultats = {}
    if options.base != "postgres":
        resultats["SQLite"] = mesurer("sqlite", "", options.rapide)
    if options.base != "sqlite":
        try:
            with psycopg.connect(SERVEUR, autocommit=True, connect_timeout=3) as connexion:
                connexion.execute(f"CREATE DATABASE {BASE}")
        except psycopg.OperationalError:
            print("PostgreSQL ne répond pas : cette moitié n’est pas mesurée (MARELLE_TEST_POSTGRES donne un serveur).")
        else:
            try:
                resultats["PostgreSQL"] = mesurer("postgres", f"{SERVEUR.rpartition('/')[0]}/{BASE}", options.rapide)
            finally:
                with psycopg.connect(SERVEUR, autocommit=True) as connexion:
                    connexion.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
    print(tableau(resultats))
    return 0 if all(ligne["tenu"] is not False for lignes in resultats.values() for ligne in lignes) else 1


def mesurer(nom: str, adresse: str, rapide: bool) -> list[dict[str, object]]:
    """One database, in a process of its own; its lines."""
    sortie = DOSSIER / f"{nom}.json"
    sortie.unlink(missing_ok=True)
    environnement = {cle: valeur for cle, valeur in os.environ.items() if not cle.startswith("MARELLE_")}
    environnement |= {
        "DATABASE_URL": adresse,
        "MARELLE_VAR": str(DOSSIER / nom),
        "MARELLE_COLLECTIVITE": "mesure",
        "MARELLE_DEMO": "1",  # static files with their hash, as in production
        "MARELLE_NIVEAU_JOURNAL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "marelle.reglages.settings",
    }
    print(f"\n{nom}", flush=True)
    subprocess.run(
        [sys.executable, "-m", "bench.banc", str(sortie), *(["--rapide"] if rapide else [])],
        cwd=RACINE, env=environnement, check=True,
    )  # fmt: skip
    return list(json.loads(sortie.read_text())["lignes"])


def tableau(resultats: dict[str, list[dict[str, object]]]) -> str:
    """Figure, mark, then what each database gave."""
    bases = list(resultats)
    lignes = [("Mesure", "Repère", *bases)]
    rangs = max(len(une) for une in resultats.values()) if resultats else 0
    for rang in range(rangs):
        premiere = resultats[bases[0]][rang]
        signes = {True: "✓", False: "✗", None: " "}
        cellules = [
            f"{signes[bool(r[rang]['tenu']) if r[rang]['tenu'] is not None else None]} {r[rang]['valeur']}"
            for r in resultats.values()
        ]
        lignes.append((str(premiere["nom"]), str(premiere["repere"]), *cellules))
    largeurs = [max(len(ligne[colonne]) for ligne in lignes) for colonne in range(len(lignes[0]))]
    corps = ["  ".join(mot.ljust(large) for mot, large in zip(ligne, largeurs)).rstrip() for ligne in lignes]
    note = "Médianes côté serveur, à chaud, [1er–9e décile] ; requêtes SQL sans BEGIN ni COMMIT."
    return "\n".join(["", corps[0], "─" * len(corps[0]), *corps[1:], "", note])


if __name__ == "__main__":
    sys.exit(principal())
