"""Races: this program forks as many processes as asked, lets them go at once on the test's database, and says what each did.

It reads a race a line, « [scenario, processes, parameters] », and answers a line: one Django is set up for all of them, and
forked before it has opened any connection, which makes sixteen real processes for less than the price of one start.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
import traceback
from importlib import import_module
from typing import Any

import django


def principal() -> int:
    django.setup()
    from django.urls import reverse

    scenarios = import_module("tests.reservations.coureurs").SCENARIOS
    reverse("espace_famille:demandes")  # loads the addresses, once for all
    for ligne in sys.stdin:
        nom, nombre, parametres = json.loads(ligne)
        print(json.dumps(_lancer(scenarios[nom], nombre, parametres)), flush=True)
    return 0


def _lancer(scenario: Any, nombre: int, parametres: dict[str, Any]) -> list[dict[str, Any]]:
    contexte = multiprocessing.get_context("fork")
    depart = contexte.Barrier(nombre)
    tuyau = contexte.SimpleQueue()
    coureurs = [
        contexte.Process(target=_courir, args=(scenario, rang, parametres, depart, tuyau)) for rang in range(nombre)
    ]
    for coureur in coureurs:
        coureur.start()
    faits = [tuyau.get() for _ in coureurs]
    for coureur in coureurs:
        coureur.join()
    return faits


def _courir(scenario: Any, rang: int, parametres: dict[str, Any], depart: Any, tuyau: Any) -> None:
    from django.db import connection

    try:
        connection.ensure_connection()
        depart.wait()
        debut = time.monotonic()
        resultat = scenario(rang, parametres)
        tuyau.put({"rang": rang, "duree": time.monotonic() - debut, **resultat})
    except BaseException:
        tuyau.put({"rang": rang, "panne": traceback.format_exc()})


if __name__ == "__main__":
    sys.exit(principal())
