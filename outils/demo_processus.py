"""The processes of the demonstration: starts them, watches them, and leaves none behind."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Protocol

from etapes import LIGNES_ENTIERES, Echec

RACINE = Path(__file__).resolve().parent.parent
SIGNAUX = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 10.0
DELAI_S = 40.0


class Portail(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def nom(self) -> str: ...
    @property
    def environnement(self) -> dict[str, str]: ...


class Arret(BaseException):
    """Somebody asked to stop: Ctrl-C, a kill, or a terminal that closes."""


class Enfants:
    """Every process started here; leaving the `with` block stops them all, however it is left."""

    def __init__(self, journaux: Path) -> None:
        self.journaux = journaux
        self.processus: list[tuple[str, Path | None, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Enfants":
        self.journaux.mkdir(parents=True, exist_ok=True)
        for numero in SIGNAUX:
            signal.signal(numero, _demander_l_arret)
        return self

    def __exit__(self, genre: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for numero in SIGNAUX:
            signal.signal(numero, signal.SIG_IGN)
        self.arreter()

    def preparer(self, commandes: Sequence[tuple[Portail, list[str]]]) -> None:
        """Run them to their end, as many at once as there are processors, showing what they print."""
        en_cours: list[subprocess.Popen[bytes]] = []
        attente = list(commandes)
        while attente or en_cours:
            while attente and len(en_cours) < (os.cpu_count() or 1):
                portail, commande = attente.pop(0)
                en_cours.append(self._demarrer(f"{portail.nom} : préparation", portail, commande, None))
            for processus in [un for un in en_cours if un.poll() is not None]:
                if processus.returncode:
                    raise Echec("La démonstration n'a pas démarré.")
                en_cours.remove(processus)
                self.processus = [un for un in self.processus if un[2] is not processus]
            time.sleep(0.05)

    def lancer(self, portail: Portail, role: str, arguments: list[str]) -> None:
        """Start a command of `marelle` that lasts, its output in a log file."""
        fichier = self.journaux / f"{portail.code}-{arguments[0]}.log"
        self._demarrer(f"{portail.nom} : {role}", portail, [sys.executable, "-m", "marelle", *arguments], fichier)

    def lancer_outil(self, portail: Portail, nom: str, commande: list[str], journal: str, prise: socket.socket) -> None:
        """Start something else that lasts, once for all portals; it answers on `prise`, which is its own from then on."""
        with prise:
            numero = prise.fileno()
            entiere = [*commande, "--prise", str(numero)]
            self._demarrer(nom, portail, entiere, self.journaux / f"{journal}.log", (numero,))

    def _demarrer(
        self, nom: str, portail: Portail, commande: list[str], fichier: Path | None, prises: Sequence[int] = ()
    ) -> subprocess.Popen[bytes]:
        """Each child leads a group of its own: Ctrl-C reaches us only, and we stop them in order."""
        sortie: IO[bytes] | None = fichier.open("wb") if fichier else None
        with contextlib.ExitStack() as pile:
            if sortie:
                pile.enter_context(sortie)
            processus = subprocess.Popen(
                commande,
                cwd=RACINE,
                env={**os.environ, **portail.environnement, LIGNES_ENTIERES: "1"},
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT if sortie else None,
                start_new_session=True,
                pass_fds=prises,
            )
        self.processus.append((nom, fichier, processus))
        return processus

    def verifier(self) -> None:
        """Raise when one of them has stopped by itself, with its last words."""
        for nom, fichier, processus in self.processus:
            if processus.poll() is not None:
                lignes = fichier.read_text(errors="replace").strip().splitlines() if fichier else []
                suite = f" Derniers mots : {lignes[-1]}" if lignes else ""
                raise Echec(
                    f"« {nom} » s'est arrêté tout seul ; le reste est arrêté aussi.{suite} (journal : {fichier})"
                )

    def veiller(self) -> None:
        """Wait for a signal, or for one of them to die."""
        while True:
            self.verifier()
            time.sleep(0.3)

    def arreter(self) -> None:
        """Ask politely, then insist; what they started themselves goes too."""
        for _, _, processus in self.processus:
            processus.terminate()
        fin = time.monotonic() + PATIENCE_S
        for _, _, processus in self.processus:
            with contextlib.suppress(subprocess.TimeoutExpired):
                processus.wait(max(0.1, fin - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(processus.pid, signal.SIGKILL)
            processus.wait()
        self.processus.clear()


def attendre_la_reponse(adresse: str, enfants: Enfants) -> None:
    """Return once the address answers 200, raise when a process dies or time is up."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    fin, etat = time.monotonic() + DELAI_S, ""
    while time.monotonic() < fin:
        enfants.verifier()
        try:
            with direct.open(adresse, timeout=2):
                return
        except urllib.error.HTTPError as erreur:
            etat = _etat(erreur)
        except OSError:
            pass
        time.sleep(0.05)
    raise Echec(f"{adresse} n'est pas prête après {DELAI_S:.0f} s. {etat} (journaux : {enfants.journaux})")


def _etat(erreur: urllib.error.HTTPError) -> str:
    with contextlib.suppress(ValueError), erreur:
        return json.dumps(json.loads(erreur.read()), ensure_ascii=False)
    return f"Réponse {erreur.code}."


def _demander_l_arret(_numero: int, _cadre: FrameType | None) -> None:
    raise Arret
