"""`marelle chiffrement`: can everything encrypted be read (after a restore), and the passage to new keys."""

import argparse

from . import django

NOM = "chiffrement"
AIDE = "Vérifie que les données chiffrées se lisent, ou les passe aux clés en vigueur, les premières des réglages."
MONTREES = 20


def arguments(analyseur: argparse.ArgumentParser) -> None:
    sous = analyseur.add_subparsers(dest="verbe", metavar="verbe", required=True)
    sous.add_parser(
        "verifier", help="lit tout", description="Essaie les clés sur chaque texte et chaque document chiffré."
    )
    sous.add_parser(
        "renouveler",
        help="rechiffre tout",
        description="Chiffre tout de nouveau avec MARELLE_CLE_SECRETE et la première des clés.",
    )


def executer(options: argparse.Namespace) -> int:
    django.preparer()
    from marelle.comptes import cles as secondes_preuves
    from marelle.pieces import cles as documents_
    from marelle.socle import chiffrement

    est_nouvelle = options.verbe == "renouveler"
    modules = (chiffrement, secondes_preuves, documents_)
    bilans = [module.renouveler() if est_nouvelle else module.verifier() for module in modules]
    illisibles = [illisible for bilan in bilans for illisible in bilan.illisibles]
    for illisible in illisibles[:MONTREES]:
        print(f"Illisible : {illisible}.")
    if len(illisibles) > MONTREES:
        print(f"… et {len(illisibles) - MONTREES} autres.")
    champs, secrets, documents = (bilan.lues - len(bilan.illisibles) for bilan in bilans)
    fait = "rechiffrés" if est_nouvelle else "lus"
    print(f"{champs + secrets} textes et {documents} documents chiffrés {fait}, {len(illisibles)} illisibles.")
    return 1 if illisibles else 0
