"""Random lives of a payer: invoices, avoirs, payments, refunds, and what is taken back. Its accounts always add up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marelle.comptes.models import Agent
from marelle.creances.encaissement import contrepasser, encaisser
from marelle.creances.imputation import imputer_credits
from marelle.creances.models import Facture, Paiement, Payeur, Regie
from marelle.creances.remboursement import rembourser, rendable
from marelle.creances.soldes import avances, avec_restes, decouverts, releve, solde
from marelle.creances.verification import verifier
from marelle.socle.erreurs import Refus

pytestmark = pytest.mark.django_db
GESTES = ["facture", "avoir", "paiement", "remboursement", "contraire", "imputer"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(gestes=st.lists(st.tuples(st.sampled_from(GESTES), st.integers(1, 40)), min_size=3, max_size=14))
def test_ce_qui_est_du_paye_et_rendu_tombe_toujours_juste(
    facturer: Callable[..., Facture], regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Callable[[str], object],
    gestes: list[tuple[str, int]],
) -> None:  # fmt: skip
    with transaction.atomic():
        horloge("2026-11-20 10:00")
        for geste, rang in gestes:
            _agir(geste, rang, facturer, regie, payeur, regisseuse)
            _verifier_les_comptes(payeur, regie)
        transaction.set_rollback(True)


def _agir(
    geste: str, rang: int, facturer: Callable[..., Facture], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    if geste == "facture":
        facturer(100 * rang)
    elif geste == "avoir":
        facturer(-70 * rang, corrige=Facture.objects.filter(sorte="facture").order_by("pk").last())
    elif geste == "paiement":
        encaisser(regie, payeur, 90 * rang, "en_ligne", auteur=None)
    elif geste == "imputer":
        imputer_credits(payeur, regie)
    elif geste == "contraire":
        faits = list(Paiement.objects.filter(annule=None, contrepassation=None).order_by("pk"))
        if faits:
            contrepasser(faits[rang % len(faits)], "Rejeté", auteur=None)
    else:
        _rendre(rang, regie, payeur, regisseuse)


def _rendre(rang: int, regie: Regie, payeur: Payeur, regisseuse: Agent) -> None:
    """A part of what can be given back; one centime more never can."""
    permis = rendable(payeur, regie)
    with pytest.raises(Refus), transaction.atomic():
        rembourser(regie, payeur, permis + 1, "virement", auteur=regisseuse, motif="Trop")
    if permis:
        rembourser(regie, payeur, max(1, permis * rang // 40), "virement", auteur=regisseuse, motif="Rendu")


def _verifier_les_comptes(payeur: Payeur, regie: Regie) -> None:
    """What is left of invoices, avoirs, payments and uncovered refunds makes the balance; so does the statement."""
    assert verifier() == []
    restes = sum(une.reste_centimes for une in avec_restes(Facture.objects.filter(payeur=payeur)))
    perdu = sum(un.reste_centimes for un in decouverts(payeur, regie))
    du = solde(payeur, regie)
    assert restes + perdu - sum(un.reste_centimes for un in avances(payeur, regie)) == du
    operations = releve([payeur])
    assert (operations[-1].solde_centimes if operations else 0) == du
