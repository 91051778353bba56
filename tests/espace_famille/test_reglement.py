"""The règlement that the portal prints says what the guides say, point by point, on the page and in the PDF."""

import html
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pypdf import PdfReader

from marelle.activites.models import Activite
from marelle.socle.memoire import oublier
from tests.monde import portail

# For each guide: what it says -> where to look (an activity of that chapter) -> the sentence that says it here.
GUIDES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "cc-tvv": (
        ("demandes pour les mercredis et vacances", "Chaveignes mercredis", "Le mercredi, en période d’école."),
        ("mercredis et vacances", "Chaveignes vacances", "Du lundi au vendredi, pendant les vacances scolaires."),
        ("4 jours avant la date d'accueil hors week-ends et jours fériés", "Chaveignes mercredis",
         "Une réservation se demande au plus tard 4 jours ouvrés avant le jour de l’accueil."),
        ("informations obligatoires, validées avant toute demande de réservation", "Chaveignes mercredis",
         "Pour réserver, il faut avoir complété et fait valider la fiche d’information de l’enfant, les autorisations, "
         "les personnes autorisées, la fiche médicale et les documents demandés."),
        ("toute modification doit être validée avant une demande", "Chaveignes mercredis",
         "Une modification du dossier en attente doit être validée avant de réserver."),
        ("traitées selon les places disponibles et par ordre d'arrivée", "Chaveignes mercredis",
         "Le service décide de chaque réservation, par ordre d’arrivée."),
        ("7 jours hors week-ends et jours fériés", "Chaveignes mercredis",
         "Une annulation se demande au plus tard 7 jours ouvrés avant le jour de l’accueil."),
        ("maximum de 3 jours par période/cycle", "Chaveignes mercredis", "3 annulations par période au plus."),
        ("vous recevrez un mail de confirmation une fois la demande validée", "", "Un e-mail vous donne la réponse."),
    ),
    "cc-tvv-2021": (
        ("4 jours hors week-ends et jours fériés", "Chaveignes mercredis",
         "Une réservation se demande au plus tard 4 jours ouvrés avant le jour de l’accueil."),
        ("avec un maximum de 2 jours par période/cycle", "Chaveignes mercredis", "2 réservations par période au plus."),
        ("annulation : 4 jours", "Chaveignes mercredis",
         "Une annulation se demande au plus tard 4 jours ouvrés avant le jour de l’accueil."),
        ("annulation : maximum de 2 jours par période/cycle", "Chaveignes mercredis", "2 annulations par période au plus."),
    ),
    "terres-val-de-loire": (
        ("inscrire à la cantine de l'école", "Cantine Villermain", "Les lundi, mardi, jeudi et vendredi, en période d’école."),
        ("pour les cantines, un seul choix", "Cantine Villermain", "Repas, de 12 h à 13 h 30"),
        ("GARDERIE PERISCOLAIRE : Matin", "Garderie périscolaire OLM", "Matin, de 7 h à 8 h 30"),
        ("GARDERIE PERISCOLAIRE : Après-midi", "Garderie périscolaire OLM", "Après-midi, de 16 h 30 à 18 h 30"),
        ("Fin des pré-inscriptions le 01/07 à 00h00", "Garderie périscolaire OLM",
         "Année scolaire 2026-2027 : les réservations ferment le mercredi 30 juin 2027 à minuit"),
        ("cases grisées : jours pour lesquels l'inscription n'est plus possible", "Garderie périscolaire OLM",
         "Une réservation se demande au plus tard le jeudi de la semaine d’avant à minuit. Passé ce délai, appelez le centre."),
        ("courriel lorsque votre demande sera traitée par les services", "Garderie périscolaire OLM",
         "Le service décide de chaque réservation, par ordre d’arrivée."),
        ("Sur liste d'attente", "Garderie périscolaire OLM",
         "Quand un jour est complet, la demande rejoint la liste d’attente."),
        ("dans certains cas, annuler en cliquant dessus", "Garderie périscolaire OLM",
         "Une annulation se demande au plus tard 1 jour ouvré avant le jour de l’accueil."),
        ("l'inscription a bien été annulée", "Garderie périscolaire OLM", "L’annulation est acceptée aussitôt."),
        ("dans certains cas seulement", "Accueil de loisirs, mercredis",
         "Le service décide de chaque annulation, par ordre d’arrivée."),
        ("choix de la période (ouverte jusqu'au …)", "Accueil de loisirs, vacances",
         "les réservations ferment 2 semaines avant le premier jour de la période."),
    ),
    "chablis": (
        ("ouvrent 4 semaines avant le séjour, jusqu'au mercredi précédant les vacances", "Pontigny vacances",
         "Les réservations ouvrent 4 semaines avant le premier jour de la période et ferment le mercredi précédant le "
         "premier jour des vacances à minuit."),
        ("demandes acceptées ou refusées", "Pontigny vacances",
         "Le service décide de chaque réservation, par ordre d’arrivée."),
        ("demande dans un délai inférieur aux 48h : contacter le Centre", "Chablis mercredi",
         "Une réservation se demande au plus tard 48 heures avant le début de l’accueil. Passé ce délai, appelez le centre."),
        ("délai de 48h pour toute modification de réservation", "Chablis mercredi",
         "Une modification se demande au plus tard 48 heures avant le début de l’accueil."),
        ("passé ce délai, les réservations enregistrées seront facturées", "Chablis mercredi",
         "Passé ce délai, la réservation enregistrée est facturée : appelez le centre."),
        ("modifier tant que la demande n'est pas traitée", "",
         "Tant que le service ne l’a pas traitée, vous pouvez la retirer et en faire une autre."),
        ("un email informant de la validation, ou non", "", "Un e-mail vous donne la réponse."),
        ("Chablis mercredi matin, après-midi, journée", "Chablis mercredi", "Journée avec repas, de 7 h 30 à 18 h 30"),
    ),
    "vals-du-dauphine": (
        ("actions soumises à la validation de la collectivité", "Saint-Victor mercredis",
         "Le service décide de chaque réservation, par ordre d’arrivée."),
        ("prises en compte par le portail, ou lors des permanences", "",
         "Une demande se fait sur ce portail, ou auprès du service."),
        ("Déclarer une absence", "Saint-Victor mercredis", "Déclarer une absence Une absence se déclare jusqu’au jour même"),
        ("absence soumise à la validation", "Saint-Victor mercredis", "Le service valide chaque déclaration d’absence."),
        ("aucun délai n'est écrit", "Saint-Victor mercredis", "aucun autre délai n’est fixé."),
    ),
}  # fmt: skip


