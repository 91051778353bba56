"""The bus under the same races: families ask with and without it, change their stop, while days close their doors and reopen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marelle.demandes import panier
from marelle.demandes.models import Demande, Panier
from marelle.demandes.verification import verifier
from marelle.transport.models import Course, Sens, Trajet
from marelle.transport.selection import ChoixBus, dessertes
from tests.distribution import karim
from tests.reservations.terrain import terrain, un_bus
from tests.reservations.test_courses import courir, piste

pytestmark = [pytest.mark.processus, pytest.mark.django_db(transaction=True)]
Courir = Callable[..., list[dict[str, Any]]]
__all__ = ["courir", "piste"]  # the fixtures


@pytest.mark.parametrize("options", [{}, {"mode_decision": "automatique"}], ids=["agent", "automatique"])
def test_le_bus_n_est_jamais_vendu_deux_fois(courir: Courir, options: dict[str, Any]) -> None:
    sol = terrain(places=4, familles=24, **options)
    un_bus(sol, 2)
    karim()
    courir("melee", 8, tours=6, graine=7)
    assert verifier() == []
    assert Trajet.objects.filter(jour__demande__depose_le__isnull=False).count() > 3  # it was really asked for


def test_le_dernier_siege_va_a_un_seul_et_les_autres_gardent_leur_jour_au_panier(courir: Courir) -> None:
    sol = terrain(places=20, familles=8, jours=1)
    un_bus(sol, 1)
    depart = dessertes(sol.journee, Sens.ALLER)[0]
    paniers = []
    for famille, enfant in zip(sol.familles, sol.enfants, strict=True):
        panier.basculer(famille, enfant, sol.journee, sol.jours[0], ChoixBus(depart))
        paniers.append((famille.pk, str(Panier.objects.get(famille=famille).jeton)))
    courir("envoyer_un_panier", 8, paniers=paniers)
    assert Demande.objects.filter(etat="deposee").count() == 1
    assert Demande.objects.filter(etat="panier").count() == 7
    assert Course.objects.get(sens="aller").jauge.restantes == 0
    assert verifier() == []
