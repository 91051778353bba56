"""`marelle charger`: puts a collectivité's folder of data into the database."""

import argparse
from pathlib import Path

from . import django

NOM = "charger"
AIDE = "Charge le dossier d’une collectivité : identité, activités, règlement, textes. Rejouable sans risque."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("dossier", type=Path, help="par exemple collectivites/ma-collectivite")


def executer(options: argparse.Namespace) -> None:
    django.preparer()
    from marelle.chargement import charger

    print(charger(options.dossier))
