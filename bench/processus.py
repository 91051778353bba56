"""The web process itself: how soon it answers, how much memory it holds; and what the browser downloads, compressed."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from marelle.comptes.models import Compte

from .mesures import Carnet
from .pages import Visiteur

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def mesurer_les_statiques(carnet: Carnet, visiteur: Visiteur) -> None:
    """Every file that the booking page names, in its smallest encoding, and those that its sheets name (fonts, images)."""
    html = visiteur.client.get(visiteur.calendrier).content.decode()
    noms = set(re.findall(rf'{settings.STATIC_URL}([^"\'#?)\s]+)', html))
    total, sans_empreinte = 0, []
    for nom in sorted(noms):
        chemin = Path(settings.STATIC_ROOT) / nom
        total += min(une.stat().st_size for une in (chemin, Path(f"{chemin}.br"), Path(f"{chemin}.gz")) if une.exists())
        if not re.search(r"\.[0-9a-f]{12}\.", nom):
            sans_empreinte.append(nom)
    carnet.noter(
        f"Fichiers statiques de la page ({len(noms)}), compressés",
        "≤ 60 ko, tous à empreinte",
        f"{total / 1000:.1f} ko" + (f", sans empreinte : {', '.join(sans_empreinte)}" if sans_empreinte else ""),
        total <= 60_000 and not sans_empreinte,
        octets=total,
    )


def mesurer_le_processus(carnet: Carnet, visiteur: Visiteur) -> None:
    """Starts `marelle servir` as the demonstration does: time to the first page, memory after thirty calendars."""
    port = _port_libre()
    debut = time.perf_counter()
    serveur = subprocess.Popen(
        [sys.executable, "-m", "marelle", "servir", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy(),
    )  # fmt: skip
    try:
        premiere = _attendre(f"http://127.0.0.1:{port}/connexion/", serveur, debut)
        carnet.noter(
            "Démarrage à froid jusqu’à la première page", "≤ 2 s", f"{premiere:.2f} s", premiere <= 2, s=premiere
        )
        cookie = _session(visiteur)
        for _ in range(30):
            demande = urllib.request.Request(
                f"http://127.0.0.1:{port}{visiteur.calendrier}", headers={"Cookie": cookie}
            )
            with DIRECT.open(demande, timeout=30) as reponse:
                assert reponse.status == 200
                assert b"calendrier" in reponse.read()
        memoire = max(_rss(pid) for pid in _famille(serveur.pid)) / 1e6
        carnet.noter("Mémoire d’un processus web après 30 calendriers", "≤ 110 Mo", f"{memoire:.0f} Mo", memoire <= 110)
    finally:
        serveur.terminate()
        serveur.wait(15)


def preparer_les_statiques() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def _port_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as prise:
        return int(prise.getsockname()[1])


def _attendre(adresse: str, serveur: subprocess.Popen[bytes], debut: float) -> float:
    while time.perf_counter() - debut < 60:
        assert serveur.poll() is None, "the server stopped"
        try:
            with DIRECT.open(adresse, timeout=5) as reponse:
                reponse.read()
                return time.perf_counter() - debut
        except urllib.error.HTTPError:
            return time.perf_counter() - debut
        except OSError:
            time.sleep(0.01)
    raise AssertionError("no answer in a minute")


def _session(visiteur: Visiteur) -> str:
    compte = Compte.objects.get(acces__famille=visiteur.famille)
    session = SessionStore()
    session[SESSION_KEY] = str(compte.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _famille(pid: int) -> list[int]:
    """A process and its children."""
    enfants = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(petit for enfant in enfants for petit in _famille(int(enfant)))]


def _rss(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
