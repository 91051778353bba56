"""What third parties pay: days counted once a year, whatever is given back; their share of a presence erased comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Payeur, Regie
from marelle.facturation import campagnes
from marelle.facturation.models import Campagne, PriseEnCharge
from marelle.reservations.models import Pointage
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, factures, lignes, preparer_le_cinq
from .monde import annule, ouverture, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]


@pytest.fixture
def ccas(roussel: Foyer) -> Payeur:
    """It pays 2,00 € of two days a year, of the 7,01 € of a day."""
    tarifs(version='aides = [{ code = "ccas", nom = "Part du CCAS", valeur = "2,00", jours_par_an = 2 }]')
    quotient(roussel.famille, 500)
    tiers = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS de Chinon", adresse="1 place", commune="Chinon")
    PriseEnCharge.objects.create(famille=roussel.famille, aide="ccas", payeur=tiers, debut=date(2026, 9, 1))
    return tiers


def doit(payeur: Payeur) -> int:
    return sum(Facture.objects.filter(payeur=payeur).values_list("montant_centimes", flat=True))


def test_une_presence_effacee_est_rendue_au_tiers_aussi(roussel: Foyer, ccas: Payeur, facturer: Facturer) -> None:
    """The child had been pointed by mistake: neither its household nor the third party owes that day; pointed again, both do."""
    une = ouverture(ACTIVITE, roussel.elio, MERCREDIS[0])

    def pointer() -> None:
        Pointage.objects.create(
            enfant=roussel.elio, famille=roussel.famille, ouverture=une, activite_id=une.activite_id, date=une.date,
            etat="present", sans_reservation=True, saisi_le=maintenant(),
        )  # fmt: skip

    pointer()
    facturer(SEPTEMBRE)
    assert (doit(ccas), factures(roussel)[0].montant_centimes) == (200, 501)
    Pointage.objects.all().delete()
    facturer(OCTOBRE)
    assert (doit(ccas), sum(une.montant_centimes for une in factures(roussel))) == (0, 0)
    pointer()
    facturer((date(2026, 11, 1), date(2026, 11, 30)))
    assert (doit(ccas), sum(une.montant_centimes for une in factures(roussel))) == (200, 501)


def test_un_jour_rendu_n_est_plus_compte(roussel: Foyer, ccas: Payeur, facturer: Facturer) -> None:
    """Days of another activity, or before those that are looked at: counted when they are billed, not once given back."""
    reserves = reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[:2])
    facturer(SEPTEMBRE)
    annule(reserves[:1])
    facturer(OCTOBRE, activites=[ACTIVITE])
    assert doit(ccas) == 200
    reserve(roussel.famille, roussel.elio, "chaveignes-vacances", date(2026, 10, 20), date(2026, 10, 21))
    facturer(OCTOBRE, activites=["chaveignes-vacances"])
    assert [montant for _, montant in lignes(factures(roussel)[-1])] == [501, 701]
    assert doit(ccas) == 400


def test_un_jour_retrouve_ne_prend_pas_l_aide_au_dela_de_la_limite(
    roussel: Foyer, ccas: Payeur, facturer: Facturer
) -> None:
    """The two days of the year are billed when an earlier one is put right."""
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[1:3])
    facturer(SEPTEMBRE)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    facturer(OCTOBRE)
    assert (doit(ccas), [une.montant_centimes for une in factures(roussel)]) == (400, [2 * 501, 701])


def test_le_tiers_n_attend_pas_un_foyer_sous_le_minimum(roussel: Foyer, ccas: Payeur, facturer: Facturer) -> None:
    """It is billed its part at once; the household later, less that part, even if the aide was ended since."""
    version = 'facture_minimum = "15,00"\naides = [{ code = "ccas", nom = "Part du CCAS", valeur = "7,00" }]'
    tarifs(version=version)
    quotient(roussel.famille, 900)
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[:3])
    facturer(SEPTEMBRE)
    assert (doit(ccas), factures(roussel)) == (3 * 700, [])
    PriseEnCharge.objects.update(fin=date(2026, 9, 8))
    reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 10, 7))
    facturer(OCTOBRE)
    assert (doit(ccas), [une.montant_centimes for une in factures(roussel)]) == (3 * 700, [3 * 400 + 1100])


def test_le_tiers_mis_de_cote_doit_la_part_que_le_foyer_n_a_pas_payee(
    roussel: Foyer, ccas: Payeur, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer
) -> None:
    """The household was billed with its aide, which an agent ended since: what the household was not asked is not lost."""
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[:2])
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)
    campagnes.mettre_de_cote(campagne, ccas.pk, "Accord à vérifier", agent)
    emettre(campagne, agent)
    assert (doit(ccas), factures(roussel)[0].montant_centimes) == (0, 2 * 501)
    PriseEnCharge.objects.update(fin=date(2026, 9, 8))
    facturer(OCTOBRE)
    assert (doit(ccas), len(factures(roussel))) == (400, 1)
