"""Dates, hours, amounts and typography as the product writes them."""

from datetime import date, datetime, time

import pytest

from marelle.regles.argent import euros
from marelle.regles.bornes import PARIS
from marelle.regles.lecture import FIN_DE_JOURNEE
from marelle.regles.phrases import (
    accorder,
    dire_date,
    dire_date_courte,
    dire_heure,
    dire_limite,
    dire_ouverture,
    dire_periode,
    enumerer,
    typo,
)
from marelle.regles.refus import sans_sortie


@pytest.mark.parametrize(
    ("phrase", "reste"),
    [
        ("Le délai est passé. Appelez le centre.", "Le délai est passé."),
        ("Ce jour est complet. Vous pouvez demander la liste d’attente.", "Ce jour est complet."),
        ("Le délai est passé.", "Le délai est passé."),
    ],
)
def test_un_refus_sans_ce_que_la_famille_peut_faire(phrase: str, reste: str) -> None:
    assert sans_sortie(phrase) == reste


def test_les_dates() -> None:
    assert dire_date(date(2026, 12, 9)) == "mercredi 9 décembre"
    assert dire_date(date(2026, 12, 1), 2026) == "mardi 1er décembre"
    assert dire_date(date(2027, 1, 4), 2026) == "lundi 4 janvier 2027"
    assert dire_date_courte(date(2026, 11, 25)) == "mer. 25"
    assert dire_periode(date(2026, 12, 19), date(2027, 1, 3), 2026) == "du 19 décembre au 3 janvier 2027"


@pytest.mark.parametrize(
    ("heure", "attendu"),
    [(time(8, 30), "8\u00a0h\u00a030"), (time(9), "9\u00a0h"), (FIN_DE_JOURNEE, "minuit"), (time(0), "0\u00a0h"),
     (time(14, 5), "14\u00a0h\u00a005")],
)  # fmt: skip
def test_les_heures(heure: time, attendu: str) -> None:
    assert dire_heure(heure) == attendu


def test_une_limite_est_un_jour_et_une_heure() -> None:
    assert dire_limite(datetime.combine(date(2026, 11, 26), FIN_DE_JOURNEE, PARIS)) == "jeudi 26 novembre à minuit"
    assert dire_limite(datetime(2026, 11, 26, 9, tzinfo=PARIS)) == "jeudi 26 novembre à 9\u00a0h"
    assert dire_ouverture(datetime(2026, 11, 23, tzinfo=PARIS)) == "lundi 23 novembre"


def test_la_typographie() -> None:
    assert typo("L'accueil : « ouvert » ; venez !") == "L’accueil\u00a0: «\u00a0ouvert\u00a0»\u202f; venez\u202f!"
    assert typo("une majoration de 20 %") == "une majoration de 20\u00a0%"
    assert typo("voir https://exemple.fr/?a=1;b") == "voir https://exemple.fr/?a=1;b"


def test_les_accords() -> None:
    assert [accorder(n, "jour ouvré", "jours ouvrés") for n in (0, 1, 2)] == [
        "0 jour ouvré",
        "1 jour ouvré",
        "2 jours ouvrés",
    ]
    assert enumerer(["lundi"]) == "lundi"
    assert enumerer(["lundi", "mardi", "jeudi"], "ou") == "lundi, mardi ou jeudi"


@pytest.mark.parametrize(
    ("centimes", "attendu"),
    [(4860, "48,60 €"), (106480, "1 064,80 €"), (-1120, "−11,20 €"), (5, "0,05 €"), (0, "0,00 €"), (123456789, "1 234 567,89 €")],
)  # fmt: skip
def test_les_montants(centimes: int, attendu: str) -> None:
    assert euros(centimes) == attendu.replace(" ", "\u00a0")
