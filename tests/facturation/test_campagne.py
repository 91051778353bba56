"""A run bills each day once, at the price that was shown, and makes up by itself for what changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.facturation.models import Campagne
from marelle.regles.prix import Prix
from marelle.tarification.devis import Devis
from tests.distribution import Foyer
from tests.monde import reserver, unite
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures, lignes

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]


def test_le_prix_montre_est_la_ligne_au_centime(roussel: Foyer, facturer: Facturer) -> None:
    quotient(roussel.famille, 712)
    reserver(roussel, roussel.elio, unite(ACTIVITE), *MERCREDIS)
    devis = Devis(roussel.famille)
    montres = [devis.prix(roussel.elio.pk, ACTIVITE, unite(ACTIVITE), jour) for jour in MERCREDIS]
    campagne = facturer(SEPTEMBRE)
    assert campagne.etat == Campagne.Etat.EMISE
    (facture,) = factures(roussel)
    ecrites = list(facture.lignes.order_by("rang"))
    assert [une.montant_centimes for une in ecrites] == [prix.total_centimes for prix in montres if prix]
    assert [Prix.depuis(une.prix) for une in ecrites] == montres
    assert [une.explication for une in ecrites] == [prix.explication for prix in montres if prix]
    assert facture.periode_debut, facture.periode_fin == SEPTEMBRE
    assert facture.date_emission == date(2026, 10, 5)


def test_refaire_ne_facture_rien_de_plus(roussel: Foyer, facturer: Facturer) -> None:
    reserver(roussel, roussel.elio, unite(ACTIVITE), *MERCREDIS)
    facturer(SEPTEMBRE)
    assert len(factures(roussel)) == 1
    with pytest.raises(Exception, match="rien à émettre"):
        facturer(SEPTEMBRE)
    with pytest.raises(Exception, match="rien à émettre"):
        facturer(OCTOBRE)
    assert len(factures(roussel)) == 1
    assert lignes(factures(roussel)[0])[0] == ("Mercredi 9 septembre 2026, journée avec repas", 1280 - 96)
