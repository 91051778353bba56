"""Public holidays, school holidays and working days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.calendrier import Calendrier, annee_scolaire, feries, paques
from marelle.regles.situation import Periode


@pytest.mark.parametrize(
    ("annee", "attendu"),
    [
        (2019, (4, 21)),
        (2024, (3, 31)),
        (2025, (4, 20)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2028, (4, 16)),
        (2038, (4, 25)),
    ],
)
def test_paques(annee: int, attendu: tuple[int, int]) -> None:
    assert paques(annee) == date(annee, *attendu)


@given(st.integers(1900, 2200))
def test_paques_est_un_dimanche_du_22_mars_au_25_avril(annee: int) -> None:
    jour = paques(annee)
    assert jour.weekday() == 6
    assert date(annee, 3, 22) <= jour <= date(annee, 4, 25)


def test_les_onze_jours_feries() -> None:
    jours = feries(2026)
    assert [jour.strftime("%d/%m") for jour in jours] == [
        "01/01", "06/04", "01/05", "08/05", "14/05", "25/05", "14/07", "15/08", "01/11", "11/11", "25/12",
    ]  # fmt: skip
    assert jours[date(2026, 4, 6)] == "Lundi de Pâques"


def test_l_alsace_moselle_en_a_deux_de_plus() -> None:
    assert set(feries(2027, alsace_moselle=True)) - set(feries(2027)) == {date(2027, 3, 26), date(2027, 12, 26)}


def test_ouvre_ni_week_end_ni_ferie_ni_fermeture() -> None:
    calendrier = Calendrier(frozenset(feries(2026)), jours_fermes=frozenset({date(2026, 5, 15)}))
    assert calendrier.est_ouvre(date(2026, 5, 13))
    assert not calendrier.est_ouvre(date(2026, 5, 14))  # Ascension
    assert not calendrier.est_ouvre(date(2026, 5, 15))  # bridge
    assert not calendrier.est_ouvre(date(2026, 5, 16))  # Saturday
    assert calendrier.ouvres_avant(date(2026, 5, 18), 1) == date(2026, 5, 13)


def test_les_vacances_contiennent_leurs_deux_bouts() -> None:
    noel = Periode("noel", "Noël", date(2026, 12, 19), date(2027, 1, 3))
    calendrier = Calendrier(vacances=(noel,))
    assert calendrier.est_vacances(date(2026, 12, 19))
    assert calendrier.vacances_du(date(2027, 1, 3)) == noel
    assert not calendrier.est_vacances(date(2027, 1, 4))


def test_l_annee_scolaire_commence_en_septembre() -> None:
    assert annee_scolaire(date(2026, 8, 31)) == 2025
    assert annee_scolaire(date(2026, 9, 1)) == 2026
