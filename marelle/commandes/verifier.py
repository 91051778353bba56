"""`marelle verifier`: the counters against the rows, the states against the passages, the ledger against itself."""

import argparse

from . import django

NOM = "verifier"
AIDE = "Vérifie que compteurs, états et comptes disent vrai ; statut 1 et la liste de ce qui ne va pas."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """No option."""


def executer(options: argparse.Namespace) -> int:
    django.preparer()
    from marelle.appels.verification import verifier as verifier_les_appels
    from marelle.attestations.verification import verifier as verifier_les_attestations
    from marelle.creances.verification import verifier as verifier_les_comptes
    from marelle.demandes.verification import verifier
    from marelle.regie.verification import verifier as verifier_les_regies
    from marelle.tresor.verification import verifier as verifier_les_exports

    anomalies = [*verifier(), *verifier_les_comptes(), *verifier_les_regies(), *verifier_les_attestations()]
    anomalies += [*verifier_les_exports(), *verifier_les_appels()]
    for anomalie in anomalies:
        print(anomalie)
    if not anomalies:
        print("Tout est juste.")
    return 1 if anomalies else 0
