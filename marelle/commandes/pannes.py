"""Turns any failure of a command into one French sentence; what a developer needs goes to the log file."""

import logging
import secrets
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from marelle.regles.lecture import ErreurReglement
from marelle.socle.erreurs import ErreurMarelle

JOURNAL = "marelle.log"


def phrase(erreur: Exception) -> str:
    """The line to show. Errors meant for people say themselves; the others get a reference, found again in the log."""
    if isinstance(erreur, ErreurMarelle | ErreurReglement):
        return str(erreur)
    if isinstance(erreur, OSError) and erreur.filename:
        return f"{erreur.filename} : {_motif(erreur)}."
    return _phrase_reglage(erreur) or _phrase_base(erreur) or _panne(erreur)


def _motif(erreur: OSError) -> str:
    motifs: dict[type[OSError], str] = {
        FileNotFoundError: "ce fichier n’existe pas",
        NotADirectoryError: "ce n’est pas un dossier",
        IsADirectoryError: "c’est un dossier, pas un fichier",
        PermissionError: "accès refusé",
    }
    return next(
        (motif for genre, motif in motifs.items() if isinstance(erreur, genre)), "lecture ou écriture impossible"
    )


def _phrase_reglage(erreur: Exception) -> str:
    """A setting that is missing or makes no sense."""
    if "environs" in sys.modules:
        from environs import EnvError

        if isinstance(erreur, EnvError):
            return f"réglage de l’environnement incompréhensible : {' '.join(str(erreur).split())}"
    if "django" in sys.modules:
        from django.core.exceptions import ImproperlyConfigured

        if isinstance(erreur, ImproperlyConfigured):
            return " ".join(str(erreur).split())
    return ""


def _phrase_base(erreur: Exception) -> str:
    """A database that is absent, behind, or says no."""
    if "django" not in sys.modules:
        return ""
    from django.db import DatabaseError, OperationalError

    if not isinstance(erreur, DatabaseError):
        return ""
    if _table_absente(erreur):
        return "la base de données n’est pas à jour : lancez d’abord « marelle migrer »."
    quoi = "ne répond pas" if isinstance(erreur, OperationalError) else "a refusé l’opération"
    return f"la base de données {quoi} (référence {_consigner(erreur)}, fichier {_fichier()})."


def _table_absente(erreur: Exception) -> bool:
    texte = str(erreur)
    return (
        "no such table" in texte
        or "no such column" in texte
        or getattr(erreur.__cause__, "sqlstate", "") in {"42P01", "42703"}
    )


def _panne(erreur: Exception) -> str:
    reference = _consigner(erreur)
    return f"une panne inattendue s’est produite ; référence {reference}, à donner avec le fichier {_fichier()}."


def _consigner(erreur: Exception) -> str:
    """Write the traceback to the log under a short reference; a log that cannot be written must not hide the sentence."""
    reference = secrets.token_hex(4)
    try:
        fichier = _fichier()
        fichier.parent.mkdir(parents=True, exist_ok=True)
        ecrit = logging.FileHandler(fichier, encoding="utf-8")
    except OSError:
        return reference
    instant = datetime.now(ZoneInfo("Europe/Paris")).isoformat(timespec="seconds")
    enregistrement = logging.LogRecord(
        "marelle", logging.ERROR, "", 0, f"{instant} {reference}", None, (type(erreur), erreur, erreur.__traceback__)
    )
    ecrit.handle(enregistrement)
    ecrit.close()
    return reference


def _fichier() -> Path:
    from marelle.reglages import env

    return env.VAR / "journaux" / JOURNAL
