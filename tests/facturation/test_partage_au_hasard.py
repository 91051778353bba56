"""A day shared between households, their adults and a third party, while who is set aside, custody, adults and aides change from
one run to the next: once everybody is billed it stands at its price, no more and no less, and each run issues its preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, LigneFacture, Payeur, Regie
from marelle.facturation import campagnes
from marelle.facturation.calcul import calculer
from marelle.facturation.models import Campagne, PartAdulte, PriseEnCharge, RepartitionGarde
from marelle.facturation.selection import selection_de
from marelle.familles.models import Rattachement
from marelle.reservations.models import Reservation
from tests.distribution import Foyer

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, preparer_le_cinq
from .monde import annule, reserve, tarifs
from .test_partage_une_fois import AIDE, JOUR, MINIMUM, ccas, changer, lemoine

__all__ = ["ccas", "lemoine"]
pytestmark = pytest.mark.django_db
NOVEMBRE = (date(2026, 11, 1), date(2026, 11, 30))
TOUT = (SEPTEMBRE[0], date(2026, 12, 31))  # a run of which nothing was issued does not make the next ones look back
GESTES = [
    *("aide finie", "aides finies", "aides", "reservation", "calendrier", "parts", "garde", "adultes", "foyer"),
    "annulation",
]
Horloge = Callable[[str], object]


def agir(geste: str, roussel: Foyer, lemoine: Foyer) -> None:
    """One change at the desk; `changer` has those that need no undoing."""
    if geste == "aides finies":
        changer("toutes les aides finies", roussel, lemoine)
    elif geste == "aides":
        PriseEnCharge.objects.update(fin=None)
    elif geste == "garde":
        RepartitionGarde.objects.update(mode="parts", famille_paire=None)
        Rattachement.objects.filter(enfant=roussel.anouk).update(part_garde=50)
    elif geste == "foyer":
        PartAdulte.objects.all().delete()
    elif geste == "annulation":
        annule(Reservation.objects.filter(enfant=roussel.anouk).order_by("date")[:1])
    elif geste != "adultes" or not PartAdulte.objects.exists():
        changer(geste, roussel, lemoine)
    if geste == "parts":
        RepartitionGarde.objects.update(mode="parts", famille_paire=None)


def facturer(campagne: Campagne, agent: Agent) -> None:
    """Issue what is shown, and find it in the ledger."""
    prevues = dict(campagne.prevues.filter(etat="prevue").order_by().values_list("payeur_id", "montant_centimes"))
    if prevues:
        avant = dict(Facture.objects.order_by().values_list("payeur_id").annotate(Sum("montant_centimes")))
        emettre(campagne, agent)
        apres = dict(Facture.objects.order_by().values_list("payeur_id").annotate(Sum("montant_centimes")))
        assert {un: somme - avant.get(un, 0) for un, somme in apres.items() if somme != avant.get(un, 0)} == prevues


def mois() -> st.SearchStrategy[tuple[list[int], list[str]]]:
    """Who is set aside of a run (by rank), and what changes after it."""
    return st.tuples(st.lists(st.integers(0, 4), max_size=2), st.lists(st.sampled_from(GESTES), max_size=3))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    aide=st.sampled_from(["8,00", "11,00"]),
    a_un_minimum=st.booleans(),
    est_retroactif=st.booleans(),
    avant=st.lists(st.sampled_from(GESTES), max_size=2),
    histoire=st.lists(mois(), min_size=3, max_size=3),
)
def test_une_journee_partagee_tombe_juste(
    roussel: Foyer, lemoine: Foyer, regie: Regie, agent: Agent, horloge: Horloge, aide: str, a_un_minimum: bool,
    est_retroactif: bool, avant: list[str], histoire: list[tuple[list[int], list[str]]],
) -> None:  # fmt: skip
    with transaction.atomic():
        quotient = "retroactif = true" if est_retroactif else ""
        tarifs(quotient=quotient, version=(MINIMUM if a_un_minimum else "") + AIDE.format(aide))
        reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
        for geste in avant:
            agir(geste, roussel, lemoine)
        for periode, (ecartes, gestes) in zip((SEPTEMBRE, OCTOBRE, NOVEMBRE), histoire, strict=True):
            campagne = preparer_le_cinq(regie, agent, periode, horloge)
            payeurs = list(Payeur.objects.order_by("pk").values_list("pk", flat=True))
            for rang in ecartes:
                if rang < len(payeurs) and campagne.prevues.filter(payeur=payeurs[rang]).exists():
                    campagnes.mettre_de_cote(campagne, payeurs[rang], "À voir", agent)
            facturer(campagne, agent)
            for geste in gestes:
                agir(geste, roussel, lemoine)
        tarifs(quotient=quotient, version=AIDE.format(aide))
        derniere = preparer_le_cinq(regie, agent, TOUT, horloge)
        facturer(derniere, agent)
        encore = preparer_le_cinq(regie, agent, TOUT, horloge)
        assert not encore.prevues.filter(etat="prevue").exists()
        verifier_les_jours(derniere, roussel)
        transaction.set_rollback(True)


def verifier_les_jours(derniere: Campagne, roussel: Foyer) -> None:
    """All payers together, with what waits for an invoice because its total is nothing: the price of each day, nothing
    of a cancelled one; and no payer is owed something of a day."""
    prix = {
        jour: JOUR if etat == "reservee" else 0
        for jour, etat in Reservation.objects.filter(enfant=roussel.anouk).values_list("date", "etat")
    }
    lignes = LigneFacture.objects.filter(enfant=roussel.anouk).order_by()
    ecrites = list(lignes.values_list("payeur_id", "date", "montant_centimes"))
    for payeur, compte in calculer(selection_de(derniere)).items():
        assert compte.montant_centimes == 0
        siennes = [une for une in compte.lignes if une.enfant_id == roussel.anouk.pk]
        ecrites += [(payeur, une.date, une.montant_centimes) for une in siennes]
    jours, parts = dict.fromkeys(prix, 0), Counter[tuple[int, date | None]]()
    for payeur, jour, montant in ecrites:
        jours[jour] += montant
        parts[payeur, jour] += montant
    assert jours == prix
    assert min(parts.values()) >= 0
