"""The frame of the pages: errors, the brand's sheet, navigation and tools that the faces give."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import RequestFactory

from marelle.socle import contexte, views
from marelle.socle.contexte import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande():
    requete = RequestFactory().get("/demandes/3/")
    requete.user = AnonymousUser()
    return requete


@pytest.mark.parametrize(
    ("vue", "statut", "fait"),
    [
        (lambda r: views.erreur_400(r, SuspiciousOperation()), 400, "Cette demande n’a pas été comprise"),
        (lambda r: views.erreur_403(r, PermissionDenied()), 403, "Cette page n’est pas ouverte à votre compte"),
        (lambda r: views.erreur_404(r), 404, "Cette page n’est pas dans la marelle"),
        (lambda r: views.csrf(r, "jeton absent"), 403, "Ce formulaire a trop attendu"),
        (views.erreur_500, 500, "Le palet a glissé"),
    ],
)
def test_pages_d_erreur(demande, vue, statut, fait):
    reponse = vue(demande)
    html = reponse.content.decode()
    assert reponse.status_code == statut
    assert f"<h1>{fait}</h1>" in html
    assert f"Erreur {statut}" in html
    assert html.count("<main") == html.count('class="motif"') == 1


def test_une_adresse_inconnue_repond_404(client):
    reponse = client.get("/nulle-part/")
    assert reponse.status_code == 404
    assert "L’adresse est peut-être incomplète" in reponse.content.decode()


def test_l_erreur_500_n_a_besoin_de_rien(demande, django_assert_num_queries):
    with django_assert_num_queries(0):
        views.erreur_500(demande)


def test_quand_la_page_d_erreur_casse_il_reste_une_page(demande, monkeypatch, caplog):
    monkeypatch.setattr(views, "render", lambda *a, **k: 1 / 0)
    reponse = views.erreur_404(demande)
    assert reponse.status_code == 404
    assert "Le palet a glissé" in reponse.content.decode()


def test_la_marque_est_une_feuille_que_le_navigateur_garde(client):
    reponse = client.get("/marque.css")
    assert reponse.content.decode() == ":root{--marque-teinte:200;--marque-vivacite:0.09}\n"
    assert reponse["Content-Type"].startswith("text/css")
    assert "max-age=86400" in reponse["Cache-Control"]
    assert client.get("/marque.css", headers={"if-none-match": reponse["ETag"]}).status_code == 304
    assert client.post("/marque.css").status_code == 405


def test_les_robots_restent_dehors(client):
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_une_face_donne_sa_navigation_ses_outils_et_son_menu(demande, monkeypatch):
    monkeypatch.setitem(
        contexte.NAVIGATIONS,
        "essai",
        lambda r: [Entree("/", "accueil", "Accueil"), Entree("/demandes/", "demandes", "Demandes")],
    )
    monkeypatch.setitem(
        contexte.OUTILS, "essai", lambda r: [Entree("/panier/", "panier", "Panier", nombre=3, nombre_dit="choix")]
    )
    monkeypatch.setitem(contexte.LIENS, "essai", lambda r: [Entree("/aide/", "aide", "Aide en ligne")])
    monkeypatch.setitem(contexte.SOUS_TITRES, "essai", "Portail d’essai")
    demande.face = "essai"
    html = render_to_string("socle/famille.html", request=demande)
    assert '<a href="/demandes/" aria-current="page">' in html
    assert html.count("aria-current") == 1
    assert '<b class="pastille"><span class="sr"> : </span>3<span class="sr"> choix</span></b>' in html
    assert '<a href="/aide/">Aide en ligne</a>' in html
    assert "Portail d’essai" in html
    assert "Se déconnecter" not in html


def test_la_navigation_marque_l_adresse_la_plus_longue(demande):
    entrees = [Entree("/", "a", "A"), Entree("/demandes/", "d", "D"), Entree("/demandes/3/", "t", "T")]
    marquees = contexte._avec_la_courante(entrees, "/demandes/3/")
    assert [entree.est_courant for entree in marquees] == [False, False, True]
    assert [e.est_courant for e in contexte._avec_la_courante(entrees, "/ailleurs/")] == [False] * 3


def test_la_salle_d_attente(horloge):
    from django.utils import timezone

    horloge("2026-11-20 08:00")
    html = render_to_string(
        "socle/attente.html",
        {
            "rang": 48,
            "minutes": 3,
            "arrivee": timezone.now(),
            "titre": "Les inscriptions viennent d'ouvrir",
            "identite": None,
        },
    )
    assert '<p class="r">48<sup>e</sup></p>' in html
    assert "8\u00a0h\u00a000\u00a0min\u00a000\u00a0s" in html
