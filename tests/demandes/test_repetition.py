"""Patterns of repetition, compared with a reference that reads every day of the calendar one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.demandes.repetition import Parite, derouler, fin_apres, lundi, repeter

DATES = st.dates(date(2019, 1, 1), date(2035, 12, 31))
LONGUEURS = st.integers(0, 400)
SEMAINES = st.sets(st.integers(0, 6))


@given(DATES, LONGUEURS, SEMAINES, st.sampled_from(Parite))
def test_repeter_dit_ce_que_dit_le_calendrier(debut: date, duree: int, jours: set[int], parite: Parite) -> None:
    attendues = []
    jour, fin = debut, debut + timedelta(days=duree)
    while jour <= fin:
        numero = int(jour.strftime("%V"))
        voulue = parite == "toutes" or (parite == "paires" and numero % 2 == 0) or (parite == "impaires" and numero % 2)
        if jour.weekday() in jours and voulue:
            attendues.append(jour)
        jour += timedelta(days=1)
    assert repeter(debut, fin, jours, parite) == attendues


@given(DATES, LONGUEURS, SEMAINES)
def test_paires_et_impaires_se_partagent_toutes_les_semaines(debut: date, duree: int, jours: set[int]) -> None:
    fin = debut + timedelta(days=duree)
    deux = repeter(debut, fin, jours, Parite.PAIRES) + repeter(debut, fin, jours, Parite.IMPAIRES)
    assert sorted(deux) == repeter(debut, fin, jours)


@given(DATES, st.integers(1, 6), st.sets(st.integers(0, 41)), LONGUEURS)
def test_derouler_reprend_le_modele_jour_pour_jour(du: date, longueur: int, rangs: set[int], duree: int) -> None:
    debut = lundi(du)
    modele = {debut + timedelta(days=rang) for rang in rangs if rang < 7 * longueur}
    fin = debut + timedelta(days=duree)
    attendues = set()
    for rang in range(duree + 1):
        jour = debut + timedelta(days=rang)
        place = debut + timedelta(days=rang % (7 * longueur))  # the day of the model that this one repeats
        if rang >= 7 * longueur and place in modele:
            attendues.add(jour)
    rendues = list(derouler(modele, longueur, fin))
    assert set(rendues) == attendues
    assert len(rendues) == len(attendues), "aucun jour deux fois"


@given(DATES, st.integers(1, 4), st.integers(1, 53))
def test_la_fin_d_une_copie_est_un_dimanche_apres_le_bon_nombre_de_semaines(
    debut: date, longueur: int, semaines: int
) -> None:
    fin = fin_apres(debut, longueur, semaines)
    assert fin.weekday() == 6
    assert (fin - lundi(debut)).days + 1 == 7 * (longueur + semaines)


def test_une_annee_de_53_semaines_finit_sur_deux_semaines_impaires() -> None:
    mardis = repeter(date(2026, 12, 28), date(2027, 1, 10), {1}, Parite.IMPAIRES)
    assert mardis == [date(2026, 12, 29), date(2027, 1, 5)]


def test_un_modele_dure_au_moins_une_semaine() -> None:
    with pytest.raises(ValueError, match="une semaine"):
        list(derouler([date(2026, 11, 23)], 0, date(2026, 12, 31)))
