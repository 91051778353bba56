"""A collectivité is added by a folder: three of the catalogue of rules, different in kind, become portals."""

from pathlib import Path

import pytest
from django.test import Client

from marelle.activites.models import Activite, Ouverture
from marelle.chargement import charger
from marelle.collectivite.identite import identite
from marelle.socle.memoire import oublier

DOSSIERS = {dossier.parent.name: dossier.parent for dossier in Path(__file__).parent.glob("*/collectivite.toml")}
ATTENDUES = {
    "villes-soeurs": (
        "le mercredi précédent à minuit pour le lundi",
        "la veille de l’accueil à minuit",
        "Les annulations ne se font pas en ligne : appelez le centre.",
        "La réservation est acceptée aussitôt s’il reste des places.",
    ),
    "allauch": (
        "Été 2027 : les réservations ouvrent le jeudi 13 mai 2027 à 7 h et ferment le samedi 15 mai 2027 à 20 h",
        "2 semaines par mois au plus.",
        "Quand un jour est complet, la demande rejoint la liste d’attente.",
    ),
    "la-prairie": (
        "15 jours avant le jour de l’accueil",
        "Au moins 3 jours par semaine (2 avec un jour férié)",
        "L’adhésion doit être à jour avant de réserver.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", ATTENDUES)
def test_un_dossier_suffit(code: str) -> None:
    charger(DOSSIERS[code])
    oublier()
    assert identite().code == code
    for activite in Activite.objects.all():
        assert Ouverture.objects.filter(activite=activite, fermeture="").exists(), activite
    page = Client().get("/reglement/").content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    for phrase in ATTENDUES[code]:
        assert phrase in page, phrase
    assert identite().nom in page
    oublier()


def test_la_documentation_nomme_chaque_fichier_et_les_trois_exemples() -> None:
    page = (Path(__file__).parents[2] / "docs" / "nouvelle-collectivite.md").read_text()
    for nom in ("collectivite.toml", "activites.toml", "reglement.toml", "cas/", *ATTENDUES):
        assert nom in page, nom
