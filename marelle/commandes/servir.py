"""`marelle servir`: the web server."""

import argparse
import socket

from marelle.socle.erreurs import ErreurMarelle

NOM = "servir"
AIDE = "Sert le portail sur le web ; les tâches demandent « marelle travailler » à côté."


def arguments(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--hote", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    analyseur.add_argument("--port", type=int, default=8000, help="port d’écoute (8000)")
    analyseur.add_argument("--processus", type=int, default=1, help="nombre de processus (1 ; un seul avec SQLite)")


def executer(options: argparse.Namespace) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    from marelle.reglages import env

    if options.processus > 1 and not env.DATABASE_URL:
        raise ErreurMarelle("avec SQLite un seul processus sert le portail ; DATABASE_URL indique une base PostgreSQL.")
    verifier_port(options.hote, options.port)
    Server(
        "marelle.reglages.wsgi:application",
        address=options.hote,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processus,
        blocking_threads=2,
        websockets=False,
        workers_kill_timeout=10,
        respawn_failed_workers=not env.DEMO,
    ).serve()


def verifier_port(hote: str, port: int) -> None:
    """Refuse a port that something else holds: the server shares ports between its processes and would not notice."""
    if not 0 < port < 65536:
        raise ErreurMarelle(f"{port} n’est pas un numéro de port (1 à 65535).")
    try:
        socket.create_server((hote, port), family=socket.AF_INET6 if ":" in hote else socket.AF_INET).close()
    except PermissionError:
        raise ErreurMarelle(
            f"le port {port} est réservé à l’administrateur ; prenez-en un au-dessus de 1023."
        ) from None
    except OSError:
        raise ErreurMarelle(f"le port {port} de {hote} est déjà pris ou n’existe pas sur cette machine.") from None
