"""The worker: every second, runs what is due in the planning and in the queue, until it is asked to stop."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone
from django.utils.crypto import get_random_string

from . import echeances, file
from .arret import Arret
from .models import Battement

journal = structlog.get_logger(__name__)

INTERVALLE = 1.0  # seconds between two looks
BATTEMENT = timedelta(seconds=10)
PAUSE_SANS_BASE = 5.0  # seconds before trying again when the database does not answer


def travailler(une_fois: bool = False) -> None:
    """Work until SIGTERM or SIGINT; the task in hand is finished first. With `une_fois`, until nothing is due.

    Several workers may run at once, on one machine or many: slots, tasks and e-mails are each taken by one only.
    """
    moteur = Moteur()
    if une_fois:
        moteur.tour()
        return
    with moteur.arret.sur_signal():
        moteur.tourner()


class Moteur:
    """One worker: its name, its stop switch, and what it does in a turn."""

    def __init__(self) -> None:
        self.nom = f"{os.getpid()}-{get_random_string(8)}"
        self.arret = Arret()
        self.demarre_le = timezone.now()
        self.dernier_battement: datetime | None = None

    def tourner(self) -> None:
        """Turn after turn until `arret` is pressed. A database that does not answer is waited for, not died of."""
        journal.info("travailleur_demarre", travailleur=self.nom)
        while not self.arret.est_demande:
            pause = INTERVALLE
            try:
                self.tour()
            except (OperationalError, InterfaceError) as erreur:
                journal.error("base_de_donnees_injoignable", erreur=type(erreur).__name__)
                connections.close_all()
                self.dernier_battement, pause = None, PAUSE_SANS_BASE
            close_old_connections()
            self.arret.attendre(pause)
        self._disparaitre()
        journal.info("travailleur_arrete", travailleur=self.nom)

    def tour(self) -> None:
        """Everything that is due now: the planning, then the tasks one by one, with the planning again between two."""
        self._battre()
        echeances.executer_dues()
        while not self.arret.est_demande and (tache := file.prochaine()) is not None:
            with self._occupe(tache.task_path):
                file.executer_une(self.nom)
            echeances.executer_dues()

    def _battre(self, occupe_a: str = "", *, force: bool = False) -> None:
        """Say that we live, at most every ten seconds; on the way, put back what failed or was abandoned by a dead worker."""
        maintenant = timezone.now()
        if not force and self.dernier_battement and maintenant - self.dernier_battement < BATTEMENT:
            return
        Battement.objects.update_or_create(
            travailleur=self.nom,
            defaults={"demarre_le": self.demarre_le, "dernier_le": maintenant, "occupe_a": occupe_a[:200]},
        )
        self.dernier_battement = maintenant
        if not occupe_a:
            file.reprendre_echecs()
            file.reprendre_orphelines()

    @contextmanager
    def _occupe(self, a_quoi: str) -> Iterator[None]:
        """Say what holds us before a task that may be long: silent is not the same as dead."""
        self._battre(a_quoi, force=True)
        try:
            yield
        finally:
            self._battre(force=True)

    def _disparaitre(self) -> None:
        try:
            Battement.objects.filter(travailleur=self.nom).delete()
        except (OperationalError, InterfaceError):
            return  # the silence will say it
