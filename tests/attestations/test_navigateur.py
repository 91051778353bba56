"""Guide of the CC Touraine Val de Vienne, « Attestations (impôts) », on a telephone and at the desk's width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marelle.attestations.models import Attestation
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

pytestmark = pytest.mark.django_db(transaction=True)


def test_attestations_impots_pour_les_enfants_de_moins_de_six_ans(
    page_telephone: Page, connecter: Callable[[Page, Any], None], roussel, facturer, payer
) -> None:
    facturer(roussel.jeanne, (date(2026, 9, 2), 1120, 800))
    payer(1120, date(2026, 10, 5))
    page = page_telephone
    connecter(page, roussel.compte)
    page.goto("/finances/attestations/")
    sans_defaut_axe(page)
    sans_debordement(page)
    page.get_by_role("button", name="Obtenir l’attestation 2026").tap()
    expect(page.get_by_text("Votre attestation 2026 est prête")).to_be_visible()
    sans_defaut_axe(page)
    sans_debordement(page)
    lien = page.get_by_role("link", name="Télécharger l’attestation 2026")
    reponse = page.request.get(lien.get_attribute("href") or "")
    assert reponse.headers["content-type"] == "application/pdf"
    assert Attestation.objects.get().montant_centimes == 800
