"""« La semaine de la famille »: what it shows and costs, what it puts in the cart and refuses, that everybody can use it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from marelle.activites.models import Jauge
from marelle.collectivite.models import Collectivite
from marelle.demandes import depot, ensemble, panier
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.verification import verifier
from marelle.socle.memoire import oublier
from tests.distribution import Foyer, famille_fauvel, karim
from tests.monde import dossier_complet, envoyer, portail, reserver, roussel_prets, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
MERCREDI = date(2026, 12, 9)
pytestmark = pytest.mark.base


def ouvrir_l_ecran(*ecrans: str) -> None:
    """The collectivité switches these screens on."""
    ligne = Collectivite.objects.get()
    dits = ", ".join(f'"{ecran}"' for ecran in ("panier", *ecrans))
    ligne.texte = ligne.texte.replace('ecrans = ["panier"]', f"ecrans = [{dits}]")
    ligne.save()
    oublier()


def _monde(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    ouvrir_l_ecran("semaine")
    return roussel_prets()


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    return _monde(horloge)


@pytest.fixture
def client(roussel: Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def case(enfant: object, jour: date = MERCREDI, activite: str = "chaveignes-mercredis", code: str = "journee") -> str:
    return f"{enfant.pk}.{unite(activite, code).pk}.{jour.isoformat()}"  # type: ignore[attr-defined]


def au_panier(foyer: Foyer) -> set[tuple[str, date]]:
    return {
        (ligne.demande.enfant.prenom, ligne.date)  # type: ignore[union-attr]
        for ligne in panier.lignes_du_panier(foyer.famille)
    }


def test_un_ecran_ferme_n_existe_pas(client: Client, roussel: Foyer) -> None:
    assert client.get("/semaine/").status_code == 200
    ligne = Collectivite.objects.get()
    ligne.texte = ligne.texte.replace(', "semaine"', "")
    ligne.save()
    oublier()
    assert client.get("/semaine/").status_code == 404
    assert client.post("/semaine/case", {"case": case(roussel.elio)}).status_code == 404
    assert "semaine de la famille" not in client.get("/inscription/").content.decode()


def test_une_case_met_au_panier_puis_en_sort_puis_annule(client: Client, roussel: Foyer) -> None:
    for attendu in ({("Élio", MERCREDI)}, set()):
        reponse = client.post("/semaine/case", {"case": case(roussel.elio), "du": "2026-12-07"})
        assert reponse.status_code == 302
        assert au_panier(roussel) == attendu
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)  # type: ignore[arg-type]
    client.post("/semaine/case", {"case": case(roussel.elio), "du": "2026-12-07"})
    [ligne] = panier.lignes_du_panier(roussel.famille)
    assert ligne.demande.nature == "annulation"
    page = client.get("/semaine/?du=2026-12-07").content.decode()
    assert "À annuler" in page


def test_chaque_etat_se_lit(client: Client, roussel: Foyer) -> None:
    journee = unite("chaveignes-mercredis")
    reserver(roussel, roussel.anouk, journee, MERCREDI)  # type: ignore[arg-type]
    envoyer(roussel, roussel.elio, journee, MERCREDI)  # type: ignore[arg-type]
    panier.basculer(roussel.famille, roussel.jeanne, journee, MERCREDI)  # type: ignore[arg-type]
    page = client.get("/semaine/?du=2026-12-07").content.decode()
    for etat in ("reserve", "attente", "panier", "libre"):
        assert f'data-etat="{etat}"' in page, etat
    passee = client.get("/semaine/?du=2026-11-16").content.decode()
    assert "Pourquoi certains jours sont gris" in passee


def test_la_page_tient_son_budget_pour_un_mois(client: Client, roussel: Foyer) -> None:
    journee = unite("chaveignes-mercredis")
    Jauge.objects.filter(activite__code="chaveignes-mercredis", date=MERCREDI, groupe__age_min=6).update(places=0)
    for enfant in roussel.enfants.values():
        envoyer(roussel, enfant, journee, MERCREDI)  # one waits in line: its rank is read too
    adresse = "/semaine/?du=2026-12-07&semaines=5"  # two weeks of holidays: every day of them opens
    assert client.get(adresse).status_code == 200
    with CaptureQueriesContext(connection) as contexte:
        page = client.get(adresse).content
    requetes = [r["sql"] for r in contexte.captured_queries if not r["sql"].startswith(TRANSACTION)]
    assert len(requetes) <= 12, requetes
    assert len(page) <= 80_000, len(page)
    durees = []
    for _ in range(5):
        debut = time.perf_counter()
        client.get(adresse)
        durees.append(time.perf_counter() - debut)
    print(f"semaine: {len(requetes)} SQL, {len(page)} o, {min(durees) * 1000:.0f} ms")


def test_repeter_un_mercredi_sur_deux_pour_tous(client: Client, roussel: Foyer) -> None:
    donnees = {
        "du": "2026-11-30",
        "repeter-service": unite("chaveignes-mercredis").pk,
        "repeter-jours": ["2"],
        "repeter-parite": "paires",
        "repeter-jusquau": "2026-12-18",
        "repeter-enfants": [enfant.pk for enfant in roussel.enfants.values()],
    }
    assert client.post("/semaine/repetition", donnees).status_code == 302
    assert au_panier(roussel) == {(un.prenom, MERCREDI) for un in roussel.enfants.values()}


def test_copier_la_semaine_puis_vers_un_frere(client: Client, roussel: Foyer) -> None:
    panier.basculer(roussel.famille, roussel.elio, unite("chaveignes-mercredis"), date(2026, 12, 2))  # type: ignore[arg-type]
    ou = {"du": "2026-11-30", "semaines_montrees": "1"}
    copie = {**ou, "copier-modele": "1", "copier-semaines": "2", "copier-enfants": [roussel.elio.pk]}
    assert client.post("/semaine/copie", copie).status_code == 302
    assert {jour for _, jour in au_panier(roussel)} == {date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)}
    vers = {**ou, "fratrie-de": roussel.elio.pk, "fratrie-enfants": [roussel.anouk.pk]}
    assert client.post("/semaine/fratrie", vers).status_code == 302
    assert ("Anouk", date(2026, 12, 2)) in au_panier(roussel)


@pytest.mark.parametrize("geste", ["repetition", "copie", "fratrie"])
def test_un_formulaire_vide_se_dit(client: Client, roussel: Foyer, geste: str) -> None:
    reponse = client.post(f"/semaine/{geste}", {"du": "n’importe quoi"})
    assert reponse.status_code == 422
    assert not au_panier(roussel)


def test_l_enfant_d_une_autre_famille(client: Client, roussel: Foyer) -> None:
    fauvel = famille_fauvel()
    dossier_complet(fauvel, fauvel.malo)  # type: ignore[arg-type]
    assert client.post("/semaine/case", {"case": case(fauvel.malo)}).status_code == 404
    assert client.post("/semaine/case", {"case": "1.2"}).status_code == 400
    panier.basculer(roussel.famille, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)  # type: ignore[arg-type]
    avant = list(JourDemande.objects.values_list("pk", flat=True))
    ou = {"du": "2026-12-07", "semaines_montrees": "1"}
    forges = {
        "repetition": {
            "repeter-service": unite("chaveignes-mercredis").pk,
            "repeter-jours": ["2"],
            "repeter-parite": "toutes",
            "repeter-jusquau": "2026-12-18",
            "repeter-enfants": [fauvel.malo.pk],
        },
        "copie": {"copier-modele": "1", "copier-semaines": "2", "copier-enfants": [fauvel.malo.pk]},
        "fratrie": {"fratrie-de": roussel.elio.pk, "fratrie-enfants": [fauvel.malo.pk]},
    }
    for geste, donnees in forges.items():
        assert client.post(f"/semaine/{geste}", {**ou, **donnees}).status_code == 422, geste
    volee = {"fratrie-de": fauvel.malo.pk, "fratrie-enfants": [roussel.anouk.pk]}
    assert client.post("/semaine/fratrie", {**ou, **volee}).status_code == 422
    assert list(JourDemande.objects.values_list("pk", flat=True)) == avant
    assert "Malo" not in client.get("/semaine/?du=2026-12-07").content.decode()


# Ensemble sinon rien


def _deux_au_panier(foyer: Foyer, *, places: int) -> None:
    """Anouk and Élio want two Wednesdays; the first of them has so many places left for their group."""
    journee = unite("chaveignes-mercredis")
    for enfant in (foyer.anouk, foyer.elio):
        for jour in (MERCREDI, date(2026, 12, 16)):
            panier.basculer(foyer.famille, enfant, journee, jour)  # type: ignore[arg-type]
    Jauge.objects.filter(activite__code="chaveignes-mercredis", date=MERCREDI, groupe__age_min=6).update(places=places)


def _envoyer(foyer: Foyer) -> depot.Depot:
    return depot.deposer_panier(foyer.famille, depot.panier_de(foyer.famille).jeton, foyer.auteur)


def test_une_seule_place_pour_deux_ne_va_a_personne(client: Client, roussel: Foyer) -> None:
    _deux_au_panier(roussel, places=1)
    assert client.post("/semaine/ensemble", {"ensemble": "oui"}).status_code == 302
    rendu = _envoyer(roussel)
    assert {ligne.jour.date for ligne in rendu.refuses} == {MERCREDI}
    assert len(rendu.refuses) == 2
    assert all("ensemble sinon rien" in ligne.verdict.phrase for ligne in rendu.refuses)
    assert set(
        Jauge.objects.filter(activite__code="chaveignes-mercredis", date=MERCREDI, groupe__age_min=6).values_list(
            "retenues", "attente"
        )
    ) == {(0, 0)}
    envoyees = Demande.objects.filter(etat="deposee")
    assert {jour.date for une in envoyees for jour in une.jours.all()} == {date(2026, 12, 16)}
    assert len(set(envoyees.values_list("ensemble", flat=True))) == 1
    assert None not in set(envoyees.values_list("ensemble", flat=True))
    assert verifier() == []


def test_le_panier_le_dit_avant_l_envoi(client: Client, roussel: Foyer) -> None:
    _deux_au_panier(roussel, places=0)
    ensemble.lier(roussel.famille, ensemble=True)
    assert "ensemble sinon rien" in client.get("/panier/").content.decode()


def test_sans_le_lien_chacun_suit_sa_route(client: Client, roussel: Foyer) -> None:
    _deux_au_panier(roussel, places=1)
    client.post("/semaine/ensemble", {"ensemble": "oui"})
    client.post("/semaine/ensemble", {"ensemble": "non"})
    assert _envoyer(roussel).refuses == []
    assert Demande.objects.filter(etat="liste_attente").count() == 1
    assert verifier() == []


def test_une_place_prise_entre_le_panier_et_l_envoi(client: Client, roussel: Foyer) -> None:
    """The race: both are possible when looked at; a neighbour takes the place in between."""
    fauvel = famille_fauvel()
    dossier_complet(fauvel, fauvel.malo)  # type: ignore[arg-type]
    _deux_au_panier(roussel, places=2)
    ensemble.lier(roussel.famille, ensemble=True)
    assert "ensemble sinon rien" not in client.get("/panier/").content.decode()
    reserver(fauvel, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI)  # type: ignore[arg-type]
    rendu = _envoyer(roussel)
    assert {(ligne.jour.date) for ligne in rendu.refuses} == {MERCREDI}
    assert len(rendu.refuses) == 2
    assert set(
        Jauge.objects.filter(activite__code="chaveignes-mercredis", date=MERCREDI, groupe__age_min=6).values_list(
            "retenues", "prises"
        )
    ) == {(0, 1)}
    assert verifier() == []


# In a browser


@pytest.mark.navigateur
@pytest.mark.parametrize("mode", ["tactile", "clavier"])
def test_trois_enfants_six_semaines_en_douze_gestes(
    transactional_db: None,
    horloge: Callable[[str], object],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
    mode: str,
) -> None:
    foyer = _monde(horloge)
    page = nouvelle_page(360, 740, tactile=mode == "tactile")
    connecter(page, foyer.compte)
    gestes = 0

    def faire(ou, valeur: str = "") -> None:  # type: ignore[no-untyped-def]
        nonlocal gestes
        gestes += 1
        if valeur:
            ou.fill(valeur)
        elif mode == "tactile":
            ou.tap()
        else:
            ou.focus()
            case_a_cocher = ou.evaluate("e => e.tagName == 'INPUT'")
            page.keyboard.press("Space" if case_a_cocher else "Enter")

    page.goto("/semaine/?du=2026-11-30")
    faire(page.locator("summary", has_text="Répéter un jour"))
    if mode == "clavier":
        faire(page.get_by_role("checkbox", name="mer."))
    else:
        faire(page.get_by_text("mer.", exact=True).locator("visible=true").last)
    faire(page.locator("#id_repeter-jusquau"), "2027-01-13")
    faire(page.get_by_role("button", name="Mettre ces jours au panier"))
    faire(page.get_by_role("link", name="Suivant : voir le panier"))
    faire(page.get_by_role("button", name="Valider ma demande"))
    page.wait_for_url("**/accuses/*/")
    assert gestes <= 12
    assert Demande.objects.filter(etat="deposee").count() == 3
    assert {une.jours.count() for une in Demande.objects.filter(etat="deposee")} == {5}, "six semaines, Noël en moins"


@pytest.mark.navigateur
@pytest.mark.parametrize(("largeur", "theme"), [(1280, "light"), (360, "dark")])
def test_la_semaine_se_lit_par_tous(
    transactional_db: None,
    horloge: Callable[[str], object],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
    largeur: int,
    theme: str,
) -> None:
    foyer = _monde(horloge)
    journee = unite("chaveignes-mercredis")
    reserver(foyer, foyer.anouk, journee, MERCREDI)  # type: ignore[arg-type]
    page = nouvelle_page(largeur, 800, theme=theme)
    connecter(page, foyer.compte)
    page.goto("/semaine/?du=2026-12-07")
    bouton = page.locator(f'button[value="{case(foyer.elio)}"]')
    bouton.click()
    expect(page.locator(f'button[value="{case(foyer.elio)}"][data-etat="panier"]')).to_be_visible()
    for pli in page.locator("details.carte > summary").all():
        pli.click()
    sans_debordement(page)
    sans_defaut_axe(page)
    page.goto("/agenda-ics/")
    page.get_by_role("button", name="Créer mon adresse").click()
    expect(page.get_by_label("Adresse à ajouter dans votre agenda")).to_have_value(re.compile(r"/flux/[\w-]+\.ics$"))
    sans_debordement(page)
    sans_defaut_axe(page)


@pytest.mark.navigateur
def test_la_semaine_sans_script(
    transactional_db: None,
    horloge: Callable[[str], object],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
) -> None:
    foyer = _monde(horloge)
    page = nouvelle_page(360, 740, javascript=False)
    connecter(page, foyer.compte)
    page.goto("/semaine/?du=2026-12-07")
    page.locator(f'button[value="{case(foyer.elio)}"]').click()
    page.get_by_role("link", name="Suivant : voir le panier").click()
    page.get_by_role("button", name="Valider ma demande").click()
    page.wait_for_url("**/accuses/*/")
