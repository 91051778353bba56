"""The month that a new billing run proposes: the first that is not billed, the next one when they all are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.comptes.models import Agent
from marelle.facturation.models import Campagne
from marelle.facturation.proposition import premier_a_facturer
from tests.distribution import Foyer

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE
from .monde import reserve, tarifs

SEPT, OCT, NOV = (date(2026, mois, 1) for mois in (9, 10, 11))
JOURS = {("m", SEPT): date(2026, 9, 30), ("m", OCT): date(2026, 10, 28), ("v", OCT): date(2026, 10, 30)}
M, MV = frozenset("m"), frozenset("mv")


@pytest.mark.parametrize(
    ("faites", "propose"),
    [
        ([(*SEPTEMBRE, M)], OCT),
        ([(*SEPTEMBRE, M), (*OCTOBRE, M)], None),  # nobody ever billed v
        ([(*SEPTEMBRE, MV), (*OCTOBRE, M)], OCT),
        ([(*SEPTEMBRE, M), (date(2026, 10, 1), date(2026, 10, 15), M)], OCT),
        ([(*SEPTEMBRE, M), (date(2026, 10, 15), date(2026, 10, 31), M)], None),  # it has looked back
        ([(*OCTOBRE, MV)], None),  # what came before Marelle is not billed
        ([(*SEPTEMBRE, M), (date(2026, 9, 20), date(2026, 10, 30), MV)], None),
    ],
)
def test_le_premier_mois_qui_ne_l_est_pas(
    faites: list[tuple[date, date, frozenset[str]]], propose: date | None
) -> None:
    assert premier_a_facturer(JOURS | {("m", NOV): date(2026, 11, 25)}, faites, OCT) == propose


@pytest.mark.django_db
def test_la_page_propose_ce_qui_reste_a_facturer(
    roussel: Foyer, agent: Agent, facturer: Callable[..., Campagne], horloge: Callable[[str], object]
) -> None:
    tarifs()
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    la = Client()

    def page() -> tuple[str, str, str]:
        la.force_login(agent.compte)
        reponse = la.get("/guichet/finances/facturation/nouvelle/1/")
        fiche, dit = reponse.context["fiche"], reponse.content.decode().replace("\u00a0", " ")
        return fiche["debut"].value().isoformat(), fiche["fin"].value().isoformat(), dit

    horloge("2026-10-05 09:00")
    assert page()[:2] == ("2026-09-01", "2026-09-30")
    facturer(SEPTEMBRE)
    debut, fin, dit = page()
    assert (debut, fin) == ("2026-10-01", "2026-10-31")
    assert "Tout est facturé jusqu’à la fin de septembre 2026<" in dit
    assert "Le mois en cours n’est pas fini : il se facture à partir du 1er novembre" in dit
    horloge("2026-12-05 09:00")
    debut, fin, dit = page()
    assert (debut, fin) == ("2026-10-01", "2026-10-31")
    assert "Tout est facturé" not in dit
