"""`marelle payfip essayer`: whether PayFiP knows the client number of each régie, before any family pays."""

import argparse

from . import django

NOM = "payfip"
AIDE = "Essaie les réglages du paiement en ligne."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    sous = analyseur.add_subparsers(dest="verbe", metavar="verbe", required=True)
    sous.add_parser(
        "essayer",
        help="demande à PayFiP s’il connaît le numéro client",
        description="Demande à PayFiP le nom de chaque régie payée en ligne. Aucun paiement n’est créé.",
    )


def executer(_options: argparse.Namespace) -> int:
    django.preparer()
    from django.conf import settings

    from marelle.paiements.essai import essayer

    essais = essayer()
    for un in essais:
        print(f"{'✓' if un.est_bon else '✗'} {un.regie}, numéro client {un.numcli}, {un.adresse} : {un.phrase}")
    if not essais:
        print("Aucune régie n’est payée en ligne (regies.toml : paiement_en_ligne).")
    print(f"Type de saisie : {settings.PAYFIP_SAISIE}.")
    return 0 if all(un.est_bon for un in essais) else 1
