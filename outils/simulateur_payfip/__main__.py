"""Starts the simulator of PayFiP, on this machine only: `python outils/simulateur_payfip --port 8090`. Never in production."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from types import FrameType

from comptoir import Comptoir
from serveur import Serveur

from marelle.reglages import env

HOTE = "127.0.0.1"


def principal() -> int:
    analyseur = argparse.ArgumentParser(description="Simulateur de PayFiP : aucun argent ne circule.")
    analyseur.add_argument("--port", type=int, default=8090, help="0 : n'importe lequel (8090)")
    analyseur.add_argument("--prise", type=int, help="descripteur d'une prise qui écoute déjà, au lieu du port")
    analyseur.add_argument("--accepter-w", action="store_true", help="accepte la saisie W sans activation")
    options = analyseur.parse_args()
    if env.PRODUCTION:
        print("Le simulateur de PayFiP refuse de démarrer : MARELLE_PRODUCTION=1.", file=sys.stderr)
        return 1
    try:
        prise = None if options.prise is None else socket.socket(fileno=options.prise)
        serveur = Serveur(HOTE, options.port, Comptoir(accepte_w=options.accepter_w), prise)
    except OSError as erreur:
        print(f"Le simulateur de PayFiP n'a pas démarré : port {options.port}, {erreur.strerror}.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _finir)
    print(f"Simulateur PayFiP : {serveur.adresse}", flush=True)
    try:
        serveur.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        serveur.server_close()
    return 0


def _finir(_numero: int, _cadre: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(principal())
