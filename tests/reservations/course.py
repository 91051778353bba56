"""A race: this program forks as many processes as asked, lets them go at once on the test's database, and prints what each did.

`python -m tests.reservations.course <scenario> <processes> <json>`: one Django is set up, then forked before it has opened
any connection, which makes sixteen real processes for the price of one start.
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
    from django.db import connections
    from django.urls import reverse

    scenario = import_module("tests.reservations.coureurs").SCENARIOS[sys.argv[1]]
    reverse("espace_famille:demandes")  # loads the addresses, once for all
    connections.close_all()
    nombre, parametres = int(sys.argv[2]), json.loads(sys.argv[3])
    contexte = multiprocessing.get_context("fork")
    depart = contexte.Barrier(nombre)
    tuyau = contexte.SimpleQueue()
    coureurs = [
        contexte.Process(target=_courir, args=(scenario, rang, parametres, depart, tuyau)) for rang in range(nombre)
    ]
    for coureur in coureurs:
        coureur.start()
    print(json.dumps([tuyau.get() for _ in coureurs]))
    for coureur in coureurs:
        coureur.join()
    return 0


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
