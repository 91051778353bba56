"""`marelle agent`: the first agents of an installation, who will invite the others, and the way back in for who is shut out."""

import argparse

from . import django

NOM = "agent"
AIDE = "Crée un agent, lui donne un nouveau lien d’invitation, ou retire une double authentification perdue."
RETIRER = "retirer-double-authentification"
ROLES = ("direction", "secretariat", "animation", "lecture")


def arguments(analyseur: argparse.ArgumentParser) -> None:
    sous = analyseur.add_subparsers(dest="verbe", metavar="verbe", required=True)
    creer = sous.add_parser("creer", help="crée un agent", description="Crée un agent et écrit son lien d’invitation.")
    creer.add_argument("identifiant", help="par exemple c.aubert")
    creer.add_argument("--prenom", required=True, help="prénom")
    creer.add_argument("--nom", required=True, help="nom")
    creer.add_argument("--role", choices=ROLES, default="direction", help="rôle (direction)")
    creer.add_argument("--courriel", default="", help="adresse e-mail, pour un mot de passe oublié")
    inviter = sous.add_parser("inviter", help="nouveau lien", description="Remplace le lien d’invitation d’un agent.")
    inviter.add_argument("identifiant", help="par exemple c.aubert")
    retirer = sous.add_parser(
        RETIRER,
        help="téléphone et codes perdus",
        description="Retire la double authentification d’un compte, agent ou famille. Son titulaire est prévenu par e-mail.",
    )
    retirer.add_argument("identifiant", help="par exemple c.aubert")


def executer(options: argparse.Namespace) -> None:
    django.preparer()
    from marelle.comptes.agents import creer_agent, inviter_agent, retirer_double_authentification_a
    from marelle.comptes.droits import Role

    if options.verbe == RETIRER:
        retiree = retirer_double_authentification_a(options.identifiant)
        fait = "la double authentification est retirée" if retiree else "il n’y avait pas de double authentification"
        print(f"{options.identifiant} : {fait}.")
        return
    if options.verbe == "creer":
        role = Role(options.role)
        agent, lien = creer_agent(options.identifiant, options.prenom, options.nom, role, options.courriel)
    else:
        agent, lien = inviter_agent(options.identifiant)
    print(f"{agent}, {agent.get_role_display()}, identifiant {agent.compte.username}.")
    print(f"Lien d’invitation, qui ne sert qu’une fois et reste valable 30 jours :\n{lien}")
