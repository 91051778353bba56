"""A mandate of direct debit that nothing used for 36 calendar months is void."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.calendrier import plus_des_mois
from marelle.regles.sepa import caduc_le

JOURS = st.dates(date(2009, 11, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("dernier", "attendu"),
    [
        (date(2023, 11, 20), date(2026, 11, 20)),
        (date(2023, 12, 31), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2021, 2, 28), date(2024, 2, 28)),
    ],
)
def test_trente_six_mois_de_calendrier(dernier: date, attendu: date) -> None:
    assert caduc_le(dernier) == attendu


@given(JOURS)
def test_trois_ans_le_meme_jour_ou_la_fin_du_mois(dernier: date) -> None:
    le = caduc_le(dernier)
    assert (le.year, le.month) == (dernier.year + 3, dernier.month)
    assert le.day == dernier.day or (le + timedelta(days=1)).day == 1
    assert le > plus_des_mois(dernier, 35) + timedelta(days=27)


@given(JOURS, JOURS)
def test_un_prelevement_plus_tard_ne_rend_jamais_caduc_plus_tot(un: date, autre: date) -> None:
    assert caduc_le(min(un, autre)) <= caduc_le(max(un, autre))


@given(JOURS, st.integers(0, 60), st.integers(0, 60))
def test_les_mois_s_ajoutent_depuis_un_premier_du_mois(jour: date, mois: int, autres: int) -> None:
    premier = jour.replace(day=1)
    assert plus_des_mois(plus_des_mois(premier, mois), autres) == plus_des_mois(premier, mois + autres)
    assert plus_des_mois(jour, 0) == jour
