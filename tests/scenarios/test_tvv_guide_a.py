"""The guide of 2021 (four working days for both, two days per cycle at most), replayed where it differs from guide B."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from tests.distribution import Foyer
from tests.monde import reserver, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.test_tvv_guide_b import au_calendrier, jour, presser

pytestmark = [pytest.mark.navigateur, pytest.mark.base]

MERCREDI_2, MERCREDI_9, MERCREDI_16 = date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def test_2_deux_jours_par_cycle_au_plus(tvv_2021: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv_2021.compte)
    au_calendrier(page)
    for le in (MERCREDI_2, MERCREDI_9):
        presser(page, jour(page, le))
        expect(jour(page, le)).to_have_attribute("data-etat", "panier")
    presser(page, page.get_by_text("Inscription ou annulation par période"))
    page.get_by_label("Du", exact=True).fill("2026-12-16")
    page.get_by_label("Au", exact=True).fill("2026-12-16")
    presser(page, page.get_by_role("button", name="Inscrire", exact=True))
    expect(page.get_by_role("alert").first).to_contain_text("2")
    expect(jour(page, MERCREDI_16)).not_to_have_attribute("data-etat", "panier")
    presser(page, page.get_by_role("link", name="Suivant : voir le panier"))
    presser(page, page.get_by_role("button", name="Valider ma demande"))
    page.wait_for_url("**/accuses/*/")
    assert Demande.objects.get().jours.count() == 2
    sans_debordement(page)
    sans_defaut_axe(page)


def test_3_annuler_jusqu_a_quatre_jours_ouvres_avant(
    tvv_2021: Foyer, page: Page, connecter: Callable[..., None], horloge: Callable[[str], object]
) -> None:
    reserver(tvv_2021, tvv_2021.elio, unite("chaveignes-mercredis"), MERCREDI_2, MERCREDI_9)  # type: ignore[arg-type]
    horloge("2026-11-26 23:00")
    connecter(page, tvv_2021.compte)
    au_calendrier(page)
    presser(page, jour(page, MERCREDI_2))
    expect(jour(page, MERCREDI_2)).to_have_attribute("data-etat", "annuler")
    horloge("2026-11-27 00:00")
    presser(page, page.get_by_role("link", name="Suivant : voir le panier"))
    presser(page, page.get_by_role("button", name="Valider ma demande"))
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not Demande.objects.filter(nature="annulation").exclude(etat="panier").exists()
    assert verifier() == []


def test_3_deux_annulations_par_cycle(tvv_2021: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    reserver(tvv_2021, tvv_2021.elio, unite("chaveignes-mercredis"), MERCREDI_2, MERCREDI_9)  # type: ignore[arg-type]
    connecter(page, tvv_2021.compte)
    au_calendrier(page)
    presser(page, page.get_by_text("Inscription ou annulation par période"))
    page.get_by_label("Du", exact=True).fill("2026-12-01")
    page.get_by_label("Au", exact=True).fill("2026-12-18")
    presser(page, page.get_by_role("button", name="Désinscrire"))
    for le in (MERCREDI_2, MERCREDI_9):
        expect(jour(page, le)).to_have_attribute("data-etat", "annuler")
    expect(jour(page, MERCREDI_16)).to_have_count(0)
    expect(page.get_by_text("Maximum atteint").first).to_be_visible()
