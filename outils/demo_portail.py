"""Prepares one portal of the demonstration, in a process of its own: database, static files, collectivité, families."""

import argparse
import contextlib
import fcntl
import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

from etapes import Echec, etape, lancer

from marelle.commandes import django, migrer, pannes

RACINE = Path(__file__).resolve().parent.parent


def principal() -> int:
    """Leave in `--resultat` what to show: the addresses and the accounts."""
    analyseur = argparse.ArgumentParser()
    analyseur.add_argument("nom")
    analyseur.add_argument("--mot-de-passe", type=Path, required=True)
    analyseur.add_argument("--resultat", type=Path, required=True)
    analyseur.add_argument("--empreinte", required=True)
    analyseur.add_argument("--statiques", action="store_true", help="rassemble aussi les fichiers statiques")
    options = analyseur.parse_args()
    try:
        montrer = preparer(options.nom, options.mot_de_passe.read_text(), statiques=options.statiques)
    except Exception as erreur:
        raise Echec(f"{options.nom} : {pannes.phrase(erreur)}") from erreur
    resultat = {"empreinte": options.empreinte, "comptes": montrer, "adresses": adresses()}
    options.resultat.write_text(json.dumps(resultat, ensure_ascii=False))
    return 0


def preparer(nom: str, secret: str, *, statiques: bool) -> list[tuple[str, str]]:
    """Bring everything up to date; what exists already is kept."""
    with etape(f"{nom} : base de données"):
        django.preparer()
        migrer_ou_copier()
    if statiques:
        with etape("Fichiers statiques"):
            migrer.rassembler_statiques()
    with etape(f"{nom} : activités et règlement"):
        from marelle.chargement import charger
        from marelle.reglages import env

        charger(env.DOSSIER_COLLECTIVITES / env.COLLECTIVITE)
    with etape(f"{nom} : familles et agents"):
        return comptes(secret)


def migrer_ou_copier() -> None:
    """The first new portal migrates an empty database; the others, and the next new ones, start from a copy of it."""
    from django.conf import settings

    base = Path(settings.DATABASES["default"]["NAME"])
    if base.exists():
        migrer.migrer_base()
        return
    vierge, brouillon = base.parent / nom_de_la_vierge(), base.parent / "vierge.brouillon"
    with (base.parent / "vierge.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        brouillon.unlink(missing_ok=True)
        if vierge.exists():
            shutil.copyfile(vierge, brouillon)
            brouillon.rename(base)  # whole, or not there: a stop may come at any time
            return
        migrer.migrer_base()
        for ancienne in base.parent.glob("vierge-*.sqlite3"):
            ancienne.unlink()
        with contextlib.closing(sqlite3.connect(base)) as connexion:
            connexion.execute("VACUUM INTO ?", [str(brouillon)])
        brouillon.rename(vierge)


def nom_de_la_vierge() -> str:
    """Changes with any migration, ours or a library's."""
    fichiers = [*sorted((RACINE / "marelle").glob("*/migrations/*.py")), RACINE / "requirements" / "base.txt"]
    somme = hashlib.sha256(b"".join(fichier.read_bytes() for fichier in fichiers))
    return f"vierge-{somme.hexdigest()[:16]}.sqlite3"


def comptes(secret: str) -> list[tuple[str, str]]:
    """The accounts of the demonstration, made or refreshed: (identifiant, who)."""
    from marelle.demonstration import preparer as preparer_les_familles

    return [(compte.identifiant, compte.qui) for compte in preparer_les_familles(secret)]


def adresses() -> list[tuple[str, str]]:
    """Where to go on this portal: (for what, path)."""
    from django.conf import settings
    from django.urls import reverse

    return [("familles", "/"), ("service", settings.ACCUEIL_AGENTS), ("courriels", reverse("demonstration:courriels"))]


if __name__ == "__main__":
    lancer(principal)
