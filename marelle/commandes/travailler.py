"""`marelle travailler`: the worker that sends the e-mails and runs what is planned."""

import argparse

from . import django

NOM = "travailler"
AIDE = "Exécute les tâches : envoi des courriels, échéances, ménage."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """No option: one worker is enough, several share the work."""


def executer(options: argparse.Namespace) -> None:
    django.preparer()
    from marelle.taches.moteur import travailler

    travailler()
