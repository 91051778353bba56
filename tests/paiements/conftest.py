"""PayFiP for the tests: the real simulator, a process of its own, and a régie that is paid through it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Acces
from marelle.paiements.models import Tentative
from marelle.paiements.preparation import Retours, preparer
from tests.distribution import Foyer, collectivite, famille_roussel
from tests.salle.processus import RACINE

MAINTENANT = "2026-11-18 10:00"
REGIES = """
[[regies]]
code = 1
nom = "Régie d’essai"
paiement_en_ligne = "payfip_regie_ws"
numcli = "102030"
modes = ["cheque", "en_ligne", "prelevement_en_ligne"]
paiement_partiel = true

[[regies]]
code = 2
nom = "Titres"
recouvrement = "titre"
paiement_en_ligne = "lien_payfip_titre"
activites = ["cantine-*"]

[[regies]]
code = 3
nom = "Régie sans partie"
paiement_en_ligne = "payfip_regie_ws"
numcli = "999999"
activites = ["bus-*"]
"""
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Simulateur:
    """The simulator as a test drives it, behind the page."""

    def __init__(self, adresse: str) -> None:
        self.adresse = adresse

    def __call__(self, **ordres: Any) -> dict[str, Any]:
        requete = urllib.request.Request(
            f"{self.adresse}/_simulateur", json.dumps(ordres).encode(), {"Content-Type": "application/json"}
        )
        with _direct.open(requete, timeout=10) as reponse:
            return json.loads(reponse.read())

    def issue(self, tentative: Tentative, issue: str, notification: str = "perdue") -> None:
        self(idop=tentative.idop, issue=issue, notification=notification)


@pytest.fixture(scope="session")
def processus_payfip() -> Iterator[str]:
    """One simulator for the whole run, on a free port; its address."""
    processus = subprocess.Popen(
        [sys.executable, "outils/simulateur_payfip", "--port", "0"],
        cwd=RACINE, env={"PATH": os.defpath}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert processus.stdout is not None
    ligne = processus.stdout.readline()
    # Nobody reads what it prints next: a full pipe would stop it.
    vidange = subprocess.Popen(["cat"], stdin=processus.stdout, stdout=subprocess.DEVNULL)
    try:
        yield ligne.partition(" : ")[2].strip()
    finally:
        processus.terminate()
        processus.wait(10)
        vidange.wait(10)
        processus.stdout.close()


@pytest.fixture
def payfip(processus_payfip: str, settings: Any) -> Simulateur:
    """Empty, on time, without fault, and known to the portal."""
    settings.PAYFIP_ADRESSE = processus_payfip
    simulateur = Simulateur(processus_payfip)
    simulateur(effacer=True, instant=datetime.now().astimezone().isoformat(), panne="", methode="POST", accepte_w=False)
    return simulateur


@pytest.fixture
def regie(db: None) -> Regie:
    collectivite()
    charger_regies(REGIES, "essai/regies.toml")
    return Regie.objects.get(code=1)


@pytest.fixture
def roussel(db: None) -> Foyer:
    return famille_roussel()


@pytest.fixture
def acces(roussel: Foyer) -> Acces:
    return Acces.objects.get(famille=roussel.famille)


@pytest.fixture
def payeur(roussel: Foyer) -> Payeur:
    return payeur_de(roussel.famille)


@pytest.fixture
def facturer(regie: Regie, payeur: Payeur) -> Callable[..., Facture]:
    """`facturer(4860)` issues an invoice of 48,60 €; `de=` another payer, `regie=` another régie."""
    rangs = iter(range(1, 1000))
    premiere = regie

    def faire(
        montant: int, de: Payeur | None = None, regie: Regie | None = None, jour: date = date(2026, 10, 6)
    ) -> Facture:
        ligne = LigneAEmettre(f"essai:{next(rangs)}", "Mercredi 2 septembre, journée", montant)
        demandee = FactureAEmettre(
            de or payeur, date(2026, 9, 1), date(2026, 9, 30), [ligne], motif="" if montant > 0 else "Absence justifiée"
        )
        return emettre(regie or premiere, [demandee], date_emission=jour)[0]

    return faire


RETOURS = Retours("http://127.0.0.1:9/notification", "http://127.0.0.1:9/retour")


@pytest.fixture
def commencer(payfip: Simulateur, acces: Acces) -> Callable[..., Tentative]:
    """`commencer(facture)`: an attempt that PayFiP knows."""

    def faire(*factures: Facture, **autres: Any) -> Tentative:
        return preparer(
            acces, [une.numero for une in factures], retours=RETOURS, mel="camille@familles.exemple", **autres
        )

    return faire
