"""`marelle demo-donnees`: invented families, always the same, for trials and measurements."""

import argparse

from marelle.socle.erreurs import ErreurMarelle

from . import django

NOM = "demo-donnees"
AIDE = "Crée des familles inventées, toujours les mêmes (refusé en production)."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--familles", type=int, required=True, metavar="N", help="nombre de familles")


def executer(options: argparse.Namespace) -> None:
    from marelle.reglages import env

    if env.PRODUCTION:
        raise ErreurMarelle("refusé : MARELLE_PRODUCTION=1 ; des familles inventées n’ont rien à faire en production.")
    if options.familles < 1:
        raise ErreurMarelle("--familles demande un nombre supérieur à zéro.")
    django.preparer()
    from marelle.demonstration.donnees import creer

    creer(familles=options.familles)
    print(f"{options.familles} familles créées.")
