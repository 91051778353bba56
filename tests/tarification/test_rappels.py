"""A household that comes is told once that its quotient ends soon; not when another one follows, nor when it comes no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.courriels.models import Courriel
from marelle.tarification.models import QuotientFamilial
from marelle.tarification.rappels import rappeler_les_fins
from tests.distribution import Foyer, karim
from tests.monde import portail, reserver, roussel_prets, unite

from .monde import quotient

pytestmark = pytest.mark.django_db
FIN = date(2026, 12, 10)


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    foyer = roussel_prets()
    reserver(foyer, foyer.elio, unite("chaveignes-mercredis"), date(2026, 12, 9))
    Courriel.objects.all().delete()
    return foyer


def test_la_famille_est_prevenue_une_fois(roussel: Foyer) -> None:
    quotient(roussel.famille, 1020, au=FIN)
    assert rappeler_les_fins() == 1
    lus = list(Courriel.objects.order_by("pk"))
    assert {un.destinataire for un in lus} == {un.courriel for un in roussel.adultes.values() if un.courriel}
    assert "10 décembre" in lus[0].objet
    assert "le tarif maximum s’applique" in lus[0].texte
    assert "1020" not in lus[0].texte, "la valeur ne circule pas par e-mail"
    assert rappeler_les_fins() == 0
    assert Courriel.objects.count() == len(lus)


@pytest.mark.parametrize("fin", [date(2026, 12, 19), date(2026, 11, 17), None])
def test_ni_trop_tot_ni_trop_tard(roussel: Foyer, fin: date | None) -> None:
    quotient(roussel.famille, 1020, au=fin)
    assert rappeler_les_fins() == 0


def test_un_quotient_deja_renouvele_ou_jamais_prouve_ne_se_rappelle_pas(roussel: Foyer) -> None:
    quotient(roussel.famille, 900, au=FIN, source=QuotientFamilial.Source.DECLARE)
    quotient(roussel.famille, 1020, au=FIN)
    quotient(roussel.famille, 700, du=date(2026, 12, 11), au=date(2027, 8, 31))
    assert rappeler_les_fins() == 0


def test_une_famille_qui_ne_vient_plus_reste_en_paix(roussel: Foyer, horloge: Callable[[str], object]) -> None:
    quotient(roussel.famille, 1020, au=date(2027, 8, 31))
    horloge("2027-08-20 10:00")
    assert rappeler_les_fins() == 0
