"""A director with a tablet and the children around: one tap each, by touch, without leaving the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marelle.activites.models import Ouverture
from marelle.familles.models import Enfant, Famille, FicheSanitaire, Rattachement
from marelle.reservations.models import Absence, Pointage, Reservation
from marelle.socle.horloge import maintenant
from tests import distribution as gens
from tests.guichet import monde
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

pytestmark = pytest.mark.django_db(transaction=True)
MERCREDI = date(2026, 12, 2)
FOND = "bouton => getComputedStyle(bouton).backgroundColor"
PRENOMS = ("Lou-Anne", "Marie-Antoinette", "Noé", "Apolline", "Timothée", "Zélie", "Gaspard", "Inaya")


@pytest.fixture
def quarante(horloge: Callable[[str], object]) -> list[Enfant]:
    """Forty children on the sheet; the family of the second one said that it is ill."""
    horloge("2026-12-02 17:40")
    gens.collectivite()
    une = monde.activite(places=60)
    groupes = {o.groupe.age_min: o for o in Ouverture.objects.filter(unite__code="journee", date=MERCREDI) if o.groupe}
    enfants = []
    for n in range(40):
        nom = "de Saint-Hilaire-Lemoine" if n % 5 == 0 else f"Giraudet {n:02}"
        famille = Famille.objects.create(numero=f"FAM-3{n:04}", nom=nom)
        ne_le = date(2022, 1, 1) if n % 3 == 0 else date(2018, 1, 1)
        enfant = Enfant.objects.create(prenom=PRENOMS[n % 8], nom=nom, date_naissance=ne_le)
        Rattachement.objects.create(enfant=enfant, famille=famille)
        ouverture = groupes[3 if n % 3 == 0 else 6]
        reservation = Reservation.objects.create(
            enfant=enfant, famille=famille, ouverture=ouverture, activite=une, date=MERCREDI
        )
        if n == 1:
            Absence.objects.create(reservation=reservation, motif="maladie", declaree_le=maintenant())
        enfants.append(enfant)
    return enfants


def test_une_minute_sans_reseau(
    nouvelle_page: Callable[..., Page], connecter: Callable[[Page, Any], None], quarante: list[Enfant]
) -> None:
    """What does not leave is said, on the same page; what leaves afterwards is not said lost any more."""
    FicheSanitaire.objects.create(enfant=quarante[4], contenu="{}", alerte="Arachide, appeler le 15")
    FicheSanitaire.objects.create(enfant=quarante[7], contenu="{}", a_pai=True)
    page = nouvelle_page(820, 1180, tactile=True, neuve=True)
    connecter(page, gens.lucas().compte)
    page.goto("/guichet/presences/?jour=2026-12-02")
    rang = page.locator("li.ligne", has_text="Giraudet 04")
    expect(rang).to_contain_text("Santé")
    expect(page.locator("li.ligne", has_text="Giraudet 07")).to_contain_text("PAI")
    expect(page.locator("li.ligne", has_text="Giraudet 08")).not_to_contain_text("Santé")
    sans_defaut_axe(page)

    present = rang.get_by_role("button", name=re.compile("^Présent"))
    page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => !window.coupe})")
    page.evaluate("window.coupe = true")
    page.get_by_role("button", name="Tous présents").first.tap()
    expect(page.get_by_role("alert")).to_contain_text("Pas de connexion, rien n’est parti.")
    expect(page.locator("#bilan")).to_contain_text("40 à pointer")
    voisin = page.locator("li.ligne", has_text="Giraudet 08").get_by_role("button", name=re.compile("^Présent"))
    present.hover()
    assert present.evaluate(FOND) == voisin.evaluate(FOND)  # what a finger leaves behind looked recorded
    page.evaluate("window.coupe = false")
    present.tap()
    expect(page.locator("#bilan")).to_contain_text("1 présent")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Tous présents").first.tap()
    expect(page.locator("#bilan")).not_to_contain_text("1 présent")


def test_pointer_sur_une_tablette(
    nouvelle_page: Callable[..., Page], connecter: Callable[[Page, Any], None], quarante: list[Enfant]
) -> None:
    page = nouvelle_page(768, 1024, tactile=True)
    connecter(page, gens.lucas().compte)
    page.goto("/guichet/liste-du-jour/?jour=2026-12-02")
    page.get_by_role("link", name="Pointer").tap()
    expect(page.locator("#bilan")).to_contain_text("40 à pointer")
    sans_defaut_axe(page)
    sans_debordement(page)

    rang = page.locator("li.ligne", has_text="Giraudet 04")
    rang.get_by_role("button", name=re.compile("^Présent")).tap()
    expect(page.locator("#bilan")).to_contain_text("1 présent")
    expect(rang.get_by_role("button", name=re.compile("^Présent"))).to_have_attribute("aria-pressed", "true")
    autre = page.locator("li.ligne", has_text="Giraudet 07")
    autre.get_by_role("button", name=re.compile("^Absent")).tap()  # at once: another row is another press
    expect(page.locator("#bilan")).to_contain_text("1 absent")
    rang.get_by_role("button", name=re.compile("^Part")).tap()
    expect(rang).to_contain_text("départ 17 h 40")

    page.get_by_role("button", name="Tous présents").first.tap()
    page.get_by_role("button", name="Tous présents").tap()
    expect(page.locator("#bilan")).to_contain_text("1 à pointer")  # whose family said that it is ill
    assert Pointage.objects.filter(etat="present").count() == 38
    sans_defaut_axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    sans_debordement(page)
