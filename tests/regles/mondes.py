"""Calendars, days and rules for hypothesis to draw from."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from marelle.regles.calendrier import Calendrier, feries
from marelle.regles.situation import Action, Contexte, Jour, Periode
from tests.regles.reference import JOURS, Monde

PARIS = ZoneInfo("Europe/Paris")
VACANCES = [
    (date(2026, 10, 17), date(2026, 11, 1)),
    (date(2026, 12, 19), date(2027, 1, 3)),
    (date(2027, 2, 20), date(2027, 3, 7)),
    (date(2027, 4, 17), date(2027, 5, 2)),
    (date(2027, 7, 3), date(2027, 8, 31)),
]
FERIES = [jour for annee in (2025, 2026, 2027) for jour in feries(annee)]
MONDE = Monde(FERIES, VACANCES)
CALENDRIER = Calendrier(frozenset(FERIES), tuple(Periode(f"v{n}", "", *bornes) for n, bornes in enumerate(VACANCES)))
PERIODES = [
    (date(2026, 9, 1), date(2026, 10, 16)),
    (date(2026, 10, 17), date(2026, 12, 18)),
    (date(2026, 12, 19), date(2027, 3, 7)),
    (date(2027, 3, 8), date(2027, 8, 31)),
]

dates = st.dates(date(2026, 9, 1), date(2027, 8, 31))
heures = st.sampled_from(["minuit", "09:00", "12:00", "18:30", "23:59"])
instants = st.datetimes(datetime(2026, 8, 20), datetime(2027, 8, 31)).map(lambda i: i.replace(microsecond=0))  # noqa: DTZ001


def periode_de(jour: date) -> Periode:
    rang = next(rang for rang, (debut, fin) in enumerate(PERIODES) if debut <= jour <= fin)
    return Periode(f"p{rang}", "", *PERIODES[rang])


def un_jour(le: date, debut: time = time(7, 30), **plus: Any) -> Jour:
    return Jour(date=le, heure_debut=debut, periode=periode_de(le), **plus)


def contexte(maintenant: datetime, action: Action = Action.RESERVER, **plus: Any) -> Contexte:
    """`maintenant` is naive, Paris time."""
    return Contexte(action, maintenant.replace(tzinfo=PARIS), "mercredis", **plus)


@st.composite
def delais(tirer: st.DrawFn) -> dict[str, Any]:
    """Any deadline a règlement can write."""
    unite = tirer(st.sampled_from(["jours_calendaires", "jours_ouvres", "jours_francs", "heures", "semaines", "mois"]))
    regle: dict[str, Any] = {"nombre": tirer(st.integers(0, 72 if unite == "heures" else 9)), "unite": unite}
    regle["avant"] = tirer(st.sampled_from(["jour", "semaine", "mois", "periode", "vacances", "dates"]))
    if regle["avant"] == "dates":
        regle["dates"] = tirer(st.lists(dates, min_size=1, max_size=4))
    if unite != "heures":
        regle["heure"] = tirer(heures)
        if tirer(st.booleans()):
            regle["jour"] = tirer(st.sampled_from(JOURS))
    if unite == "jours_ouvres" and tirer(st.booleans()):
        regle["non_comptes"] = tirer(
            st.sampled_from([["dimanche", "feries"], ["mercredi", "samedi", "dimanche", "vacances"]])
        )
    for cle in ("decalage", "decalage_ancre"):
        if tirer(st.booleans()):
            regle[cle] = tirer(st.sampled_from(["plus_tot", "plus_tard"]))
    if {"decalage", "decalage_ancre"} & regle.keys() and tirer(st.booleans()):
        regle["jours_evites"] = tirer(
            st.sampled_from([["feries"], ["dimanche", "vacances"], ["samedi", "dimanche", "feries"]])
        )
    return regle


@st.composite
def tables(tirer: st.DrawFn) -> dict[str, Any]:
    """A table by target weekday, with or without a rule for the other days."""
    regle: dict[str, Any] = {"heure": tirer(heures)}
    if tirer(st.booleans()):
        regle |= {
            "nombre": tirer(st.integers(1, 5)),
            "unite": tirer(st.sampled_from(["jours_ouvres", "jours_calendaires"])),
        }
    restants = list(JOURS)
    lignes = []
    for _ in range(tirer(st.integers(1, 3))):
        pour = tirer(st.lists(st.sampled_from(restants), min_size=1, max_size=2, unique=True))
        restants = [jour for jour in restants if jour not in pour]
        lignes.append({"pour": pour, "le": tirer(st.sampled_from(JOURS))})
    return regle | {"table": lignes}
