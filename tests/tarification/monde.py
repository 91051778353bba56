"""Quotients of the cast, as an agent of the desk enters them."""

from __future__ import annotations

from datetime import date

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.tarification import quotients
from marelle.tarification.models import QuotientFamilial
from tests.distribution import karim

RENTREE, ETE = date(2026, 9, 1), date(2027, 8, 31)


def quotient(
    famille: Famille,
    valeur: int,
    du: date = RENTREE,
    au: date | None = ETE,
    source: QuotientFamilial.Source = QuotientFamilial.Source.CDAP,
) -> QuotientFamilial:
    un = QuotientFamilial(valeur=valeur, source=source, releve_le=du, valable_du=du, valable_au=au)
    return quotients.enregistrer(un, famille, Agent.objects.first() or karim())
