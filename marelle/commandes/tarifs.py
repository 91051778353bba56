"""`marelle tarifs essayer`: what tariffs ask for written cases; needs neither Django nor a database."""

import argparse
import json
from pathlib import Path

NOM = "tarifs"
AIDE = "Essaie des tarifs sur des cas écrits."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    sous = analyseur.add_subparsers(dest="verbe", metavar="verbe", required=True)
    verbe = sous.add_parser(
        "essayer",
        help="une ligne JSON par cas",
        description="Donne le prix de chaque cas, une ligne JSON par cas ; statut 1 si un prix n’est pas celui attendu.",
    )
    verbe.add_argument("tarifs", type=Path, help="tarifs.toml")
    verbe.add_argument("cas", type=Path, help="cas.toml")


def executer(options: argparse.Namespace) -> int:
    from marelle.regles.essai import essayer_tarifs

    resultats = list(essayer_tarifs(options.tarifs, options.cas))
    for resultat in resultats:
        print(json.dumps(resultat, ensure_ascii=False))
    return 0 if all(resultat["ok"] for resultat in resultats) else 1
