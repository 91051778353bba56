"""What goes to the accountant: a régie of titres with everything a PES file needs, its agent, and invoices of one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Responsable
from tests.distribution import Foyer, collectivite, famille_fauvel, famille_roussel

REGIES = """
[[regies]]
code = 1
nom = "Titres du service"
recouvrement = "titre"
activites = ["accueil-*"]

[regies.pes]
siret = "20007229000014"
code_poste = "037010"
code_collectivite = "200"
code_budget = "00"
sigle = "ESSAI"
adresse = "1 place de la Mairie"
code_produit = "7067"
nature = "588"
fonction = "281"

[regies.sepa]
ics = "FR12ZZZ123456"

[[regies]]
code = 2
nom = "Régie d’essai"
modes = ["especes", "cheque"]

[[regies]]
code = 3
nom = "Titres sans prélèvement"
recouvrement = "titre"
activites = ["autre-*"]
"""
JOUR = "2026-11-20 09:00"


@pytest.fixture
def decor(db: None, horloge: Callable[[str], object], tmp_path: Path, settings: Any) -> None:
    horloge(JOUR)
    collectivite()
    charger_regies(REGIES, "essai/regies.toml")
    settings.MEDIA_ROOT = tmp_path / "pieces"
    settings.SCHEMAS_PES = tmp_path / "sans-schemas"


@pytest.fixture
def regie(decor: None) -> Regie:
    return Regie.objects.get(code=1)


@pytest.fixture
def agent(decor: None) -> Agent:
    compte = Compte.objects.create_user("nadia")
    return Agent.objects.create(compte=compte, nom="Ferrand", prenom="Nadia", role=Role.REGIE)


def _avec_civilite(foyer: Foyer, civilite: str = "mme") -> Foyer:
    for adulte in Responsable.objects.filter(famille=foyer.famille):
        adulte.civilite = civilite
        adulte.save()
    return foyer


@pytest.fixture
def roussel(decor: None) -> Foyer:
    return _avec_civilite(famille_roussel())


@pytest.fixture
def fauvel(decor: None) -> Foyer:
    return _avec_civilite(famille_fauvel())


@pytest.fixture
def facturer(regie: Regie, roussel: Foyer) -> Callable[..., Facture]:
    """`facturer(4860)` issues an invoice of 48,60 € to the Roussels; `facturer(-385, corrige=…)` an avoir."""
    rangs = iter(range(1, 1000))

    def faire(
        montant: int,
        payeur: Payeur | None = None,
        jour: date = date(2026, 11, 6),
        cle: str = "",
        chez: Regie | None = None,
        **autres: Any,
    ) -> Facture:
        ligne = LigneAEmettre(cle or f"essai:{next(rangs)}", "Mercredi 7 octobre, journée", montant)
        demandee = FactureAEmettre(
            payeur or payeur_de(roussel.famille), date(2026, 10, 1), date(2026, 10, 31), [ligne],
            motif="" if montant > 0 else "Absence justifiée", **autres,
        )  # fmt: skip
        return emettre(chez or regie, [demandee], date_emission=jour)[0]

    return faire


@pytest.fixture
def guichet(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.compte)
    return client
