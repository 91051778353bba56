"""`marelle verifier`: the counters against the rows, the states against the passages."""

import argparse

from . import django

NOM = "verifier"
AIDE = "Vérifie que compteurs et états disent vrai ; statut 1 et la liste de ce qui ne va pas."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """No option."""


def executer(options: argparse.Namespace) -> int:
    django.preparer()
    from marelle.demandes.verification import verifier

    anomalies = verifier()
    for anomalie in anomalies:
        print(anomalie)
    if not anomalies:
        print("Tout est juste.")
    return 1 if anomalies else 0
