"""The switch that stops a worker, pressed by SIGTERM or SIGINT."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Arret:
    """Pressed once, for good. A signal presses it whatever the main thread is doing, which `threading.Event` cannot promise: its
    `set` waits for a lock that the very thread that the signal interrupts holds while it begins or ends to wait."""

    def __init__(self) -> None:
        self.est_demande = False
        self._reveil: int | None = None

    def demander(self, _signal: int = 0, _cadre: FrameType | None = None) -> None:
        """A second one does no more: a task is never cut in two."""
        self.est_demande = True

    def attendre(self, secondes: float) -> None:
        """So long, or until a signal comes."""
        if self.est_demande:
            return
        for tuyau in select.select([] if self._reveil is None else [self._reveil], [], [], secondes)[0]:
            os.read(tuyau, 64)  # another signal of this process is not a reason to wait no more

    @contextmanager
    def sur_signal(self) -> Iterator[None]:
        """SIGTERM and SIGINT press it, in the main thread, where alone Python hears them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # What the system itself writes there ends a wait that was about to begin when the signal came.
        self._reveil, bout = os.pipe()
        os.set_blocking(bout, False)
        ancien = signal.set_wakeup_fd(bout, warn_on_full_buffer=False)
        precedents = {numero: signal.signal(numero, self.demander) for numero in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for numero, precedent in precedents.items():
                signal.signal(numero, precedent)
            signal.set_wakeup_fd(ancien)
            os.close(self._reveil)
            os.close(bout)
            self._reveil = None
