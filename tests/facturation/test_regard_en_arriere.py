"""A run of a few households takes nothing from the others: what it leaves out is found by the next one, and the agent knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.comptes.models import Agent
from marelle.creances.models import Regie
from marelle.facturation import campagnes
from marelle.facturation.models import Campagne
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer, famille_fauvel

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
DIT = "Les autres familles seront facturées depuis le 1er septembre"


@pytest.fixture
def fauvel(roussel: Foyer) -> Foyer:
    tarifs()
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    fauvel = famille_fauvel()
    reserve(fauvel.famille, fauvel.malo, ACTIVITE, *MERCREDIS[2:])
    return fauvel


@pytest.mark.parametrize("ensuite", [SEPTEMBRE, OCTOBRE])
@pytest.mark.parametrize("avec_aout", [False, True])
def test_ce_qu_un_lot_limite_laisse_est_trouve_par_le_suivant(
    roussel: Foyer, fauvel: Foyer, regie: Regie, facturer: Facturer, avec_aout: bool, ensuite: tuple[date, date]
) -> None:
    if avec_aout:  # all the households, and nothing to issue
        Campagne.objects.create(
            regie=regie, libelle="08/2026", debut=date(2026, 8, 1), fin=date(2026, 8, 31), activites=[ACTIVITE],
            etat="emise", date_emission=date(2026, 9, 1), date_echeance=date(2026, 9, 30), creee_le=maintenant(),
        )  # fmt: skip
    facturer(SEPTEMBRE, familles=[roussel.famille.pk])
    assert factures(fauvel) == []
    facturer(ensuite)
    assert [une.montant_centimes for une in factures(fauvel)] == [2 * 1100]
    assert [une.montant_centimes for une in factures(roussel)] == [4 * 1100]


def test_un_lot_limite_plus_recent_ne_rapproche_pas_le_depart_des_autres(
    roussel: Foyer, fauvel: Foyer, facturer: Facturer
) -> None:
    facturer(SEPTEMBRE)
    reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 10, 7))
    facturer(OCTOBRE, familles=[roussel.famille.pk])
    reserve(fauvel.famille, fauvel.malo, ACTIVITE, MERCREDIS[1])  # put right since
    facturer(OCTOBRE)
    assert [une.montant_centimes for une in factures(fauvel)] == [2 * 1100, 1100]


def test_l_apercu_dit_qu_il_remonte_pour_tous_avant_d_emettre(
    roussel: Foyer, fauvel: Foyer, facturer: Facturer, regie: Regie, agent: Agent, horloge: Callable[[str], object]
) -> None:
    la = Client()
    horloge("2026-10-05 09:00")

    def apercu(*familles: int) -> str:
        la.force_login(agent.compte)
        une = campagnes.preparer(
            regie, libelle="x", debut=SEPTEMBRE[0], fin=SEPTEMBRE[1], agent=agent, familles=familles
        )  # fmt: skip
        return la.get(f"/guichet/finances/facturation/{une.pk}/").content.decode().replace("\u00a0", " ")

    assert DIT in apercu(roussel.famille.pk)
    assert DIT not in apercu()
    facturer(SEPTEMBRE)
    assert DIT not in apercu(roussel.famille.pk)
