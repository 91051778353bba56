"""The guide of Chablis, §2, §3 and §6: the account, « Vos demandes », the documents; by mouse, and by touch on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, expect

from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.pieces import centre
from marelle.pieces.models import DocumentDuCentre
from marelle.pieces.televersement import lire
from marelle.reservations.models import Reservation
from tests.distribution import Foyer, karim
from tests.monde import envoyer, portail, roussel_prets, unite
from tests.pieces import fichiers
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]
MERCREDIS = [date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)]


@pytest.fixture
def chablis(transactional_db: None, horloge: Callable[[str], object], settings, tmp_path: Path) -> Foyer:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "pieces"
    horloge(MAINTENANT)
    portail("chablis")
    return roussel_prets()


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def presser(page: Page, ou: Locator) -> None:
    ou.tap() if page.viewport_size and page.viewport_size["width"] < 500 else ou.click()


def se_lit(page: Page) -> None:
    sans_debordement(page)
    sans_defaut_axe(page)


def ligne(page: Page, nom: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=nom))


def test_2_mes_informations_modifier_imprimer_historique_depot(
    chablis: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    """« Cliquez sur « mon compte » […] puis sur « mes informations » »: the table, and the other entries of the menu."""
    connecter(page, chablis.compte)
    page.goto("/")
    presser(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Mon compte"))
    expect(page.get_by_role("heading", name="Mes informations")).to_be_visible()
    se_lit(page)
    elio = ligne(page, "Roussel Élio")
    expect(elio).to_contain_text("02/09/2019")
    expect(elio.get_by_role("link", name="Modifier")).to_be_visible()
    expect(ligne(page, "Roussel Camille").get_by_role("link", name="Imprimer")).to_have_count(0)
    presser(page, elio.get_by_role("link", name="Imprimer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Imprimer la fiche d’Élio")
    se_lit(page)
    for nom in ("Fiche simple (PDF)", "Fiche complète (PDF)"):
        adresse = page.get_by_role("link", name=nom).get_attribute("href")
        assert page.request.get(str(adresse)).body().startswith(b"%PDF")
    page.goto("/dossier/")
    presser(page, page.get_by_role("main").get_by_role("link", name="Historique des inscriptions"))
    expect(page.get_by_text("Aucune journée passée")).to_be_visible()
    se_lit(page)
    page.goto("/dossier/")
    presser(page, page.get_by_role("main").get_by_role("link", name="Dépôt de fichier"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Dépôt de fichier")


def test_2_historique_des_inscriptions_validees(chablis: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    """« Consultez l’historique de vos demandes d’inscriptions validées »."""
    mercredis = unite("chablis-mercredis")
    for enfant in (chablis.elio, chablis.anouk):
        for ouverture in mercredis.ouvertures.filter(date__in=MERCREDIS, groupe__age_min=6).order_by("date"):
            ouverture.date = date(2026, 11, ouverture.date.day % 16 + 1)
            Reservation.objects.create(
                enfant=enfant, famille=chablis.famille, ouverture=ouverture, activite=mercredis.activite,
                date=ouverture.date,
            )  # fmt: skip
    connecter(page, chablis.compte)
    page.goto("/dossier/historique/")
    expect(page.get_by_text("6 journées")).to_be_visible()
    se_lit(page)
    page.get_by_label("Enfant").select_option(label="Élio")
    presser(page, page.get_by_role("button", name="Filtrer"))
    expect(page.get_by_text("3 journées")).to_be_visible()
    expect(page.get_by_role("table")).not_to_contain_text("Anouk")


def test_3_vos_demandes_modifier_puis_la_croix_rouge(
    chablis: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    """« Vous pouvez accéder à vos demandes et modifier celles-ci tant qu’elles ne sont pas traitées »; the red cross."""
    envoyer(chablis, chablis.elio, unite("chablis-mercredis"), *MERCREDIS[:2])  # type: ignore[arg-type]
    connecter(page, chablis.compte)
    page.goto("/demandes/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vos demandes")
    expect(page.get_by_role("table")).to_contain_text("Inscription demandée")
    se_lit(page)
    presser(page, ligne(page, "Mercredi 9 décembre").get_by_role("link", name="Modifier"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Modifier ma demande")
    se_lit(page)
    page.get_by_label("Mercredi 9 décembre").select_option(label="Matin")
    page.get_by_label("Ajouter un jour").fill("2026-12-17")
    presser(page, page.get_by_role("button", name="Enregistrer les changements"))
    expect(page.get_by_role("alert")).to_contain_text("n’ouvre pas le jeudi 17 décembre")
    se_lit(page)
    page.get_by_label("Ajouter un jour").fill("2026-12-16")
    presser(page, page.get_by_role("button", name="Enregistrer les changements"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")
    page.goto("/demandes/")
    expect(ligne(page, "Mercredi 9 décembre")).to_contain_text("Matin")
    presser(page, ligne(page, "Mercredi 2 décembre").get_by_role("button", name="Annuler la demande"))
    expect(ligne(page, "Mercredi 2 décembre")).to_have_count(0)
    expect(ligne(page, "Mercredi 16 décembre")).to_have_count(1)
    assert sorted(Demande.objects.values_list("etat", flat=True)) == ["deposee", "retiree", "retiree"]
    assert verifier() == []


def test_6_telecharger_des_documents(chablis: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    """« Certains documents relatifs au centre de loisirs sont disponibles en cliquant ici »."""
    recu = lire("menus.pdf", ContentFile(fichiers.pdf()).read())
    centre.garder(DocumentDuCentre(titre="Menus de décembre", publie_du=date(2026, 11, 1)), recu, karim().compte)
    connecter(page, chablis.compte)
    page.goto("/")
    presser(page, page.get_by_role("contentinfo").get_by_role("link", name="Documents à télécharger"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents à télécharger")
    se_lit(page)
    with page.expect_download() as telecharge:
        presser(page, page.get_by_role("link", name="Télécharger : Menus de décembre"))
    assert telecharge.value.suggested_filename == "menus.pdf"
