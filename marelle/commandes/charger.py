"""`marelle charger`: puts a collectivité's folder of data into the database."""

import argparse
from pathlib import Path

from marelle.socle.erreurs import ErreurMarelle

from . import django

NOM = "charger"
AIDE = "Charge le dossier d’une collectivité : identité, activités, règlement, textes. Rejouable sans risque."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("dossier", type=Path, help="par exemple collectivites/ma-collectivite")


def executer(options: argparse.Namespace) -> None:
    if not options.dossier.is_dir():
        raise ErreurMarelle(f"{options.dossier} : ce dossier n’existe pas.")
    django.preparer()
    from marelle.chargement import charger

    charger(options.dossier)
    print(f"{options.dossier} : chargé.")
