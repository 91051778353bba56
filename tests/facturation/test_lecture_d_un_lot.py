"""A lot of an issue reads what is of its households, not of the thirty others: as many queries, as many rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur, Regie
from marelle.creances.payeurs import payeurs_des
from marelle.facturation.calcul import calculer
from marelle.facturation.models import AbonnementForfait, PartAdulte, PriseEnCharge, RepartitionGarde
from marelle.facturation.selection import Selection, activites_de
from marelle.familles.models import Enfant, Famille, Rattachement, Responsable
from marelle.reservations.models import AbsenceEcole
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, SEPTEMBRE
from .monde import absent, annule, reserve, tarifs

pytestmark = pytest.mark.django_db
AIDE = 'aides = [{ code = "ccas", nom = "Part du CCAS", valeur = "2,00", jours_par_an = 9 }]'
FIN = (
    '[[version.forfaits]]\ncode = "mensuel"\nnom = "Forfait"\nactivites = ["*-vacances"]\npar = "mois"\nprix = "20,00"\n'
    '[[version.cotisations]]\ncode = "carte"\nnom = "Carte"\npar = "enfant"\nannee = "civile"\nprix = "2,00"'
)


def foyer(rang: int, ccas: Payeur, agent: Agent) -> Famille:
    """Of two households with a child, four Wednesdays, an absence, and everything that says who pays; the first of the two."""
    un, autre = (Famille.objects.create(numero=f"{sorte}-{rang}") for sorte in ("UN", "AUTRE"))
    enfant = Enfant.objects.create(prenom="Lou", nom=f"Essai {rang}", date_naissance=date(2018, 5, 4))
    for famille in (un, autre):
        Rattachement.objects.create(famille=famille, enfant=enfant, part_garde=50)
        adulte = Responsable.objects.create(famille=famille, prenom="Max", nom="Essai", est_principal=True)
        PriseEnCharge.objects.create(famille=famille, aide="ccas", payeur=ccas, debut=date(2026, 9, 1))
        quotient(famille, 500)
    PartAdulte.objects.create(famille=un, responsable=adulte, part_pourcent=100) if rang % 2 else None
    RepartitionGarde.objects.create(enfant=enfant, mode="parts")
    AbonnementForfait.objects.create(famille=un, enfant=enfant, forfait="mensuel", debut=date(2026, 9, 1))
    [absente, annulee, *_] = reserve(un, enfant, ACTIVITE, *MERCREDIS)
    absent(absente)
    annule([annulee])
    AbsenceEcole.objects.create(enfant=enfant, date=MERCREDIS[0], notee_par=agent, notee_le=maintenant())
    return un


def lectures(faire: Callable[[], object]) -> list[tuple[str, int]]:
    """Each query that reads, with how many rows it gives: they are asked again, one by one."""
    lues: list[tuple[str, Any]] = []

    def noter(executer: Any, sql: str, params: Any, many: bool, contexte: Any) -> Any:
        lues.append((sql, params))
        return executer(sql, params, many, contexte)

    with connection.execute_wrapper(noter):
        faire()
    comptees = []
    for sql, params in lues:
        if sql.startswith("SELECT"):
            with connection.cursor() as curseur:
                curseur.execute(sql, params)
                comptees.append((sql, len(curseur.fetchall())))
    return comptees


def test_un_lot_ne_lit_que_ses_foyers(roussel: Foyer, regie: Regie, agent: Agent) -> None:
    """Three households in a lot; then twenty-seven others come."""
    tarifs(version=AIDE, fin=FIN)
    ccas = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS", adresse="1 place", commune="Chinon")
    siens = [foyer(rang, ccas, agent).pk for rang in range(3)]
    selection = Selection(regie, *SEPTEMBRE, {une.code: une.pk for une in activites_de(regie)})
    payeurs_des(Famille.objects.order_by("pk").values_list("pk", flat=True))  # the preview made them
    calculer(selection.pour(siens))
    seuls = lectures(lambda: calculer(selection.pour(siens)))
    for rang in range(3, 30):
        foyer(rang, ccas, agent)
    payeurs_des(Famille.objects.order_by("pk").values_list("pk", flat=True))
    parmi_trente = lectures(lambda: calculer(selection.pour(siens)))
    assert len(seuls) > 10
    en_trop = [apres for avant, apres in zip(seuls, parmi_trente, strict=True) if apres[1] > avant[1]]
    assert en_trop == []
