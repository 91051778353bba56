"""A worker stops whatever it is doing when the signal comes."""

from __future__ import annotations

import faulthandler
import signal
import time
from random import Random

from marelle.taches.arret import Arret


def test_le_signal_arrete_a_n_importe_quel_instant() -> None:
    """Signals that come as the wait begins or ends. With `threading.Event` one of them never ends, most of the time: the process
    is then stopped, and says where it was."""
    hasard = Random(1)
    faulthandler.dump_traceback_later(30, exit=True)
    precedent = signal.getsignal(signal.SIGALRM)
    try:
        for tour in range(3000):
            arret = Arret()
            with arret.sur_signal():
                signal.signal(signal.SIGALRM, arret.demander)
                debut = time.monotonic()
                signal.setitimer(signal.ITIMER_REAL, hasard.uniform(1e-6, 2e-4))
                while not arret.est_demande:
                    arret.attendre(0.00002 if tour % 4 else 20)
                assert time.monotonic() - debut < 10
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, precedent)


def test_les_signaux_redeviennent_ce_qu_ils_etaient() -> None:
    avant = [signal.getsignal(numero) for numero in (signal.SIGTERM, signal.SIGINT)]
    with Arret().sur_signal():
        assert signal.getsignal(signal.SIGTERM) != avant[0]
    assert [signal.getsignal(numero) for numero in (signal.SIGTERM, signal.SIGINT)] == avant


def test_sans_signal_on_attend_le_temps_dit() -> None:
    arret, debut = Arret(), time.monotonic()
    with arret.sur_signal():
        arret.attendre(0.05)
    assert 0.05 <= time.monotonic() - debut < 5
    assert not arret.est_demande
