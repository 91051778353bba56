"""A household with young children, whose Wednesdays of 2026 are billed; in 2027, when certificates are prepared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Paiement, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Enfant
from tests import distribution as gens
from tests.creances.conftest import REGIES
from tests.guichet import monde


@pytest.fixture(autouse=True)
def _decor(db: None, horloge: Callable[[str], object]) -> None:
    horloge("2027-01-12 09:00")
    gens.collectivite()
    monde.activite()
    charger_regies(REGIES, "essai/regies.toml")


@pytest.fixture
def regie(_decor: None) -> Regie:
    return Regie.objects.get(code=1)


@pytest.fixture
def roussel(_decor: None) -> gens.Foyer:
    return gens.famille_roussel()


@pytest.fixture
def payeur(roussel: gens.Foyer) -> Payeur:
    return payeur_de(roussel.famille)


Facturer = Callable[..., Facture]


@pytest.fixture
def facturer(regie: Regie, payeur: Payeur) -> Facturer:
    """`facturer(jeanne, (date, 1120, 800), …)`: an invoice with one line per day: amount, and the care in it."""

    def faire(
        enfant: Enfant, *jours: tuple[date, int, int], le: date | None = None, pour: Payeur | None = None
    ) -> Facture:
        lignes = [
            LigneAEmettre(
                f"enfant:{enfant.pk}:{jour}", "Journée avec repas", montant, eligible_centimes=garde,
                enfant_id=enfant.pk, activite="chaveignes-mercredis", unite="journee", date=jour,
            )
            for jour, montant, garde in jours
        ]  # fmt: skip
        negatif = sum(une.montant_centimes for une in lignes) < 0
        demandee = FactureAEmettre(
            pour or payeur, jours[0][0], jours[-1][0], lignes, motif="Absence justifiée" if negatif else ""
        )
        return emettre(regie, [demandee], date_emission=le or jours[-1][0])[0]

    return faire


@pytest.fixture
def payer(regie: Regie, payeur: Payeur) -> Callable[..., Paiement]:
    """`payer(1120, date(2026, 12, 20))`: received by the machine."""

    def recevoir(montant: int, jour: date, mode: str = "cheque", pour: Payeur | None = None) -> Paiement:
        return encaisser(regie, pour or payeur, montant, mode, auteur=None, date_paiement=jour)

    return recevoir
