"""The same rules, slow and obvious: walk day by day, hour by hour, count on fingers. Only the tests compare with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

JOURS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
UN_JOUR = timedelta(days=1)
MINUIT = time(23, 59, 59, 999999)


class Monde:
    """A calendar as plain sets."""

    def __init__(self, feries: Iterable[date], vacances: Iterable[tuple[date, date]]):
        self.feries = set(feries)
        self.vacances = list(vacances)

    def est_vacances(self, jour: date) -> bool:
        return any(debut <= jour <= fin for debut, fin in self.vacances)

    def est_dans(self, jour: date, categories: Iterable[str]) -> bool:
        return any(
            (categorie == "feries" and jour in self.feries)
            or (categorie == "vacances" and self.est_vacances(jour))
            or categorie == JOURS[jour.weekday()]
            for categorie in categories
        )


WEEKEND_ET_FERIES = ("samedi", "dimanche", "feries")


def limite(
    regle: dict[str, Any], monde: Monde, jour: date, debut: time, periode: tuple[date, date] | None
) -> datetime | None:
    """The cut-off as a naive Paris instant, by walking back from the anchor."""
    for ligne in regle.get("table", []):
        if JOURS[jour.weekday()] in ligne["pour"]:
            sans_table = {cle: regle[cle] for cle in ("heure", "decalage", "jours_evites") if cle in regle}
            propre = {"jour" if cle == "le" else cle: valeur for cle, valeur in ligne.items() if cle != "pour"}
            return limite(sans_table | propre, monde, jour, debut, periode)
    if "table" in regle and "nombre" not in regle and "jour" not in regle:
        return None
    depart = ancre(regle, monde, jour, periode)
    if depart is None:
        return None
    if regle.get("decalage_ancre"):
        depart = decaler(regle, monde, depart, regle["decalage_ancre"])
    nombre, unite = regle.get("nombre", 0), regle.get("unite", "jours_calendaires")
    if unite == "heures":
        mur = datetime.combine(depart, debut if regle.get("avant", "jour") == "jour" else time(0))
        for _ in range(nombre):
            mur -= timedelta(hours=1)
        quand, heure = mur.date(), mur.time()
    else:
        quand, heure = reculer(monde, depart, nombre, unite, regle.get("non_comptes")), lire_heure(regle)
        if "jour" in regle:
            quand -= UN_JOUR
            while JOURS[quand.weekday()] != regle["jour"]:
                quand -= UN_JOUR
    if regle.get("decalage"):
        quand = decaler(regle, monde, quand, regle["decalage"])
    return datetime.combine(quand, heure)


def ancre(regle: dict[str, Any], monde: Monde, jour: date, periode: tuple[date, date] | None) -> date | None:
    match regle.get("avant", "jour"):
        case "semaine":
            while JOURS[jour.weekday()] != "lundi":
                jour -= UN_JOUR
            return jour
        case "mois":
            while jour.day != 1:
                jour -= UN_JOUR
            return jour
        case "periode":
            return periode[0] if periode else None
        case "vacances":
            if not monde.est_vacances(jour):
                return None
            while monde.est_vacances(jour - UN_JOUR):
                jour -= UN_JOUR
            return jour
        case "dates":
            avant = [d for d in regle["dates"] if d <= jour]
            return sorted(avant)[-1] if avant else None
    return jour


def reculer(monde: Monde, jour: date, nombre: int, unite: str, non_comptes: list[str] | None) -> date:
    if unite == "jours_francs":  # n whole days must lie between
        return jour - UN_JOUR - UN_JOUR * nombre
    if unite == "semaines":
        for _ in range(nombre):
            jour -= UN_JOUR * 7
        return jour
    if unite == "mois":
        annee, mois = jour.year, jour.month
        for _ in range(nombre):
            annee, mois = (annee - 1, 12) if mois == 1 else (annee, mois - 1)
        for quantieme in range(jour.day, 0, -1):
            try:
                return date(annee, mois, quantieme)
            except ValueError:
                continue
    ne_compte_pas = (non_comptes or WEEKEND_ET_FERIES) if unite == "jours_ouvres" else ()
    while nombre:
        jour -= UN_JOUR
        if not monde.est_dans(jour, ne_compte_pas):
            nombre -= 1
    return jour


def decaler(regle: dict[str, Any], monde: Monde, jour: date, sens: str) -> date:
    while monde.est_dans(jour, regle.get("jours_evites") or WEEKEND_ET_FERIES):
        jour += UN_JOUR if sens == "plus_tard" else -UN_JOUR
    return jour


def lire_heure(regle: dict[str, Any]) -> time:
    heure = regle.get("heure", "minuit")
    return MINUIT if heure == "minuit" else time.fromisoformat(heure)


def il_reste_assez_de_jours_ouvres(monde: Monde, demande_le: date, accueil: date, nombre: int) -> bool:
    """« 4 jours avant, hors week-ends et jours fériés », counted the other way: the day of the request counts, not
    the day of care."""
    comptes = 0
    jour = demande_le
    while jour < accueil:
        comptes += not monde.est_dans(jour, WEEKEND_ET_FERIES)
        jour += UN_JOUR
    return comptes >= nombre


def phase_ouverte(phases: list[dict[str, Any]], publics: set[str], instant: datetime) -> bool:
    return any(
        (not phase.get("publics") or publics & set(phase["publics"])) and phase["ouvre"] <= instant <= phase["ferme"]
        for phase in phases
    )


def cycle(par: str, jour: date, periodes: list[tuple[date, date]]) -> object:
    match par:
        case "semaine":
            return jour.isocalendar()[:2]
        case "mois":
            return jour.strftime("%Y-%m")
        case "annee_civile":
            return jour.strftime("%Y")
        case "annee":
            return jour.year if jour >= date(jour.year, 9, 1) else jour.year - 1
    return next((rang for rang, (debut, fin) in enumerate(periodes) if debut <= jour <= fin), None)


def acceptes(
    nombre: int, par: str, deja: set[date], demandes: list[date], periodes: list[tuple[date, date]]
) -> list[bool]:
    """Which days of a request pass under a maximum of days, counted one by one in its order."""
    tenus = list(deja)
    reponses = []
    for jour in demandes:
        memes = [d for d in tenus if d != jour and cycle(par, d, periodes) == cycle(par, jour, periodes)]
        reponses.append(len(memes) < nombre)
        if reponses[-1] and jour not in tenus:
            tenus.append(jour)
    return reponses


def semaine_entiere(monde: Monde, jour: date, dates: set[date]) -> bool:
    """Every working day of the day's week is among the dates."""
    lundi = jour
    while JOURS[lundi.weekday()] != "lundi":
        lundi -= UN_JOUR
    semaine = [lundi + UN_JOUR * n for n in range(7)]
    return all(d in dates for d in semaine if not monde.est_dans(d, WEEKEND_ET_FERIES))


def assez_dans_la_semaine(monde: Monde, jour: date, dates: set[date], minimum: int, si_ferie: int) -> bool:
    lundi = jour
    while JOURS[lundi.weekday()] != "lundi":
        lundi -= UN_JOUR
    semaine = [lundi + UN_JOUR * n for n in range(7)]
    a_ferie = any(d in monde.feries for d in semaine[:5])
    ouverts = [d for d in semaine if not monde.est_dans(d, WEEKEND_ET_FERIES)]
    exige = min(si_ferie if a_ferie else minimum, len(ouverts))
    return len([d for d in semaine if d in dates]) >= exige
