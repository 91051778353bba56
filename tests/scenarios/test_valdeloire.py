"""The families' guide of the CC des Terres du Val de Loire, replayed step by step: with a mouse at 1280 px, by touch at 360 px.
Each step is named after the guide's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from marelle.comptes.models import Agent
from marelle.demandes import direct
from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.reservations.models import Reservation
from tests.distribution import MOT_DE_PASSE, Foyer, auteur_agent, karim
from tests.monde import portail, reserver, roussel_prets, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]
LUNDI, JEUDI = date(2026, 11, 30), date(2026, 12, 3)


@pytest.fixture
def valdeloire(transactional_db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge(MAINTENANT)
    portail("terres-val-de-loire")
    karim()
    return roussel_prets()


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def presser(page: Page, ou) -> None:  # type: ignore[no-untyped-def]
    ou.tap() if page.viewport_size["width"] < 500 else ou.click()  # type: ignore[index]


def menu_du_compte(page: Page, entree: str) -> None:
    presser(page, page.locator("details.menu > summary"))
    presser(page, page.locator("details.menu").get_by_role("link", name=entree))


def test_1_se_connecter_puis_mes_informations(valdeloire: Foyer, page: Page) -> None:
    """Step 1, then every word of the menu « Mon compte », « Contact » and « Aide en ligne »."""
    page.goto("/")
    page.get_by_label("Identifiant").fill("FAM-00001")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    presser(page, page.get_by_role("button", name="Se connecter"))
    navigation = page.get_by_role("navigation", name="Navigation principale")
    expect(navigation.get_by_role("link", name="Inscriptions", exact=True)).to_be_visible()
    presser(page, navigation.get_by_role("link", name="Mon compte"))
    expect(page.get_by_role("heading", name="Mes informations")).to_be_visible()
    presser(page, page.get_by_role("link", name="Modifier la fiche : Camille"))
    for champ in ("Nom", "Adresse e-mail", "Adresse", "Code postal", "Commune", "Téléphone", "Mobile"):
        expect(page.get_by_label(champ).first).to_be_visible()
    page.get_by_label("Commune", exact=True).fill("Meung-sur-Loire")
    presser(page, page.get_by_text("J’accepte de recevoir mes factures par e-mail"))
    expect(page.get_by_role("link", name="écrivez au centre")).to_be_visible()
    sans_defaut_axe(page)
    presser(page, page.get_by_text("Je certifie"))
    presser(page, page.get_by_role("button", name="Valider la fiche de Camille"))
    expect(page.get_by_text("en attente").first).to_be_visible()
    demande = Demande.objects.get(nature="fiche_responsable", etat="deposee")
    assert demande.contenu["accord_facture_electronique"] is True
    menu_du_compte(page, "Modifier mot de passe")
    expect(page.get_by_role("heading", level=1)).to_have_text("Modifier mot de passe")
    page.goto("/")
    menu_du_compte(page, "Contacter le centre")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/")
    menu_du_compte(page, "Aide en ligne")
    expect(page.get_by_role("heading", name="2. Effectuer une pré-inscription")).to_be_visible()


def afficher_le_calendrier(page: Page) -> None:
    """Steps 1 to 3: « Pré-inscrire », the child, the activity, the period, then « Afficher le calendrier »."""
    page.goto("/")
    presser(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Inscription"))
    presser(page, page.get_by_role("link", name="Pré-inscrire"))
    page.get_by_label("Enfant").select_option(label="Élio Roussel")
    page.get_by_label("Activité").select_option(label="Garderie périscolaire OLM")
    libelles = page.get_by_label("Période").locator("optgroup[label=Périscolaire] option").all_inner_texts()
    page.get_by_label("Période").select_option(label=next(un for un in libelles if "décembre" in un))
    presser(page, page.get_by_role("button", name="Afficher le calendrier"))


def test_2_pre_inscrire_par_la_selection_en_masse(
    valdeloire: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    connecter(page, valdeloire.compte)
    afficher_le_calendrier(page)
    expect(page.get_by_text("Fin des pré-inscriptions le")).to_be_visible()
    masse = page.get_by_role("complementary", name="Sélection en masse")
    presser(page, masse.locator("label.choix", has_text="lun."))
    presser(page, masse.locator("label.choix", has_text="Matin"))
    presser(page, masse.get_by_role("button", name="Appliquer la sélection"))
    expect(page.get_by_label("lundi 30 novembre, matin")).to_be_checked()
    expect(page.get_by_label("lundi 30 novembre, après-midi")).not_to_be_checked()
    presser(page, masse.get_by_role("button", name="Réinitialiser"))
    expect(page.get_by_label("lundi 30 novembre, matin")).not_to_be_checked()
    assert not Demande.objects.exists()
    sans_debordement(page)
    sans_defaut_axe(page)


def test_2_4_cocher_puis_valider_et_sortir(valdeloire: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, valdeloire.compte)
    afficher_le_calendrier(page)
    for nom in ("lundi 30 novembre, matin", "lundi 30 novembre, après-midi", "jeudi 3 décembre, matin"):
        presser(page, page.get_by_label(nom))
    expect(page.get_by_text("3 créneaux choisis").first).to_be_visible()
    presser(page, page.get_by_role("button", name="Valider et sortir"))
    expect(page.get_by_text("3 créneaux en route pour Élio").first).to_be_visible()
    [demande] = Demande.objects.filter(etat="deposee")
    assert demande.jours.count() == 3
    afficher_le_calendrier(page)
    presser(page, page.get_by_label("vendredi 4 décembre, matin"))
    presser(page, page.get_by_role("button", name="Valider et nouvelle inscription"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pré-inscrire")
    assert Demande.objects.filter(etat="deposee").count() == 2
    assert verifier() == []


def test_4_annuler_une_inscription(valdeloire: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    reserver(valdeloire, valdeloire.elio, unite("garderie-olm", "matin"), LUNDI, JEUDI)  # type: ignore[arg-type]
    connecter(page, valdeloire.compte)
    page.goto(f"/calendrier/?enfant={valdeloire.elio.pk}&mois=2026-12")
    expect(page.get_by_text("Pré-inscription validée par le centre")).to_be_visible()
    sans_debordement(page)
    sans_defaut_axe(page)
    presser(page, page.locator("table.mois a.jour"))
    boite = page.get_by_role("dialog")
    expect(boite).to_contain_text("Voulez-vous annuler l’inscription Garderie périscolaire OLM du jeudi 3 décembre")
    sans_defaut_axe(page)
    presser(page, boite.get_by_role("link", name="Garder l’inscription"))
    expect(boite).to_have_count(0)
    presser(page, page.locator("table.mois a.jour"))
    presser(page, boite.get_by_role("button", name="Valider l’annulation"))
    expect(page.get_by_text("L’inscription a bien été annulée.").first).to_be_visible()
    assert Reservation.objects.get(date=JEUDI).etat == "annulee"
    assert Reservation.objects.get(date=LUNDI).etat == "reservee"


def test_4_le_recapitulatif_et_les_deux_types_d_inscriptions(
    valdeloire: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    garderie, agent = unite("garderie-olm", "matin"), Agent.objects.get()
    reserver(valdeloire, valdeloire.elio, garderie, LUNDI)  # type: ignore[arg-type]
    choix = direct.Choix(valdeloire.famille, valdeloire.elio, garderie, [JEUDI])  # type: ignore[arg-type]
    direct.inscrire(choix, auteur_agent(agent))
    connecter(page, valdeloire.compte)
    page.goto("/")
    presser(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Inscriptions"))
    presser(page, page.get_by_role("link", name="Voir mes inscriptions"))
    page.goto(f"/calendrier/?enfant={valdeloire.elio.pk}&mois=2026-12")
    expect(page.get_by_text("Rien ce mois-ci pour Élio.")).to_be_visible()
    presser(page, page.get_by_role("link", name="Inscriptions directes par le centre"))
    expect(page.locator("#le-2026-12-03")).to_be_visible()
    presser(page, page.get_by_role("link", name="Préinscriptions en ligne"))
    presser(page, page.get_by_role("link", name="Mois précédent"))
    expect(page.locator("#le-2026-11-30")).to_be_visible()
