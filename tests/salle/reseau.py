"""Refuses every outgoing connection: only this machine and Unix sockets are reachable from a test."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class SortieRefusee(AssertionError):
    """A test tried to reach another machine."""


def fermer() -> None:
    """From now on, in this process, connecting or resolving a name elsewhere raises."""

    def connect(self: socket.socket, adresse: Any) -> None:
        _verifier(self.family, adresse)
        _connect(self, adresse)

    def connect_ex(self: socket.socket, adresse: Any) -> int:
        _verifier(self.family, adresse)
        return _connect_ex(self, adresse)

    def getaddrinfo(hote: Any, *args: Any, **kwargs: Any) -> Any:
        if hote and not est_locale(hote):
            raise SortieRefusee(f"Résolution refusée pendant les essais : {hote!r}")
        return _getaddrinfo(hote, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo


def est_locale(hote: str | bytes) -> bool:
    """Whether a host name or address is this machine."""
    nom = hote.decode() if isinstance(hote, bytes) else hote
    if nom in {"localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(nom).is_loopback
    except ValueError:
        return False


def _verifier(famille: int, adresse: Any) -> None:
    if famille in {socket.AF_INET, socket.AF_INET6} and not est_locale(adresse[0]):
        raise SortieRefusee(f"Connexion refusée pendant les essais : {adresse!r}")