def a_plat(texte: str) -> str:
    return " ".join(html.unescape(texte).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture(params=GUIDES)
def guide(request: pytest.FixtureRequest, db: None, horloge: Callable[[str], object]) -> str:
    horloge("2026-11-20 18:00")
    portail(request.param)
    return str(request.param)


def test_chaque_phrase_du_guide_a_la_sienne(guide: str) -> None:
    page = Client().get("/reglement/").content.decode()
    chapitres = [a_plat(strip_tags(part.replace("<", " <"))) for part in page.split("<section")]
    for dit, activite, phrase in GUIDES[guide]:
        ceux = [chapitre for chapitre in chapitres if activite in chapitre]
        assert any(phrase in chapitre for chapitre in ceux), (dit, activite, phrase)


def test_le_pdf_dit_la_meme_chose(guide: str) -> None:
    reponse = Client().get("/reglement/pdf")
    assert reponse["Content-Type"] == "application/pdf"
    assert f"reglement-{guide}-" in reponse["Content-Disposition"]
    dit = a_plat(" ".join(une.extract_text() for une in PdfReader(io.BytesIO(reponse.content)).pages))
    for _, _, phrase in GUIDES[guide]:
        assert phrase.removeprefix("Déclarer une absence ") in dit.replace("• ", ""), phrase


@pytest.mark.parametrize("guide", ["cc-tvv"], indirect=True)
def test_la_decision_propre_d_une_activite_passe_avant_celle_du_reglement(guide: str) -> None:
    """On the page and in the help, for the activity that has one; the others keep what the règlement says."""
    du_reglement, propre = "Le service décide de chaque réservation", "La réservation est acceptée aussitôt s’il reste"

    def dites(adresse: str) -> tuple[bool, bool]:
        page = a_plat(Client().get(adresse).content.decode())
        return propre in page, du_reglement in page

    assert dites("/reglement/") == dites("/aide/") == (False, True)
    Activite.objects.filter(code="chaveignes-mercredis").update(mode_decision="automatique")
    oublier()
    assert dites("/reglement/") == dites("/aide/") == (True, True)
    Activite.objects.update(mode_decision="automatique")
    oublier()
    assert dites("/reglement/") == dites("/aide/") == (True, False)


def test_l_aide_y_mene(guide: str) -> None:
    assert 'href="/reglement/"' in Client().get("/aide/").content.decode()


def test_la_page_se_lit_en_peu_de_requetes(guide: str, django_assert_max_num_queries: Callable[[int], object]) -> None:
    oublier()
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert Client().get("/reglement/").status_code == 200
