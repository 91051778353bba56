"""Dates, hours, amounts, counts and typography are said as French writes them."""

from datetime import UTC, date, datetime, time

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString, mark_safe

from marelle.socle import francais
from marelle.socle.francais import INSECABLE as I
from marelle.socle.templatetags import marelle as mots

FINE = "\u202f"


@pytest.fixture(autouse=True)
def _vendredi_20_novembre(horloge):
    horloge("2026-11-20 09:00")


def test_dates():
    assert mots.date_longue(date(2026, 11, 25)) == "mercredi 25 novembre"
    assert mots.date_longue(date(2026, 12, 1)) == "mardi 1er décembre"
    assert mots.date_longue(date(2027, 7, 2)) == "vendredi 2 juillet 2027"
    assert mots.date_sans_jour(date(2026, 8, 31)) == "31 août"
    assert mots.date_courte(date(2026, 11, 25)) == "mer. 25"
    assert mots.date_courte(date(2026, 12, 1)) == "mar. 1er"
    assert mots.nom_du_mois(date(2026, 12, 1)) == "Décembre 2026"
    assert mots.date_longue(None) == ""


def test_heures_et_instants_a_paris():
    assert mots.heure(time(8, 30)) == f"8{I}h{I}30"
    assert mots.heure(time(8)) == f"8{I}h"
    assert mots.heure(time(0)) == f"0{I}h"
    assert mots.heure(time(23, 59, 59)) == "minuit"
    assert mots.instant(datetime(2026, 11, 17, 9, 30, tzinfo=UTC)) == f"mardi 17 novembre à 10{I}h{I}30"
    assert mots.instant(datetime(2026, 7, 14, 22, 30, tzinfo=UTC)) == f"mercredi 15 juillet à 0{I}h{I}30"
    # A day has two midnights: an instant says the one that opens it, a deadline the one that closes it.
    assert mots.instant(datetime(2026, 11, 30, 23, tzinfo=UTC)) == f"mardi 1er décembre à 0{I}h"
    assert mots.limite(datetime(2026, 11, 30, 23, tzinfo=UTC)) == "lundi 30 novembre à minuit"
    assert mots.limite(datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)) == "lundi 30 novembre à minuit"
    assert mots.heure_exacte(datetime(2026, 11, 20, 7, 0, 12, tzinfo=UTC)) == f"8{I}h{I}00{I}min{I}12{I}s"


@pytest.mark.parametrize(
    ("quand", "dit"),
    [
        (datetime(2026, 11, 20, 7, 59, 50, tzinfo=UTC), "à l’instant"),
        (datetime(2026, 11, 20, 7, 58, tzinfo=UTC), "il y a 2 minutes"),
        (datetime(2026, 11, 20, 6, 59, tzinfo=UTC), "il y a 1 heure"),
        (datetime(2026, 11, 19, 20, 4, tzinfo=UTC), "hier"),
        (datetime(2026, 11, 17, 8, tzinfo=UTC), "il y a 3 jours"),
        (datetime(2026, 11, 3, 8, tzinfo=UTC), "le 3 novembre"),
    ],
)
def test_depuis(quand, dit):
    assert mots.depuis(quand) == dit


@pytest.mark.parametrize(
    ("centimes", "dit"),
    [(4860, f"48,60{I}€"), (106480, f"1{I}064,80{I}€"), (-1120, f"−11,20{I}€"), (5, f"0,05{I}€"), (0, f"0,00{I}€")],
)
def test_euros(centimes, dit):
    assert mots.euros(centimes) == dit


def test_comptes_et_rangs():
    assert [mots.compte(n, "jour") for n in (0, 1, 2)] == ["0 jour", "1 jour", "2 jours"]
    assert mots.compte(1200, "place") == f"1{I}200 places"
    assert mots.compte(2, "travail,travaux") == "2 travaux"
    assert mots.compte(3, "mois") == "3 mois"
    assert (mots.pluriel(1), mots.pluriel(2), mots.pluriel(2, "est,sont"), mots.pluriel(0, "est,sont")) == (
        "", "s", "sont", "est",
    )  # fmt: skip
    assert (mots.rang(1), mots.rang(1, "f"), mots.rang(3)) == ("1<sup>er</sup>", "1<sup>re</sup>", "3<sup>e</sup>")
    assert (mots.age(date(2017, 11, 21)), mots.age(date(2017, 11, 20)), mots.age(date(2025, 3, 1))) == (
        "8 ans", "9 ans", "20 mois",
    )  # fmt: skip
    assert mots.enumere(["Anouk", "Élio", "Jeanne"]) == "Anouk, Élio et Jeanne"
    assert mots.nombre(1064.5) == f"1{I}064,5"
    assert mots.telephone("02 47 00 00 00") == "+33247000000"


@pytest.mark.parametrize(
    ("brut", "juste"),
    [
        ("L'été : « oui » !", f"L’été{I}: «{I}oui{I}»{FINE}!"),
        ("Ça va ? Oui ; non", f"Ça va{FINE}? Oui{FINE}; non"),
        ("48,60 € à 8 h 30", f"48,60{I}€ à 8{I}h{I}30"),
        ("10 Mo, 9 ans, quotient 1 020", f"10{I}Mo, 9{I}ans, quotient 1{I}020"),
        ("«Garderie»", f"«{I}Garderie{I}»"),
        ("https://familles.exemple/a?b=c;d à 17:30", "https://familles.exemple/a?b=c;d à 17:30"),
        ("", ""),
    ],
)
def test_typo(brut, juste):
    assert francais.typo(brut) == juste
    assert francais.typo(juste) == juste  # once or twice is the same


def test_typo_d_un_texte_sur_laisse_balises_et_references():
    rendu = mots.typo(mark_safe('<a title="a : b">Val &amp; Vienne ; l&#x27;île</a>'))
    assert rendu == f'<a title="a : b">Val &amp; Vienne{FINE}; l’île</a>'
    assert isinstance(Template("{% load marelle %}{{ x|typo }}").render(Context({"x": rendu})), SafeString)


def test_typo_echappe_ce_qui_ne_l_est_pas():
    rendu = Template("{% load marelle %}{{ x|typo }}").render(Context({"x": "<b>gras</b> !"}))
    assert rendu == f"&lt;b&gt;gras&lt;/b&gt;{FINE}!"
