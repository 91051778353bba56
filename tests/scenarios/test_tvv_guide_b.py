"""The families' guide of the CC Touraine Val de Vienne, replayed step by step: at a desk with a mouse, on a telephone by touch,
and once by keyboard alone. Each step is named after the guide's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from marelle.courriels.models import Courriel
from marelle.demandes import decision
from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.pieces.models import Piece
from tests.distribution import MOT_DE_PASSE, Foyer, auteur_agent
from tests.monde import envoyer, reserver, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

pytestmark = [pytest.mark.navigateur, pytest.mark.base]

MERCREDI_2, MERCREDI_9, MERCREDI_16 = date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)


@pytest.fixture(params=["bureau", "telephone"])
def page(request: pytest.FixtureRequest, nouvelle_page: Callable[..., Page]) -> Page:
    """The same steps with a mouse at 1280 px and by touch at 360 px."""
    return nouvelle_page(1280, 900) if request.param == "bureau" else nouvelle_page(360, 740, tactile=True)


def agent():  # type: ignore[no-untyped-def]
    from marelle.comptes.models import Agent

    return auteur_agent(Agent.objects.get(compte__username="karim"))


def jour(page: Page, le: date):  # type: ignore[no-untyped-def]
    return page.locator(f'button.jour[value="{le.isoformat()}"]')


def presser(page: Page, ou) -> None:  # type: ignore[no-untyped-def]
    """A tap on a telephone, a click at a desk."""
    ou.tap() if page.viewport_size["width"] < 500 else ou.click()  # type: ignore[index]


def au_calendrier(page: Page, activite: str = "Chaveignes mercredis", enfant: str = "Élio") -> None:
    """Steps 1 to 4 of the guide's second part."""
    page.goto("/")
    presser(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Inscription"))
    presser(page, page.get_by_role("link", name="S’inscrire"))
    presser(page, page.get_by_text(enfant, exact=False).first)
    presser(page, page.get_by_role("button", name="Suivant"))
    presser(page, page.get_by_text("Accueil de loisirs de Chaveignes", exact=True))
    presser(page, page.get_by_text(activite, exact=True))
    presser(page, page.get_by_role("button", name="Suivant"))
    titre = page.locator("#calendrier h2")
    for _ in range(6):
        if titre.inner_text() == "Décembre 2026":
            return
        avant = titre.inner_text()
        presser(page, page.get_by_role("link", name="Mois suivant"))
        expect(titre).not_to_have_text(avant)
    raise AssertionError("décembre 2026 ne s’ouvre pas")


# 1. Je complète le dossier de mon enfant : rubrique « Mon compte »


def test_1_1_je_me_connecte_avec_mon_identifiant(tvv: Foyer, page: Page) -> None:
    page.goto("/")
    page.get_by_label("Identifiant").fill(tvv.compte.username)
    page.get_by_label("Mot de passe").first.fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    sans_debordement(page)
    sans_defaut_axe(page)


def test_1_2_mon_compte_puis_le_crayon_de_la_fiche(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv.compte)
    page.goto("/")
    presser(page, page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Mon compte"))
    expect(page.get_by_role("heading", name="Mon dossier")).to_be_visible()
    presser(page, page.get_by_role("link", name=re.compile("Modifier la fiche.*Élio")).first)
    for onglet in ("Fiche d’information", "Personnes autorisées", "Fiche médicale"):
        expect(page.get_by_text(onglet).first).to_be_attached()
    sans_debordement(page)
    sans_defaut_axe(page)


def test_1_4_certifier_est_obligatoire(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv.compte)
    page.goto(f"/dossier/enfants/{tvv.elio.pk}/information/")
    page.get_by_role("button", name="Valider").first.click()
    expect(page.get_by_text("Cochez la case").first).to_be_visible()
    assert not Demande.objects.exists()


def test_1_5_transmettre_l_attestation_d_assurance(
    tvv: Foyer, page: Page, connecter: Callable[..., None], tmp_path: Path
) -> None:
    fichier = tmp_path / "attestation.pdf"
    fichier.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    connecter(page, tvv.compte)
    page.goto("/dossier/documents/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Transmettre des documents")
    page.locator("input[type=file]").set_input_files(str(fichier))
    presser(page, page.locator("label.choix", has_text="Élio"))
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#statut")).to_contain_text("envoyé")
    assert Piece.objects.filter(nom="attestation.pdf", etat=Piece.Etat.EN_ATTENTE).count() == 1
    assert not Courriel.objects.exists(), "pas d’e-mail pour « transmettre des documents »"


def test_1_attention_dossier_non_valide_pas_de_reservation(
    tvv: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    tvv.elio.fiche_sanitaire.validee_le = None  # type: ignore[union-attr]
    tvv.elio.fiche_sanitaire.save()  # type: ignore[union-attr]
    connecter(page, tvv.compte)
    au_calendrier(page)
    expect(page.get_by_role("link", name="Fiche médicale d’Élio")).to_be_visible()
    expect(jour(page, MERCREDI_9)).to_have_count(0)
    sans_defaut_axe(page)


# 2. Je fais une demande de réservation : rubrique « Inscription »


def test_2_3_le_participant_choisi_est_rouge(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv.compte)
    page.goto("/inscription/enfant/")
    case = page.locator("label.choix", has_text="Élio")
    avant = case.evaluate("e => getComputedStyle(e).borderColor")
    presser(page, case)
    page.mouse.move(0, 0)
    assert case.get_attribute("data-ton") == "rouge"
    expect(case.locator("input")).to_be_checked()
    page.wait_for_timeout(250)
    assert case.evaluate("e => getComputedStyle(e).borderColor") != avant


def test_2_4_le_centre_montre_ses_activites_la_choisie_est_verte(
    tvv: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    connecter(page, tvv.compte)
    page.goto(f"/inscription/{tvv.elio.pk}/")
    offre = page.locator("label.choix", has_text="Chaveignes mercredis")
    expect(offre).to_be_hidden()
    presser(page, page.get_by_text("Accueil de loisirs de Chaveignes", exact=True))
    expect(offre).to_be_visible()
    assert offre.get_attribute("data-ton") == "vert"
    sans_debordement(page)
    sans_defaut_axe(page)


def test_2_5_double_clic_met_le_jour_au_panier(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv.compte)
    au_calendrier(page)
    expect(jour(page, MERCREDI_9)).to_contain_text("24 places")
    if page.viewport_size["width"] < 500:  # type: ignore[index]
        jour(page, MERCREDI_9).tap()
    else:
        jour(page, MERCREDI_9).dblclick()
    expect(jour(page, MERCREDI_9)).to_have_attribute("data-etat", "panier")
    expect(page.get_by_role("link", name="Panier").first).to_contain_text("1")
    expect(page.locator("#statut")).to_contain_text("est au panier")
    sans_debordement(page)
    sans_defaut_axe(page)


def test_2_5_inscription_par_periode(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv.compte)
    au_calendrier(page)
    presser(page, page.get_by_text("Inscription ou annulation par période"))
    page.get_by_label("Du", exact=True).fill("2026-12-01")
    page.get_by_label("Au", exact=True).fill("2026-12-18")
    presser(page, page.get_by_text("mer.", exact=True).last)
    presser(page, page.get_by_role("button", name="Inscrire", exact=True))
    expect(page.locator("#statut")).to_contain_text("3 jours au panier")
    for le in (MERCREDI_2, MERCREDI_9, MERCREDI_16):
        expect(jour(page, le)).to_have_attribute("data-etat", "panier")


def test_2_6_valider_le_panier_donne_un_accuse_numerote(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    connecter(page, tvv.compte)
    au_calendrier(page)
    presser(page, jour(page, MERCREDI_9))
    presser(page, page.get_by_role("link", name="Suivant : voir le panier"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre panier")
    sans_defaut_axe(page)
    presser(page, page.get_by_role("button", name="Valider ma demande"))
    expect(page.get_by_text(re.compile(r"2026-\d{6}"))).to_be_visible()
    sans_debordement(page)
    sans_defaut_axe(page)
    pdf = page.request.get(page.url + "pdf")
    assert pdf.status == 200
    assert pdf.body().startswith(b"%PDF")
    adresses = set(Courriel.objects.filter(gabarit="depot").values_list("destinataire", flat=True))
    assert len(adresses) == 2, "les deux adultes reçoivent l’accusé"
    assert Courriel.objects.filter(gabarit="depot")[0].objet.startswith("Demande reçue nº")


def test_2_7_demande_en_attente_puis_bleue(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    demandes = envoyer(tvv, tvv.elio, unite("chaveignes-mercredis"), MERCREDI_9)
    connecter(page, tvv.compte)
    page.goto("/demandes/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mes demandes en attente")
    expect(page.get_by_text("En attente", exact=True).first).to_be_visible()
    sans_debordement(page)
    sans_defaut_axe(page)
    decision.accepter(demandes[0].pk, agent())
    assert all(un.objet.startswith("Acceptée") for un in Courriel.objects.filter(gabarit="decision"))
    assert Courriel.objects.filter(gabarit="decision").exists()
    page.goto("/calendrier/?mois=2026-12")
    page.get_by_role("link", name="Élio").first.click()
    expect(page.locator('table.mois .jour[data-etat="reserve"]')).to_have_count(1)
    sans_debordement(page)
    sans_defaut_axe(page)


# 3. Je fais une demande d'annulation


def test_3_annulation_par_date_rose_puis_validee(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    reserver(tvv, tvv.elio, unite("chaveignes-mercredis"), MERCREDI_9, MERCREDI_16)
    connecter(page, tvv.compte)
    au_calendrier(page)
    expect(jour(page, MERCREDI_9)).to_have_attribute("data-etat", "reserve")
    presser(page, jour(page, MERCREDI_9))
    expect(jour(page, MERCREDI_9)).to_have_attribute("data-etat", "annuler")
    presser(page, page.get_by_role("link", name="Suivant : voir le panier"))
    presser(page, page.get_by_role("button", name="Valider ma demande"))
    page.wait_for_url("**/accuses/*/")
    annulation = Demande.objects.get(nature="annulation")
    decision.accepter(annulation.pk, agent())
    au_calendrier(page)
    expect(jour(page, MERCREDI_9)).to_have_attribute("data-etat", "libre")
    assert verifier() == []


def test_3_annulation_par_periode_desinscrire(tvv: Foyer, page: Page, connecter: Callable[..., None]) -> None:
    reserver(tvv, tvv.elio, unite("chaveignes-mercredis"), MERCREDI_9, MERCREDI_16)
    connecter(page, tvv.compte)
    au_calendrier(page)
    presser(page, page.get_by_text("Inscription ou annulation par période"))
    page.get_by_label("Du", exact=True).fill("2026-12-09")
    page.get_by_label("Au", exact=True).fill("2026-12-09")
    presser(page, page.get_by_text("mer.", exact=True).last)
    presser(page, page.get_by_role("button", name="Désinscrire"))
    expect(jour(page, MERCREDI_9)).to_have_attribute("data-etat", "annuler")
    expect(jour(page, MERCREDI_16)).to_have_attribute("data-etat", "reserve")


def test_3_attention_delai_de_sept_jours_et_trois_par_cycle(
    tvv: Foyer, page: Page, connecter: Callable[..., None]
) -> None:
    jours = [date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)]
    reserver(tvv, tvv.elio, unite("chaveignes-mercredis"), *jours)
    reserver(tvv, tvv.anouk, unite("chaveignes-mercredis"), MERCREDI_2)
    connecter(page, tvv.compte)
    au_calendrier(page)
    case = page.locator('[data-etat="reserve"]', has_text="2").first
    expect(case).to_contain_text("Annulable jusqu’au") if page.viewport_size["width"] > 500 else None  # type: ignore[index]
    presser(page, page.get_by_text("Lire le calendrier"))
    expect(
        page.get_by_text("3 annulations", exact=False).or_(page.get_by_text("trois", exact=False)).first
    ).to_be_attached()


# Once by keyboard only


def test_toute_la_reservation_au_clavier(
    tvv: Foyer, nouvelle_page: Callable[..., Page], connecter: Callable[..., None]
) -> None:
    page = nouvelle_page(1280, 900)
    connecter(page, tvv.compte)
    page.goto("/inscription/enfant/")
    _jusqu_a(page, 'input[name="enfant"]')
    while "Élio" not in page.locator("label:has(input:focus)").inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/inscription/\d+/$"))
    page.wait_for_load_state()
    _jusqu_a(page, 'input[name="centre"]')
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/inscription/\d+/\d+/$"))
    page.wait_for_load_state()
    _jusqu_a(page, ".jour")
    page.keyboard.press("PageDown")
    page.wait_for_url("**mois=2026-12**")
    page.wait_for_load_state()
    _jusqu_a(page, ".jour")
    for _ in range(12):
        if page.evaluate("document.activeElement.value") == MERCREDI_9.isoformat():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(jour(page, MERCREDI_9)).to_have_attribute("data-etat", "panier")
    expect(jour(page, MERCREDI_9)).to_be_focused()  # the day keeps the focus, once the page has settled
    _jusqu_a(page, ".barre a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/panier/")
    page.wait_for_load_state()
    _jusqu_a(page, "button.premier")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accuses/*/")
    assert Demande.objects.get(nature="reservation").etat == "deposee"


def _jusqu_a(page: Page, selecteur: str) -> None:
    """Tab until the element that answers the selector has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selecteur):
            return
    raise AssertionError(f"« {selecteur} » ne s’atteint pas au clavier")
