"""`marelle regles essayer`: what a règlement answers to written cases; needs neither Django nor a database."""

import argparse
import json
from pathlib import Path

NOM = "regles"
AIDE = "Essaie un règlement sur des cas écrits."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    sous = analyseur.add_subparsers(dest="verbe", metavar="verbe", required=True)
    verbe = sous.add_parser(
        "essayer",
        help="une ligne JSON par cas",
        description="Donne la réponse du règlement à chaque cas, une ligne JSON par cas ; statut 1 si une réponse surprend.",
    )
    verbe.add_argument("reglement", type=Path, help="reglement.toml")
    verbe.add_argument("cas", type=Path, help="cas.toml")


def executer(options: argparse.Namespace) -> int:
    from marelle.regles.essai import essayer

    resultats = list(essayer(options.reglement, options.cas))
    for resultat in resultats:
        print(json.dumps(resultat, ensure_ascii=False))
    return 0 if all(resultat["ok"] for resultat in resultats) else 1
