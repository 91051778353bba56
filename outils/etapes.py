"""Says in French, one line per step, what a long command is doing and how long each step took.

Read by `environnement.py` on whatever `python3` the machine has: no syntax newer than Python 3.6 here.
"""

import contextlib
import os
import sys
import time

# Set for processes that share a terminal: each then prints whole lines only.
LIGNES_ENTIERES = "ETAPES_ENTIERES"


class Echec(Exception):
    """A step cannot be done; `str(erreur)` is the French sentence that says what to do."""


@contextlib.contextmanager
def etape(texte):
    """Print `texte`, then the time taken once the body has ended; nothing more when the body raises."""
    debut = time.monotonic()
    interactif = sys.stdout.isatty() and LIGNES_ENTIERES not in os.environ
    if interactif:
        print(f"  · {texte}…", end="", flush=True)
    try:
        yield
    except BaseException:
        print(("\r" if interactif else "") + f"  ✗ {texte} ", flush=True)
        raise
    duree = f"{time.monotonic() - debut:.1f}".replace(".", ",")
    print(("\r" if interactif else "") + f"  ✓ {texte} ({duree} s)", flush=True)


def lancer(principal):
    """Run `principal()` and leave with its status; an `Echec` is one French line on stderr and status 1."""
    for flux in (sys.stdout, sys.stderr):
        if hasattr(flux, "reconfigure"):
            flux.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(principal())
    except Echec as erreur:
        print(str(erreur), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        sys.exit(130)
