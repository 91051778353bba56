"""One règlement whose guide B follows guide A from a date: each day of care has its own text, both in force at once."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from marelle.collectivite.models import TexteReglement
from marelle.regles.essai import essayer
from marelle.regles.reglement import lire_reglement
from marelle.socle.memoire import oublier
from tests.monde import portail

COLLECTIVITES = Path(__file__).parents[2] / "collectivites"

CAS = """
[periodes]
mercredis-mai-juin-2024 = { debut = 2024-05-13, fin = 2024-07-05 }
mercredis-sept-oct-2024 = { debut = 2024-09-02, fin = 2024-10-18 }

[defaut]
activite = "chaveignes-mercredis"
action = "annuler"

[[cas]]
cas = "Avant : l’annulation, 4 jours"
periode = "mercredis-mai-juin-2024"
maintenant = 2024-06-13T10:00:00
jour = 2024-06-19
attendu = { issue = "instruire", limite = 2024-06-13 }

[[cas]]
cas = "Avant : 2 annulations par période"
periode = "mercredis-mai-juin-2024"
maintenant = 2024-06-03T10:00:00
jour = 2024-06-19
deja = [2024-05-15, 2024-05-22]
attendu = { issue = "refuser", clause = "annuler.maximum" }

[[cas]]
cas = "Avant : 2 réservations par période"
action = "reserver"
periode = "mercredis-mai-juin-2024"
maintenant = 2024-06-03T10:00:00
jour = 2024-06-19
deja = [2024-05-15, 2024-05-22]
attendu = { issue = "refuser", clause = "reserver.maximum" }

[[cas]]
cas = "En août, un jour d’août suit encore l’ancien texte"
maintenant = 2024-08-22T10:00:00
jour = 2024-08-28
attendu = { issue = "instruire", limite = 2024-08-22 }

[[cas]]
cas = "… et un jour de septembre le nouveau"
periode = "mercredis-sept-oct-2024"
maintenant = 2024-08-27T10:00:00
jour = 2024-09-04
attendu = { issue = "refuser", clause = "annuler.delai", limite = 2024-08-26 }

[[cas]]
cas = "Après : 3 annulations par période"
periode = "mercredis-sept-oct-2024"
maintenant = 2024-09-03T10:00:00
jour = 2024-10-02
deja = [2024-09-11, 2024-09-18]
attendu = { issue = "instruire", clause = "annuler.decision" }

[[cas]]
cas = "Après : aucun maximum de réservations"
action = "reserver"
periode = "mercredis-sept-oct-2024"
maintenant = 2024-09-03T10:00:00
jour = 2024-10-02
deja = [2024-09-11, 2024-09-18, 2024-09-25]
attendu = { issue = "instruire", clause = "reserver.decision" }
"""


def les_deux_guides() -> str:
    """The text of guide A, then the version of guide B added under it, as the service would."""
    ancien = (COLLECTIVITES / "cc-tvv-2021" / "reglement.toml").read_text()
    nouveau = (COLLECTIVITES / "cc-tvv" / "reglement.toml").read_text()
    return ancien + "\n" + nouveau[nouveau.index("[[version]]") :]


def test_guide_b_suit_guide_a_a_partir_d_une_date(tmp_path: Path) -> None:
    (tmp_path / "reglement.toml").write_text(les_deux_guides())
    (tmp_path / "cas.toml").write_text(CAS)
    resultats = list(essayer(tmp_path / "reglement.toml", tmp_path / "cas.toml"))
    assert len(resultats) == 7
    assert [resultat for resultat in resultats if not resultat["ok"]] == []


def test_un_seul_reglement_deux_versions_en_ordre() -> None:
    versions = lire_reglement(les_deux_guides()).versions
    assert [(une.code, une.en_vigueur_le) for une in versions] == [
        ("guide-a", date(2021, 9, 1)),
        ("guide-b", date(2024, 9, 1)),
    ]


@pytest.mark.django_db
def test_la_page_du_reglement_dit_chaque_version() -> None:
    portail("cc-tvv")
    TexteReglement.objects.create(texte=les_deux_guides(), empreinte="deux-guides", source="deux guides")
    oublier()
    client = Client()
    aujourd_hui = client.get("/reglement/").content.decode()
    assert "En vigueur depuis le 1er septembre 2024" in aujourd_hui
    assert "3 annulations par période au plus" in aujourd_hui
    avant = client.get("/reglement/?version=guide-a").content.decode()
    assert "Version du 1er septembre 2021 : ce n’est pas celle d’aujourd’hui" in avant.replace("\u00a0", " ")
    assert "2 réservations par période au plus" in avant
    assert client.get("/reglement/?version=inconnue").status_code == 404
    oublier()
