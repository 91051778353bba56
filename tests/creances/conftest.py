"""The money of a household: a régie that takes everything, its régisseuse, and invoices made of one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Facture, Mandat, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from tests.distribution import Foyer, famille_roussel

REGIES = """
[[regies]]
code = 1
nom = "Régie d’essai"
modes = ["especes", "cheque", "carte", "virement"]
plafond_especes = "300,00"
echeance_jours = 30

[[regies]]
code = 2
nom = "Titres"
recouvrement = "titre"
activites = ["cantine-*"]
"""


@pytest.fixture
def regie(db: None) -> Regie:
    charger_regies(REGIES, "essai/regies.toml")
    return Regie.objects.get(code=1)


@pytest.fixture
def roussel(db: None) -> Foyer:
    return famille_roussel()


@pytest.fixture
def payeur(roussel: Foyer) -> Payeur:
    return payeur_de(roussel.famille)


@pytest.fixture
def regisseuse(regie: Regie) -> Agent:
    compte = Compte.objects.create_user("nadia")
    agent = Agent.objects.create(compte=compte, nom="Ferrand", prenom="Nadia", role=Role.REGIE)
    Mandat.objects.create(regie=regie, agent=agent, qualite=Mandat.Qualite.TITULAIRE, debut=date(2020, 1, 1))
    return agent


@pytest.fixture
def facturer(regie: Regie, payeur: Payeur) -> Callable[..., Facture]:
    """`facturer(4860)` issues an invoice of 48,60 €, `facturer(-385)` an avoir."""
    rangs = iter(range(1, 1000))

    def faire(montant: int, jour: date = date(2026, 10, 6), **autres: object) -> Facture:
        ligne = LigneAEmettre(f"essai:{next(rangs)}", "Mercredi 2 septembre, journée", montant)
        demandee = FactureAEmettre(
            payeur, date(2026, 9, 1), date(2026, 9, 30), [ligne], motif="" if montant > 0 else "Absence justifiée", **autres
        )  # fmt: skip
        return emettre(regie, [demandee], date_emission=jour)[0]

    return faire
