"""An outing on the invoice: who owes it, an absence from it, the part that is care, and what comes back when it is taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.activites.models import Unite
from marelle.comptes.models import Agent
from marelle.demandes.evenements import Choix, mettre, retirer
from marelle.facturation.models import Campagne
from marelle.reservations.models import Pointage
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer
from tests.monde import unite
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures, lignes
from .monde import absent, ouverture, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
SORTIES = """evenements = [
  { code = "piscine", nom = "Sortie à la piscine", prix = "4,50" },
  { code = "cirque", nom = "Cirque", prix = { tranches = { A = "2,00", B = "3,00" } } },
]
absences = { injustifiee = "50 %" }
"""
REGULARISATION = "Régularisation : mercredi {} septembre 2026, journée avec repas"


@pytest.fixture
def service(roussel: Foyer, agent: Agent) -> Callable[..., None]:
    """`service(mettre, jour, "piscine")`: for the whole days of every age. The household's price is 7,01 €."""
    tarifs(version=SORTIES)
    quotient(roussel.famille, 500)
    journee: Unite = unite(ACTIVITE)
    groupes = [None, *journee.activite.groupes.values_list("pk", flat=True)]

    def faire(geste: Callable[..., object], jour: date, *codes: str) -> None:
        geste(journee.activite, Choix([jour], [journee.pk], groupes), codes, agent, prevenir=False)

    return faire


def test_la_sortie_annoncee_est_une_ligne_du_prix_et_n_est_pas_de_la_garde(
    roussel: Foyer, service: Callable[..., None], facturer: Facturer, horloge: Callable[[str], object]
) -> None:
    """Anouk booked before the outing was there, Élio after, Jeanne came without a booking; Élio was then absent, then present."""
    un, deux, trois, _ = MERCREDIS
    reserve(roussel.famille, roussel.anouk, ACTIVITE, un)
    horloge("2026-09-02 10:00")
    service(mettre, un, "piscine")
    service(mettre, deux, "piscine", "cirque")
    [_, absente] = reserve(roussel.famille, roussel.elio, ACTIVITE, un, deux)
    absent(absente)
    quoi = ouverture(ACTIVITE, roussel.jeanne, un)
    Pointage.objects.create(
        enfant=roussel.jeanne, famille=roussel.famille, ouverture=quoi, activite_id=quoi.activite_id, date=un,
        etat="present", sans_reservation=True, saisi_le=maintenant(),
    )  # fmt: skip
    facturer(SEPTEMBRE)
    ecrites = {
        (une.enfant_id, une.date.day): (une.montant_centimes, une.eligible_centimes)
        for une in factures(roussel)[0].lignes.all()
    }
    assert ecrites == {
        (roussel.anouk.pk, 9): (701, 401),
        (roussel.elio.pk, 9): (701 + 450, 401),
        (roussel.jeanne.pk, 9): (701 + 450, 401),
        (roussel.elio.pk, 16): ((701 + 450 + 200 + 1) // 2, 0),
    }
    ligne = factures(roussel)[0].lignes.get(enfant=roussel.elio, date=un)
    assert "Sortie à la piscine" in ligne.explication.replace("\u00a0", " ")
    # Once billed: what is taken away comes back, what is put afterwards is not asked of who had booked.
    horloge("2026-09-08 10:00")
    service(retirer, un, "piscine")
    service(mettre, trois, "piscine")
    facturer(OCTOBRE)
    assert sorted(lignes(factures(roussel)[1])) == [(REGULARISATION.format(9), -450)] * 2


def test_reloger_une_sortie_ne_la_fait_pas_payer_a_qui_avait_reserve(
    roussel: Foyer, service: Callable[..., None], facturer: Facturer, horloge: Callable[[str], object]
) -> None:
    """Put, booked, taken away, put again: the booking was asked for before the one that stands."""
    un = MERCREDIS[0]
    service(mettre, un, "piscine")
    horloge("2026-09-02 10:00")
    reserve(roussel.famille, roussel.elio, ACTIVITE, un)
    horloge("2026-09-03 10:00")
    service(retirer, un, "piscine")
    service(mettre, un, "piscine")
    facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes == 701
