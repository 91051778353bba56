"""The feed of a household's bookings: valid, without more than it must say, dead as soon as it is revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from marelle.activites.models import Activite
from marelle.reservations.models import Absence, FluxAgenda, Reservation
from tests.distribution import Foyer, famille_fauvel, karim
from tests.monde import dossier_complet, portail, reserver, roussel_prets, unite

MERCREDIS = (date(2026, 12, 9), date(2026, 12, 16))
pytestmark = pytest.mark.base


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    foyer = roussel_prets()
    reserver(foyer, foyer.elio, unite("chaveignes-mercredis"), *MERCREDIS)  # type: ignore[arg-type]
    return foyer


def connecte(foyer: Foyer) -> Client:
    client = Client()
    client.force_login(foyer.compte)
    return client


def creer(foyer: Foyer) -> str:
    """The path of a new address, as the page shows it once."""
    page = connecte(foyer).post("/agenda-ics/adresse").content.decode()
    trouve = re.search(r"/flux/[\w-]+\.ics", page)
    assert trouve, page
    return trouve[0]


def lire(chemin: str) -> Calendar:
    reponse = Client().get(chemin)  # nobody is signed in: the secret is enough
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(reponse.content)


def test_le_flux_dit_les_reservations_et_les_annulations(roussel: Foyer) -> None:
    Reservation.objects.filter(date=MERCREDIS[1]).update(etat="annulee_centre", motif="Grève")
    premier, second = lire(creer(roussel)).walk("VEVENT")
    assert premier["SUMMARY"] == "Élio, Chaveignes mercredis"
    assert (premier["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert premier["DTSTART"].dt == datetime(2026, 12, 9, 6, 30, tzinfo=UTC), "7 h 30 à Paris, l’hiver"
    assert "Grève" in second["DESCRIPTION"]
    assert premier["UID"] != second["UID"]


def test_une_absence_declaree_est_une_absence_sans_son_motif(roussel: Foyer) -> None:
    """Taken back, it is a booking again, under a number that calendars do not take for an older one."""
    absence = Absence.objects.create(
        reservation=Reservation.objects.get(date=MERCREDIS[0]), motif="maladie", message="Varicelle",
        declaree_le=datetime(2026, 11, 18, 10, tzinfo=UTC),
    )  # fmt: skip
    chemin = creer(roussel)
    premier, second = lire(chemin).walk("VEVENT")
    assert premier["SUMMARY"] == "Absence : Élio, Chaveignes mercredis"
    assert (premier["STATUS"], premier["DESCRIPTION"]) == ("CANCELLED", "Journée avec repas. Absence déclarée.")
    assert (second["STATUS"], second["SUMMARY"]) == ("CONFIRMED", "Élio, Chaveignes mercredis")
    brut = Client().get(chemin).content.decode().lower()
    assert "maladie" not in brut
    assert "varicelle" not in brut
    absence.etat = Absence.Etat.RETIREE
    absence.save()
    repris = lire(chemin).walk("VEVENT")[0]
    assert (repris["SUMMARY"], repris["STATUS"]) == ("Élio, Chaveignes mercredis", "CONFIRMED")
    assert repris["SEQUENCE"] == premier["SEQUENCE"]


def test_rien_de_plus_que_les_prenoms(roussel: Foyer) -> None:
    contenu = Client().get(creer(roussel)).content.decode()
    for secret in ("Roussel", "FAM-00001", "06 12", "familles.exemple", "Puits", "MAIF"):
        assert secret not in contenu, secret


def test_les_signes_de_la_norme_sont_proteges(roussel: Foyer) -> None:
    """Semicolons, commas, backslashes, line ends, and lines longer than 75 bytes that hold accents."""
    long = "Mercredis ; l’été, à Noël\\Pâques " + "é" * 80
    Activite.objects.filter(code="chaveignes-mercredis").update(nom=long)
    chemin = creer(roussel)
    assert lire(chemin).walk("VEVENT")[0]["SUMMARY"] == f"Élio, {long}"
    brut = Client().get(chemin).content
    assert all(len(ligne) <= 75 for ligne in brut.split(b"\r\n"))
    assert b"\n" not in brut.replace(b"\r\n", b"")


def test_une_adresse_revoquee_ou_changee_ne_repond_plus(roussel: Foyer) -> None:
    ancienne = creer(roussel)
    nouvelle = creer(roussel)
    assert Client().get(ancienne).status_code == 404
    assert Client().get(nouvelle).status_code == 200
    connecte(roussel).post("/agenda-ics/suppression")
    assert Client().get(nouvelle).status_code == 404
    assert not FluxAgenda.objects.exists()


@pytest.mark.parametrize("jeton", ["inconnu", "a" * 400, "..%2F", "%00", "é"])
def test_un_secret_inconnu_est_introuvable(roussel: Foyer, jeton: str) -> None:
    creer(roussel)
    assert Client().get(f"/flux/{jeton}.ics").status_code == 404
    assert Client().get(f"/flux/{FluxAgenda.objects.get().empreinte}.ics").status_code == 404


def test_une_famille_archivee_n_a_plus_de_flux(roussel: Foyer) -> None:
    chemin = creer(roussel)
    roussel.famille.est_archivee = True
    roussel.famille.save()
    assert Client().get(chemin).status_code == 404


def test_chacun_le_sien(roussel: Foyer) -> None:
    fauvel = famille_fauvel()
    dossier_complet(fauvel, fauvel.malo)  # type: ignore[arg-type]
    reserver(fauvel, fauvel.malo, unite("chaveignes-mercredis"), MERCREDIS[0])  # type: ignore[arg-type]
    assert {evenement["SUMMARY"].split(",")[0] for evenement in lire(creer(fauvel)).walk("VEVENT")} == {"Malo"}
    connecte(fauvel).post("/agenda-ics/suppression")
    assert Client().get(creer(roussel)).status_code == 200


def test_le_secret_n_est_montre_qu_une_fois_et_le_flux_coute_deux_requetes(roussel: Foyer) -> None:
    chemin = creer(roussel)
    jeton = chemin.removeprefix("/flux/").removesuffix(".ics")
    assert len(jeton) >= 27, "160 bits"
    assert jeton not in connecte(roussel).get("/agenda-ics/").content.decode()
    Client().get(chemin)
    with CaptureQueriesContext(connection) as contexte:
        Client().get(chemin)
    assert len(contexte.captured_queries) <= 3, contexte.captured_queries
