"""Prepares one portal of the demonstration, in a process of its own: database, static files, collectivité, families."""

import argparse
import json
from pathlib import Path

from etapes import Echec, etape, lancer

from marelle.commandes import django, migrer, pannes


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
        migrer.migrer_base()
    if statiques:
        with etape("Fichiers statiques"):
            migrer.rassembler_statiques()
    with etape(f"{nom} : activités et règlement"):
        from marelle.chargement import charger
        from marelle.reglages import env

        charger(env.DOSSIER_COLLECTIVITES / env.COLLECTIVITE)
    with etape(f"{nom} : familles et agents"):
        return comptes(secret)


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
