"""The guide of the Vals du Dauphiné, §1 and §5: *Nouvelle inscription scolaire*, and the sheet of a new family."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from marelle.demandes import decision
from marelle.demandes.models import Demande
from marelle.familles.models import Famille
from marelle.scolarite.models import PreInscription, Scolarite
from tests.distribution import Foyer, auteur_agent, famille_roussel, karim
from tests.monde import portail
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT
from tests.scolarite.monde import deposee, secret

pytestmark = [pytest.mark.navigateur, pytest.mark.base]


@pytest.fixture
def dauphine(transactional_db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge(MAINTENANT)
    portail("vals-du-dauphine")
    cache.clear()
    foyer = famille_roussel()
    for adulte in foyer.adultes.values():
        adulte.commune = "Bourg-Exemple"
        adulte.save()
    return foyer


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def presser(page: Page, ou: Locator) -> None:
    ou.tap() if page.viewport_size and page.viewport_size["width"] < 500 else ou.click()


def test_1_nouvelle_inscription_scolaire(dauphine: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, dauphine.compte)
    page.goto("/dossier/")
    article = page.locator("article", has=page.get_by_role("heading", name="Élio"))
    presser(page, article.get_by_role("link", name="Nouvelle inscription scolaire"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouvelle inscription scolaire")
    expect(page.get_by_label("Niveau")).to_have_value("ce1")
    page.get_by_label("École", exact=True).select_option(
        label="École élémentaire des Marronniers, Ville-Exemple (CP à CM2)"
    )
    presser(page, page.get_by_label("Je certifie exactes"))
    presser(page, page.get_by_role("button", name="Envoyer la demande"))
    expect(page.get_by_role("alert")).to_contain_text("n’est pas l’école de votre secteur")
    sans_debordement(page)
    sans_defaut_axe(page)
    page.get_by_label("École", exact=True).select_option(label="École du Bourg, Bourg-Exemple (PS à CM2)")
    presser(page, page.get_by_role("button", name="Envoyer la demande"))
    expect(page.get_by_text("Demande envoyée").first).to_be_visible()
    expect(page.get_by_text("École du Bourg, CE1").first).to_be_visible()
    decision.accepter(Demande.objects.get().pk, auteur_agent(karim()))
    page.goto(f"/dossier/enfants/{dauphine.elio.pk}/autorisations/")
    expect(page.get_by_text("CE1, École du Bourg").first).to_be_visible()
    assert Scolarite.objects.get().annee == 2026


def test_5_fiche_de_pre_inscription_d_une_nouvelle_famille(dauphine: Foyer, page: Page) -> None:
    page.goto("/compte/connexion/")
    presser(page, page.get_by_role("link", name="remplissez la fiche de pré-inscription"))
    expect(page.get_by_role("link", name="Fiche à imprimer (PDF)")).to_be_visible()
    adulte = page.get_by_role("region", name="Premier adulte")
    adulte.get_by_label("Prénom").fill("Nour")
    adulte.get_by_label("Nom", exact=True).fill("Belkacem")
    presser(page, page.get_by_role("button", name="Envoyer la fiche"))
    expect(page.get_by_role("alert")).to_contain_text("réponses sont à corriger")
    sans_debordement(page)
    sans_defaut_axe(page)
    ecrits = {"Adresse e-mail": "nour@exemple.fr", "Mobile": "06 12 34 56 99", "Code postal": "38110"}
    for nom, valeur in {**ecrits, "Adresse": "3 rue du Lavoir", "Commune": "Bourg-Exemple"}.items():
        adulte.get_by_label(nom, exact=True).fill(valeur)
    enfant = page.get_by_role("region", name="Premier enfant")
    for nom, valeur in {"Prénom": "Sami", "Nom": "Belkacem", "Date de naissance": "2022-05-03"}.items():
        enfant.get_by_label(nom, exact=True).fill(valeur)
    presser(page, page.get_by_label("Je certifie exactes"))
    presser(page, page.get_by_role("button", name="Envoyer la fiche"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Il reste à confirmer votre adresse")
    page.goto(f"/fiche-de-pre-inscription/confirmation/{secret()}/")
    presser(page, page.get_by_role("button", name="Confirmer et envoyer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre fiche est arrivée")
    sans_defaut_axe(page)
    assert PreInscription.objects.get().etat == "deposee"


def test_5_le_service_cree_la_famille(
    dauphine: Foyer, nouvelle_page: Callable[..., Page], connecter: Callable[..., None]
) -> None:
    fiche = deposee(courriel="camille@familles.exemple")
    page = nouvelle_page(1280, 900)
    connecter(page, karim().compte)
    page.goto("/guichet/")
    page.get_by_role("link", name="Pré-inscriptions (1)").click()
    page.get_by_role("link", name="Belkacem").click()
    expect(page.get_by_text("même adresse e-mail que Camille Roussel")).to_be_visible()
    sans_defaut_axe(page)
    page.get_by_label("J’ai vérifié").check()
    page.get_by_role("button", name="Créer la famille").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Famille Belkacem")
    fiche.refresh_from_db()
    assert Famille.objects.get(nom="Belkacem") == fiche.famille
