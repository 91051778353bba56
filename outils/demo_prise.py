"""The port of a simulator: taken before its address is told to anybody, then handed over with its socket."""

import socket

_prises: dict[str, socket.socket] = {}


def reserver(hote: str, usuel: int) -> str:
    """The address where it will answer: its usual port, or any other one when somebody has it. Who asks it meanwhile waits."""
    try:
        prise = socket.create_server((hote, usuel))
    except OSError:
        prise = socket.create_server((hote, 0))
    adresse = f"http://{hote}:{prise.getsockname()[1]}"
    _prises[adresse] = prise
    return adresse


def ceder(adresse: str) -> socket.socket:
    """The socket of that address, for the process that will answer; whoever starts it closes its own copy."""
    return _prises.pop(adresse)
