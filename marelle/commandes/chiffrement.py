"""`marelle chiffrement`: can everything encrypted be read (after a restore), and the passage to a new key."""

import argparse

from . import django

NOM = "chiffrement"
AIDE = "Vérifie que les données chiffrées se lisent, ou les passe à la première clé de MARELLE_CLES_CHIFFREMENT."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    sous = analyseur.add_subparsers(dest="verbe", metavar="verbe", required=True)
    sous.add_parser("verifier", help="lit tout", description="Essaie les clés sur chaque donnée chiffrée.")
    sous.add_parser("renouveler", help="rechiffre tout", description="Chiffre tout de nouveau avec la première clé.")


def executer(options: argparse.Namespace) -> int:
    django.preparer()
    from marelle.socle import chiffrement

    bilan = chiffrement.renouveler() if options.verbe == "renouveler" else chiffrement.verifier()
    for illisible in bilan.illisibles:
        print(f"Illisible avec les clés données : {illisible}.")
    fait = "rechiffrées" if options.verbe == "renouveler" else "lues"
    print(f"{bilan.lues - len(bilan.illisibles)} valeurs chiffrées {fait}, {len(bilan.illisibles)} illisibles.")
    return 1 if bilan.illisibles else 0
