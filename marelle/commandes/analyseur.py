"""What one may write after `marelle`, explained in French."""

import argparse
import gettext
from typing import NoReturn

import marelle
from marelle.commandes import (
    agent,
    charger,
    chiffrement,
    demo_donnees,
    migrer,
    payfip,
    regles,
    servir,
    tarifs,
    travailler,
    verifier,
)

COMMANDES = (servir, travailler, migrer, charger, agent, regles, tarifs, verifier, chiffrement, payfip, demo_donnees)

FRANCAIS = {
    "usage: ": "usage : ",
    "positional arguments": "arguments\u00a0",
    "options": "options\u00a0",
    "show this help message and exit": "montre cette aide",
    "expected one argument": "il manque une valeur",
    "expected at least one argument": "il manque au moins une valeur",
    "argument %(argument_name)s: %(message)s": "« %(argument_name)s » : %(message)s",
    "ambiguous option: %(option)s could match %(matches)s": "« %(option)s » est ambigu : %(matches)s",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "the following arguments are required: %s": "il manque : %s",
    "invalid %(type)s value: %(value)r": "« %(value)s » n’est pas un nombre entier",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n’existe pas ; au choix : %(choices)s",
    "ignored explicit argument %r": "la valeur %r est de trop",
    "not allowed with argument %s": "ne va pas avec %s",
    "one of the arguments %s is required": "il faut l’un de : %s",
}


class Analyseur(argparse.ArgumentParser):
    """argparse, in French, with one line on stderr and status 2 for a request that makes no sense."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog} : {message}. Aide : {self.prog} --help\n")


def construire() -> argparse.ArgumentParser:
    """The whole grammar; the chosen command's function is left in `options.executer`."""
    # argparse translates its sentences by this name, looked up at each use.
    argparse._ = lambda phrase: FRANCAIS.get(phrase, gettext.gettext(phrase))  # type: ignore[attr-defined]
    analyseur = Analyseur(prog="marelle", description="Portail famille et guichet du service enfance-jeunesse.")
    analyseur.add_argument(
        "--version", action="version", version=f"Marelle {marelle.__version__}", help="montre la version"
    )
    sous = analyseur.add_subparsers(dest="commande", metavar="commande", required=True, parser_class=Analyseur)
    for module in COMMANDES:
        commande = sous.add_parser(module.NOM, help=module.AIDE, description=module.AIDE)
        commande.set_defaults(executer=module.executer)
        module.arguments(commande)
    return analyseur
