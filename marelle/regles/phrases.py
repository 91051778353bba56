"""How dates, hours and numbers are said in French, and the typography of every sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache

from marelle.regles.calendrier import LUNDI_A_DIMANCHE
from marelle.regles.lecture import FIN_DE_JOURNEE

INSECABLE = "\u00a0"
FINE = "\u202f"
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_FINES = re.compile(r"[ \u00a0\u202f]*([;!?])(?=\s|$|[»)])")
_DEUX_POINTS = re.compile(r" +:(?=\s|$)")
_EURO = re.compile(r"(?<=\d) +(?=[€%])")


@lru_cache(maxsize=4096)
def typo(phrase: str) -> str:
    """French typography for a plain sentence: U+2019, no-break spaces before « : » and inside « », narrow before ; ! ?"""
    phrase = phrase.replace("'", "’").replace("« ", f"«{INSECABLE}").replace(" »", f"{INSECABLE}»")
    phrase = _DEUX_POINTS.sub(f"{INSECABLE}:", phrase)
    phrase = _EURO.sub(INSECABLE, phrase)
    return _FINES.sub(rf"{FINE}\1", phrase)


@lru_cache(maxsize=4096)
def dire_date(jour: date, annee: int | None = None) -> str:
    """« mercredi 9 décembre », « mardi 1er décembre »; the year is said when it is not `annee`."""
    return f"{LUNDI_A_DIMANCHE[jour.weekday()]} {dire_jour_du_mois(jour, annee)}"


def dire_jour_du_mois(jour: date, annee: int | None = None) -> str:
    """« 9 décembre », « 1er décembre », « 4 janvier 2027 » when `annee` is another year."""
    numero = "1er" if jour.day == 1 else str(jour.day)
    suite = "" if annee is None or annee == jour.year else f" {jour.year}"
    return f"{numero} {MOIS[jour.month - 1]}{suite}"


def dire_date_courte(jour: date) -> str:
    """« mer. 25 », for a cell."""
    return f"{LUNDI_A_DIMANCHE[jour.weekday()][:3]}. {jour.day}"


def dire_heure(heure: time) -> str:
    """« 8 h 30 », « 9 h », « minuit » for the last instant of a day."""
    if heure == FIN_DE_JOURNEE:
        return "minuit"
    minutes = f"{INSECABLE}{heure.minute:02}" if heure.minute else ""
    return f"{heure.hour}{INSECABLE}h{minutes}"


def dire_duree(minutes: int) -> str:
    """« 45 min », « une heure », « 2 h », « 1 h 30 »: how long one has."""
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste}{INSECABLE}min"
    return "une heure" if minutes == 60 else dire_heure(time(heures, reste)) if heures < 24 else f"{heures}{INSECABLE}h"


def dire_limite(instant: datetime, annee: int | None = None) -> str:
    """« jeudi 26 novembre à minuit »: the last instant at which something is possible."""
    return f"{dire_date(instant.date(), annee)} à {dire_heure(instant.time().replace(tzinfo=None))}"


def dire_ouverture(instant: datetime, annee: int | None = None) -> str:
    """« lundi 23 novembre à 9 h »; the hour is not said when the whole day is open."""
    if instant.time() == time(0):
        return dire_date(instant.date(), annee)
    return dire_limite(instant, annee)


def dire_periode(debut: date, fin: date, annee: int | None = None) -> str:
    """« du 19 décembre au 3 janvier 2027 »."""
    return f"du {dire_jour_du_mois(debut, annee)} au {dire_jour_du_mois(fin, annee)}"


def accorder(nombre: int, singulier: str, pluriel: str = "") -> str:
    """« 1 jour », « 3 jours »: French says the plural from 2."""
    return f"{nombre} {singulier if nombre < 2 else pluriel or singulier + 's'}"


def enumerer(mots: list[str], dernier: str = "et") -> str:
    """« lundi, mardi et jeudi »."""
    if len(mots) < 2:
        return "".join(mots)
    return f"{', '.join(mots[:-1])} {dernier} {mots[-1]}"
