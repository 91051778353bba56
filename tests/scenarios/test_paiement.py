"""Paying an invoice online, through the simulated PayFiP, to the receipt; abandoning, then paying. By touch at 360 px."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marelle.courriels.models import Courriel
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Facture, Paiement, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import regies
from marelle.familles.models import Acces
from marelle.paiements.models import Etat, Tentative
from marelle.taches.moteur import travailler
from tests.distribution import karim
from tests.monde import portail, roussel_prets
from tests.paiements.conftest import Simulateur, payfip, processus_payfip  # noqa: F401
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]


@pytest.fixture
def factures(transactional_db: None, horloge: Callable[[str], Any], payfip: Simulateur) -> list[Facture]:  # noqa: F811
    """Two invoices of the Roussels, in the collectivité that is paid online; PayFiP lives at the same hour."""
    horloge(MAINTENANT)
    payfip(instant=MAINTENANT)
    portail("terres-val-de-loire")
    karim()
    payeur, options = payeur_de(roussel_prets().famille), regies()[0]
    demandees = [
        FactureAEmettre(
            payeur, date(2026, mois, 1), date(2026, mois, 28), [LigneAEmettre(f"m:{mois}", "Mercredis", montant)]
        )
        for mois, montant in ((9, 1999), (10, 4860))
    ]
    return emettre(Regie.objects.get(code=options.code), demandees, date_emission=date(2026, 11, 6))


@pytest.fixture
def famille(factures: list[Facture], nouvelle_page: Callable[..., Page], connecter: Callable[..., None]) -> Page:
    page = nouvelle_page(360, 740, tactile=True)
    connecter(page, Acces.objects.get(famille=factures[0].payeur.famille).compte)
    return page


def test_payer_une_facture_jusqu_au_recu(famille: Page, factures: list[Facture]) -> None:
    """Two invoices, one is unticked: the total follows; PayFiP takes it, tells the portal, and the receipt is there."""
    famille.goto("/finances/payer/")
    expect(famille.get_by_role("button", name="Payer 68,59 €")).to_be_visible()
    sans_debordement(famille)
    sans_defaut_axe(famille)
    famille.get_by_label(f"Facture {factures[0].numero}").uncheck()
    expect(famille.get_by_role("button", name="Payer 48,60 €")).to_be_visible()
    famille.get_by_role("button", name="Payer 48,60 €").tap()
    expect(famille.get_by_role("heading", name="Payer 48,60 €")).to_be_visible()
    expect(famille.get_by_text("SIMULATEUR de PayFiP")).to_be_visible()
    sans_debordement(famille)
    sans_defaut_axe(famille)
    famille.get_by_role("button", name="Payer par carte bancaire").tap()
    expect(famille.get_by_role("heading", name="Paiement reçu")).to_be_visible()
    paiement = Paiement.objects.get()
    assert (paiement.montant_centimes, paiement.mode) == (4860, "en_ligne")
    expect(famille.get_by_text(f"reçu nº {paiement.numero}")).to_be_visible()
    sans_debordement(famille)
    sans_defaut_axe(famille)
    travailler(une_fois=True)  # the notification came too: it changes nothing
    assert Paiement.objects.count() == 1
    assert Courriel.objects.get(gabarit="paiement_recu").destinataire == "camille@familles.exemple"
    famille.reload()
    expect(famille.get_by_role("heading", name="Paiement reçu")).to_be_visible()
    famille.goto("/finances/payer/")
    expect(famille.get_by_role("button", name="Payer 19,99 €")).to_be_visible()


def test_abandonner_puis_payer(famille: Page, factures: list[Facture], payfip: Simulateur) -> None:  # noqa: F811
    """Abandoned, nothing is paid and one may begin again at once; a closed tab is found by the notification."""
    famille.goto(f"/finances/payer/?facture={factures[1].numero}")
    famille.get_by_role("button", name="Payer 48,60 €").tap()
    famille.get_by_role("button", name="Abandonner le paiement").tap()
    expect(famille.get_by_role("heading", name="Paiement abandonné")).to_be_visible()
    sans_defaut_axe(famille)
    assert not Paiement.objects.exists()
    famille.get_by_role("link", name="Recommencer le paiement").tap()
    famille.get_by_text("Payer une partie seulement").tap()
    famille.get_by_label("Montant à payer, en euros").fill("30,00")
    famille.get_by_label("Montant à payer, en euros").blur()
    famille.get_by_role("button", name="Payer 30,00 €").tap()
    famille.get_by_role("button", name="Fermer l’onglet sans rien faire").tap()
    expect(famille.get_by_role("heading", name="Onglet fermé")).to_be_visible()
    famille.goto("/finances/payer/")
    expect(famille.get_by_text("Un paiement de 30,00 € est en cours")).to_be_visible()
    sans_debordement(famille)
    sans_defaut_axe(famille)
    famille.get_by_role("link", name="Continuer ce paiement").tap()
    famille.get_by_role("button", name="Payer par prélèvement").tap()
    expect(famille.get_by_role("heading", name="Prélèvement enregistré")).to_be_visible()
    assert sorted(Tentative.objects.values_list("etat", flat=True)) == [Etat.ABANDONNEE, Etat.PRELEVEE]
    assert Paiement.objects.get().montant_centimes == 3000
