"""In which order writers enter: a first-come queue in front of the write transaction, where the database has none.

SQLite lets one writer in and makes the others poll, so that an unlucky one can starve for seconds. Two queues stand in front:
a ticket per process (threads enter in the order they came), then the kernel's lock on a file (processes are woken in order).
PostgreSQL queues its row locks itself: nothing is added there.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


class _Guichet:
    """Threads of this process, served strictly in the order of their arrival."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._file: deque[threading.Lock] = deque()

    def entrer(self) -> None:
        ticket = threading.Lock()
        ticket.acquire()
        with self._verrou:
            self._file.append(ticket)
            if self._file[0] is ticket:
                return
        ticket.acquire()

    def sortir(self) -> None:
        with self._verrou:
            self._file.popleft()
            if self._file:
                self._file[0].release()


_guichet = _Guichet()


def _fichier_de_verrou() -> str | None:
    nom = str(connection.settings_dict["NAME"])
    if "memory" in nom:
        return None
    return f"{nom}.file"


@contextmanager
def _a_son_tour() -> Iterator[None]:
    _guichet.entrer()
    try:
        chemin = _fichier_de_verrou()
        if chemin is None:
            yield
            return
        descripteur = os.open(chemin, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descripteur, fcntl.LOCK_EX)  # released with the descriptor, even if the process is killed
            yield
        finally:
            os.close(descripteur)
    finally:
        _guichet.sortir()


@contextmanager
def transaction_de_places() -> Iterator[None]:
    """The one transaction of an action; writers of places enter it in the order they came.

    Inside another transaction (tests, a job that groups actions) it is a savepoint: the outer one has its turn already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _a_son_tour(), transaction.atomic():
        yield
