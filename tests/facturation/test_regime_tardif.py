"""What is booked or cancelled late costs what the cart said: the late regime is in the quote as it is on the invoice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.collectivite.models import TexteReglement
from marelle.demandes import panier
from marelle.demandes.devis import est_tardif, total_du_panier
from marelle.facturation.models import Campagne
from marelle.socle.memoire import oublier
from marelle.tarification.devis import Devis
from tests.distribution import Foyer
from tests.monde import reserver, unite

from .conftest import ACTIVITE, SEPTEMBRE, factures
from .monde import tarifs

pytestmark = pytest.mark.django_db
MERCREDI = date(2026, 9, 9)
TARDIF = """
[version.{action}.tardif]
jusqua = {{ nombre = 24, unite = "heures" }}
decision = "agent"
majoration = {{ pourcentage = 20 }}
"""


@pytest.fixture
def en_retard(roussel: Foyer, horloge: Callable[[str], object]) -> Foyer:
    """Two working days before a Wednesday, where the règlement lets the late ones pass."""
    texte = TexteReglement.objects.latest("pk").texte
    coupe = texte.index("[version.annuler]")
    fin = texte.find("\n[[version]]", coupe)
    annuler = texte[coupe:] if fin < 0 else texte[coupe:fin]
    reste = "" if fin < 0 else texte[fin:]
    change = texte[:coupe] + TARDIF.format(action="reserver") + annuler + TARDIF.format(action="annuler") + reste
    TexteReglement.objects.create(texte=change, source="essai", empreinte="tardif")
    tarifs(version='tardive = "20 %"\nabsences = { prevenue = "0 %", injustifiee = "50 %" }')
    oublier()
    horloge("2026-09-07 10:00")
    return roussel


def devis(foyer: Foyer) -> Devis:
    return Devis(foyer.famille, est_tardif=est_tardif)


def test_reserver_tard_coute_ce_que_le_panier_disait(en_retard: Foyer, facturer: Callable[..., Campagne]) -> None:
    panier.basculer(en_retard.famille, en_retard.elio, unite(ACTIVITE), MERCREDI)
    montre = total_du_panier(en_retard.famille, devis(en_retard))
    panier.basculer(en_retard.famille, en_retard.elio, unite(ACTIVITE), MERCREDI)
    reserver(en_retard, en_retard.elio, unite(ACTIVITE), MERCREDI)
    facturer(SEPTEMBRE)
    (facture,) = factures(en_retard)
    plein = 800 + 300  # no quotient: the dearest band; care and meal
    assert (montre, facture.montant_centimes) == (plein + plein * 20 // 100,) * 2


def test_reserver_a_temps_ne_coute_rien_de_plus(en_retard: Foyer) -> None:
    panier.basculer(en_retard.famille, en_retard.elio, unite(ACTIVITE), date(2026, 9, 23))
    assert total_du_panier(en_retard.famille, devis(en_retard)) == 1100


def test_annuler_tard_ne_rend_que_ce_que_la_facture_rendra(
    en_retard: Foyer, facturer: Callable[..., Campagne], horloge: Callable[[str], object]
) -> None:
    horloge("2026-09-01 10:00")
    reserver(en_retard, en_retard.elio, unite(ACTIVITE), MERCREDI)
    horloge("2026-09-07 10:00")
    panier.basculer(en_retard.famille, en_retard.elio, unite(ACTIVITE), MERCREDI)
    rendu = total_du_panier(en_retard.famille, devis(en_retard))
    panier.basculer(en_retard.famille, en_retard.elio, unite(ACTIVITE), MERCREDI)
    reserver(en_retard, en_retard.elio, unite(ACTIVITE), MERCREDI)
    facturer(SEPTEMBRE)
    assert rendu == -550
    assert [une.montant_centimes for une in factures(en_retard)] == [1100 + rendu]
