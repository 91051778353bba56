"""What booking asked and the invoice of the month: asked once, billed once, at the same price; what fell is not billed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.appels.models import Appel
from marelle.appels.reglement import lus, regler
from marelle.appels.selection import attendus
from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Regie
from marelle.creances.regies import charger_regies
from marelle.creances.soldes import avec_restes, solde
from marelle.demandes.non_payees import finir_les_non_payees
from marelle.facturation.consultation import etats
from marelle.facturation.models import Campagne, PartAdulte
from marelle.familles.models import Acces
from marelle.socle.horloge import a_l_instant
from tests.distribution import Foyer
from tests.monde import envoyer, reserver, unite

from .conftest import ACTIVITE, MERCREDIS, SEPTEMBRE, factures
from .monde import annule, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
MOITIE = 'paiement = { delai_minutes = 60, acompte = "50 %", solde_jours = 2 }'


@pytest.fixture(autouse=True)
def _une_regie_qui_encaisse(roussel: Foyer) -> None:
    charger_regies('[[regies]]\ncode = 1\nnom = "Régie d’essai"\nmodes = ["especes"]\n', "essai/regies.toml")


def payer(regie: Regie, appel: Appel) -> None:
    encaisser(regie, appel.payeur, appel.montant_centimes, "tresor", auteur=None, factures=[])
    regler(lus([appel.pk]), appel.payeur.paiements.order_by("-pk")[0])


def restes(factures: list[Facture]) -> list[int]:
    return [une.reste_centimes for une in avec_restes(Facture.objects.filter(pk__in=[f.pk for f in factures]))]  # type: ignore[attr-defined]


def test_la_facture_est_le_devis_et_l_avance_la_paie(roussel: Foyer, regie: Regie, facturer: Facturer) -> None:
    """Two days of 11,00 € (no quotient: the highest tariff), of which half was asked and paid when booking."""
    tarifs(version=MOITIE)
    reserver(roussel, roussel.elio, unite(ACTIVITE), *MERCREDIS[:2])
    acompte, rest = Appel.objects.order_by("pk")
    assert [(un.montant_centimes, un.sorte) for un in (acompte, rest)] == [(1100, "reservation"), (1100, "solde")]
    payer(regie, acompte)
    facturer(SEPTEMBRE)
    [facture] = factures(roussel)
    assert facture.montant_centimes == 2200
    assert restes([facture]) == [1100]
    assert solde(facture.payeur) == 1100
    assert not attendus().exists()  # the invoice asks for the rest now


def test_chaque_adulte_est_appele_pour_sa_part(roussel: Foyer) -> None:
    tarifs(version="paiement = { delai_minutes = 60 }")
    un, autre = roussel.famille.responsables.order_by("rang", "pk")[:2]
    for adulte, part in ((un, 60), (autre, 40)):
        PartAdulte.objects.create(famille=roussel.famille, responsable=adulte, part_pourcent=part)
    reserver(roussel, roussel.elio, unite(ACTIVITE), MERCREDIS[0])
    assert sorted(Appel.objects.values_list("montant_centimes", flat=True)) == [440, 660]


def test_ce_qui_est_tombe_ne_se_facture_pas(roussel: Foyer, regie: Regie, facturer: Facturer) -> None:
    """Even where a cancellation in time stays billed in part; two days booked apart, one paid."""
    tarifs(version='paiement = { delai_minutes = 60, annulee = "rien" }\nabsences = { prevenue = "50 %" }')
    reserver(roussel, roussel.elio, unite(ACTIVITE), MERCREDIS[0])
    reserver(roussel, roussel.elio, unite(ACTIVITE), MERCREDIS[1])
    premier, second = Appel.objects.order_by("pk")
    payer(regie, premier)
    assert second.avant is not None
    with a_l_instant(second.avant):
        finir_les_non_payees()
    facturer(SEPTEMBRE)
    assert [une.montant_centimes for une in factures(roussel)] == [1100]
    assert restes(factures(roussel)) == [0]


@pytest.mark.parametrize(("fin", "du"), [("avoir", 1100), ("rien", 2200)])
def test_une_vente_ferme_reste_due(roussel: Foyer, regie: Regie, facturer: Facturer, fin: str, du: int) -> None:
    """One of two days is cancelled in time."""
    tarifs(version=f'paiement = {{ delai_minutes = 60, annulee = "{fin}" }}')
    reserver(roussel, roussel.elio, unite(ACTIVITE), *MERCREDIS[:2])
    payer(regie, Appel.objects.get())
    annule(roussel.famille.reservations.order_by("pk")[:1])
    facturer(SEPTEMBRE)
    assert sum(une.montant_centimes for une in factures(roussel)) == du
    assert solde(Appel.objects.get().payeur) == du - 2200


def test_ce_qui_garde_une_place_ne_paie_pas_une_vieille_facture(
    roussel: Foyer, regie: Regie, facturer: Facturer
) -> None:
    """The invoice of September is owed; then the family pays 11,00 € to book in October: it still owes the invoice, whole."""
    tarifs(version="paiement = { delai_minutes = 60 }")
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    facturer(SEPTEMBRE)
    reserver(roussel, roussel.elio, unite(ACTIVITE), date(2026, 10, 14))
    payer(regie, Appel.objects.get())
    [etat] = etats(Acces.objects.filter(famille=roussel.famille)[0])
    assert (etat.du_centimes, etat.solde_centimes) == (1100, 1100)


def test_rien_n_est_demande_avant_la_reponse_du_service(roussel: Foyer) -> None:
    tarifs(version="paiement = { delai_minutes = 60 }")
    envoyer(roussel, roussel.elio, unite(ACTIVITE), MERCREDIS[0])
    assert not Appel.objects.exists()
