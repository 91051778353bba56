"""The price on a telephone: one tap opens its steps, the total follows what is ticked, everybody can read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from marelle.activites.models import Periode
from tests.distribution import karim
from tests.monde import portail, roussel_prets, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

from .monde import quotient

MERCREDI = date(2026, 12, 9)


@pytest.mark.django_db(transaction=True)
def test_le_prix_au_telephone(
    horloge: Callable[[str], object], page_telephone: Page, connecter: Callable[[Page, Any], None]
) -> None:
    horloge("2026-11-18 10:00")
    portail("terres-val-de-loire")
    karim()
    roussel = roussel_prets()
    quotient(roussel.famille, 805)
    page, quoi = page_telephone, unite("meung-mercredis")
    connecter(page, roussel.compte)
    page.goto(f"/dossier/enfants/{roussel.elio.pk}/accueil/")
    page.get_by_text("Journée avec repas").first.tap()
    expect(page.get_by_text("Accueil (QF 805)").first).to_be_visible()
    sans_debordement(page)
    sans_defaut_axe(page)
    periode = Periode.objects.get(temps="mercredi", debut__lte=MERCREDI, fin__gte=MERCREDI)
    choix = f"?enfant={roussel.elio.pk}&activite={quoi.activite_id}&periode={periode.code}"
    page.goto(reverse("espace_famille:grille") + choix)
    total = page.locator("[data-total]")
    expect(total).to_have_text("0,00\u00a0€")
    for le in ("2026-12-09", "2026-12-16"):
        page.locator(f'input[value="{quoi.pk}-{le}"]').tap()
    expect(total).to_have_text("22,50\u00a0€")  # twice 4,00 + 5,05 − 1,00 + 3,20
    page.get_by_text("Journée avec repas").first.tap()
    sans_debordement(page)
    sans_defaut_axe(page)
