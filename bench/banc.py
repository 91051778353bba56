"""All the measurements of one database: `python -m bench.banc <resultat.json> [--rapide]`, in the environment of `make bench`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

import django


def principal() -> int:
    analyseur = argparse.ArgumentParser()
    analyseur.add_argument("resultat", type=Path)
    analyseur.add_argument("--rapide", action="store_true")
    options = analyseur.parse_args()
    django.setup()
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        fichier = Path(settings.DATABASES["default"]["NAME"])
        for ancien in fichier.parent.glob(f"{fichier.name}*"):
            ancien.unlink()
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    carnet = mesurer(rapide=options.rapide)
    quand = datetime.now().astimezone().isoformat(timespec="seconds")
    options.resultat.write_text(
        json.dumps({"quand": quand, "rapide": options.rapide, "lignes": carnet.en_json()}, ensure_ascii=False, indent=1)
    )
    return 0


def mesurer(*, rapide: bool) -> object:
    """Everything, in an order that spoils nothing: the pages on the plain data set, then what writes, then the crowd."""
    from django.core.management import call_command

    from marelle.demandes.verification import verifier
    from marelle.socle.horloge import a_l_instant

    from . import argent, attente, chargement, courses, ecrans, pages, processus
    from .mesures import Carnet

    call_command("migrate", verbosity=0)
    processus.preparer_les_statiques()
    carnet = Carnet()
    fois = 8 if rapide else 20
    chargement.charger_tout(carnet, 120 if rapide else 1000)
    with a_l_instant(chargement.LA_RENTREE):
        assert verifier() == []
        calendrier = pages.mesurer_les_pages(carnet, fois)
        ecrans.mesurer_les_ecrans(carnet, fois)
        processus.mesurer_les_statiques(carnet, pages.Visiteur())
        pages.mesurer_l_envoi(carnet, fois)
        pages.mesurer_le_lot(carnet, 1 if rapide else 3)
        argent.mesurer_l_argent(carnet, fois)
        attente.mesurer_la_cascade(carnet, 40 if rapide else attente.ENFANTS)
        courses.mesurer_les_courses(carnet, 40 if rapide else 1000)
        chargement.dix_fois_plus(carnet)
        pages.comparer_le_calendrier(carnet, calendrier, fois)
        assert verifier() == []
    processus.mesurer_le_processus(carnet, pages.Visiteur())
    return carnet


if __name__ == "__main__":
    sys.exit(principal())
