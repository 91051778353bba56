"""`marelle migrer`: brings the database and the static files to this version."""

import argparse
import hashlib
from pathlib import Path

from . import django

NOM = "migrer"
AIDE = "Met la base de données et les fichiers statiques au niveau de cette version."

# Variants of htmx that no page loads (a test holds us to it), and that take longer to compress than all the rest.
INUTILES = ("htmax-*", "htmx-2.js", "htmx-4*")


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """No option."""


def executer(options: argparse.Namespace) -> None:
    django.preparer()
    migrer_base()
    rassembler_statiques()


def migrer_base() -> None:
    """Apply the migrations that are missing; an empty database is made as they would leave it."""
    from django.core.management import call_command

    from .base_neuve import creer_les_tables

    creer_les_tables()
    call_command("migrate", interactive=False, verbosity=0)


def rassembler_statiques() -> None:
    """Gather and compress the static files, only when one of them has changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    if not settings.A_DES_STATIQUES_COLLECTES:
        return
    racine = Path(settings.STATIC_ROOT)
    temoin, empreinte = racine / ".empreinte", _empreinte_statiques()
    if temoin.exists() and temoin.read_text() == empreinte:
        return
    racine.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=list(INUTILES))
    temoin.write_text(empreinte)


def _empreinte_statiques() -> str:
    from django.contrib.staticfiles.finders import get_finders

    somme = hashlib.sha256()
    for chercheur in get_finders():
        for chemin, depot in chercheur.list([]):
            etat = Path(depot.path(chemin)).stat()
            somme.update(f"{chemin} {etat.st_size} {etat.st_mtime_ns}\n".encode())
    return somme.hexdigest()
