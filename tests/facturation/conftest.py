"""A month to bill: the Roussels of cc-tvv, their Wednesdays of September, a quotient, and a run made in one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Regie
from marelle.creances.payeurs import payeur_de
from marelle.facturation import campagnes
from marelle.facturation.emission import emettre_campagne
from marelle.facturation.models import Campagne
from tests.distribution import Foyer, karim
from tests.monde import portail, roussel_prets

SEPTEMBRE = (date(2026, 9, 1), date(2026, 9, 30))
OCTOBRE = (date(2026, 10, 1), date(2026, 10, 31))
MERCREDIS = [date(2026, 9, jour) for jour in (9, 16, 23, 30)]
ACTIVITE = "chaveignes-mercredis"


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    """On the first of September, before the deadlines of the month."""
    horloge("2026-09-01 10:00")
    portail("cc-tvv")
    return roussel_prets()


@pytest.fixture
def regie(roussel: Foyer) -> Regie:
    return Regie.objects.get(code=1)


@pytest.fixture
def agent(roussel: Foyer) -> Agent:
    return Agent.objects.first() or karim()


@pytest.fixture
def facturer(regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> Callable[..., Campagne]:
    """`facturer(SEPTEMBRE)` prepares a run on the fifth of the month after, and issues it."""

    def faire(periode: tuple[date, date], **autres: object) -> Campagne:
        campagne = preparer_le_cinq(regie, agent, periode, horloge, **autres)
        return emettre(campagne, agent)

    return faire


def preparer_le_cinq(
    regie: Regie, agent: Agent, periode: tuple[date, date], horloge: Callable[[str], object], **autres: object
) -> Campagne:
    debut, fin = periode
    horloge(f"{fin.year + fin.month // 12}-{fin.month % 12 + 1:02}-05 09:00")
    return campagnes.preparer(regie, libelle=f"{debut:%m/%Y}", debut=debut, fin=fin, agent=agent, **autres)  # type: ignore[arg-type]


def emettre(campagne: Campagne, agent: Agent) -> Campagne:
    """Confirm what is shown, and do the work of the job."""
    campagnes.lancer(campagne, campagnes.empreinte(campagne), agent)
    emettre_campagne.call(campagne.pk)
    campagne.refresh_from_db()
    return campagne


def factures(foyer: Foyer) -> list[Facture]:
    return list(Facture.objects.filter(payeur=payeur_de(foyer.famille)).order_by("pk"))


def lignes(facture: Facture) -> list[tuple[str, int]]:
    return [(une.libelle.replace("\u00a0", " "), une.montant_centimes) for une in facture.lignes.order_by("rang")]
