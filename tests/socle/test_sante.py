"""`GET /sante` tells a machine whether the installation is ready, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

import marelle
from marelle.taches.models import Battement

pytestmark = pytest.mark.django_db


def battre(il_y_a: timedelta = timedelta(0)) -> None:
    instant = timezone.now() - il_y_a
    Battement.objects.create(travailleur="essai", demarre_le=instant, dernier_le=instant)


def test_prete_avec_une_base_et_un_travailleur(client):
    battre()
    reponse = client.get("/sante")
    assert reponse.status_code == 200
    assert reponse.json() | {"taches": {}} == {
        "statut": "pret",
        "version": marelle.__version__,
        "base": "ok",
        "taches": {},
    }
    assert reponse.json()["taches"]["travailleur"] == "ok"
    assert "no-store" in reponse.headers["Cache-Control"]


@pytest.mark.parametrize("il_y_a", [None, timedelta(hours=3)])
def test_indisponible_sans_travailleur(client, il_y_a):
    if il_y_a:
        battre(il_y_a)
    reponse = client.get("/sante")
    assert (reponse.status_code, reponse.json()["statut"]) == (503, "indisponible")
    assert reponse.json()["taches"]["travailleur"] == "absent"


def test_indisponible_quand_la_base_n_a_pas_ses_tables(client):
    battre()
    with connection.schema_editor() if connection.vendor == "postgresql" else connection.cursor() as outil:
        outil.execute("ALTER TABLE taches_battement RENAME TO taches_ailleurs")
    reponse = client.get("/sante")
    assert (reponse.status_code, reponse.json()["base"]) == (503, "a_migrer")


def test_se_lit_seulement(client):
    assert client.post("/sante").status_code == 405
