"""An avoir at the desk: never over what stands billed, told why, set against its invoice first, and not billed again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from marelle.comptes.models import Agent
from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Regie
from marelle.creances.soldes import avec_restes, solde
from marelle.facturation.avoirs import faire_un_avoir, lignes_a_rendre
from marelle.facturation.models import Campagne
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Refus
from tests.distribution import Foyer
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures
from .monde import annule, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
MOTIF = "Accueil fermé ce jour-là"


@pytest.fixture
def reserves(roussel: Foyer) -> list[Reservation]:
    tarifs()
    quotient(roussel.famille, 500)
    return reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)


@pytest.fixture
def facture(roussel: Foyer, reserves: list[Reservation], facturer: Facturer) -> Facture:
    facturer(SEPTEMBRE)
    return factures(roussel)[0]


def premiere(facture: Facture) -> int:
    return facture.lignes.order_by("rang").first().pk


def test_une_part_de_ligne_se_rend(facture: Facture, agent: Agent) -> None:
    jeton = uuid.uuid4()
    avoir = faire_un_avoir(facture, {premiere(facture): 350}, MOTIF, agent=agent, jeton=jeton)
    assert faire_un_avoir(facture, {premiere(facture): 350}, MOTIF, agent=agent, jeton=jeton) == avoir
    assert (avoir.montant_centimes, avoir.corrige, avoir.motif) == (-350, facture, MOTIF)
    assert avoir.lignes.get().eligible_centimes == -201  # 4,01 × 3,50 / 7,01, rounded up
    assert solde(facture.payeur) == 4 * 701 - 350
    assert avec_restes(Facture.objects.filter(pk=facture.pk)).get().reste_centimes == 4 * 701 - 350
    assert [une.reste_centimes for une in lignes_a_rendre(facture)] == [351, 701, 701, 701]


@pytest.mark.parametrize(("montant", "motif"), [(702, MOTIF), (0, MOTIF), (-5, MOTIF), (100, " ")])
def test_ce_qui_ne_va_pas_se_refuse(facture: Facture, agent: Agent, montant: int, motif: str) -> None:
    with pytest.raises(Refus):
        faire_un_avoir(facture, {premiere(facture): montant}, motif, agent=agent)
    with pytest.raises(Refus, match="au moins une ligne"):
        faire_un_avoir(facture, {}, MOTIF, agent=agent)
    with pytest.raises(Refus, match="n’est pas de la facture"):
        faire_un_avoir(facture, {10**9: 5}, MOTIF, agent=agent)
    assert Facture.objects.count() == 1


def test_on_ne_rend_pas_deux_fois(facture: Facture, agent: Agent) -> None:
    avoir = faire_un_avoir(facture, {premiere(facture): 701}, MOTIF, agent=agent)
    with pytest.raises(Refus, match="il reste 0,00"):
        faire_un_avoir(facture, {premiere(facture): 1}, MOTIF, agent=agent)
    with pytest.raises(Refus, match="déjà un avoir"):
        faire_un_avoir(avoir, {avoir.lignes.get().pk: 1}, MOTIF, agent=agent)


def test_ce_qui_est_rendu_n_est_pas_refacture(
    roussel: Foyer, reserves: list[Reservation], facture: Facture, agent: Agent, facturer: Facturer
) -> None:
    faire_un_avoir(facture, {premiere(facture): 500}, MOTIF, agent=agent)
    with pytest.raises(Refus, match="rien à émettre"):
        facturer(OCTOBRE)
    Campagne.objects.filter(etat="brouillon").delete()
    annule(reserves[:2])
    facturer(OCTOBRE)
    assert factures(roussel)[-1].montant_centimes == -(201 + 701)  # of the first, what stood billed only
    assert solde(facture.payeur) == 2 * 701
    lignes = [une for une in factures(roussel) for une in une.lignes.all()]
    assert sum(une.eligible_centimes for une in lignes) == 2 * 401


def test_sur_une_facture_payee_l_avoir_reste_au_credit(
    roussel: Foyer, regie: Regie, facture: Facture, agent: Agent, facturer: Facturer
) -> None:
    encaisser(regie, facture.payeur, 4 * 701, "tresor", auteur=None)
    faire_un_avoir(facture, {premiere(facture): 701}, MOTIF, agent=agent)
    assert solde(facture.payeur) == -701
    from datetime import date

    reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 10, 7))
    facturer(OCTOBRE)
    assert avec_restes(Facture.objects.filter(sorte="facture")).order_by("pk").last().reste_centimes == 0
    assert solde(facture.payeur) == 0
