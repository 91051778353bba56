"""How does one write a date, an hour, an amount, a rank or a count in French? Pure text, no HTML, no clock."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from marelle.regles.calendrier import LUNDI_A_DIMANCHE as JOURS
from marelle.regles.lecture import FIN_DE_JOURNEE
from marelle.regles.phrases import INSECABLE, MOIS, dire_date, dire_heure, dire_jour_du_mois
from marelle.regles.phrases import enumerer as enumere
from marelle.regles.phrases import typo as typo_des_phrases

__all__ = ["JOURS", "MOIS", "enumere"]

JOURS_COURTS = tuple(f"{jour[:3]}." for jour in JOURS)
MOINS = "\u2212"


def quantieme(jour: int) -> str:
    """Day of the month: « 1er », « 2 »."""
    return "1er" if jour == 1 else str(jour)


def date_longue(jour: date, annee_courante: int) -> str:
    """« mercredi 25 novembre »; the year only when it is not `annee_courante`."""
    return dire_date(jour, annee_courante)


def date_sans_jour(jour: date, annee_courante: int) -> str:
    """« 25 novembre », « 1er décembre 2027 »."""
    return dire_jour_du_mois(jour, annee_courante)


def date_courte(jour: date) -> str:
    """« mer. 25 », « mar. 1er »."""
    return f"{JOURS_COURTS[jour.weekday()]} {quantieme(jour.day)}"


def nom_du_mois(jour: date) -> str:
    """« Décembre 2026 », the title of a calendar."""
    return f"{MOIS[jour.month - 1].capitalize()} {jour.year}"


def heure(moment: time) -> str:
    """« 8 h 30 », « 8 h », « 0 h » for the first instant of a day, « minuit » for the last."""
    return dire_heure(FIN_DE_JOURNEE if moment >= FIN_DE_JOURNEE.replace(microsecond=0) else moment)


def heure_exacte(moment: time) -> str:
    """« 8 h 00 min 12 s »."""
    return f"{moment.hour} h {moment.minute:02} min {moment.second:02} s".replace(" ", INSECABLE)


def instant(moment: datetime, annee_courante: int) -> str:
    """« mardi 17 novembre à 10 h 30 »."""
    return f"{date_longue(moment.date(), annee_courante)} à {heure(moment.time())}"


def limite(moment: datetime, annee_courante: int) -> str:
    """A deadline: 00:00 on the 1st, and 23:59 on the 30th, are both « lundi 30 novembre à minuit »."""
    if moment.time() == time(0):
        return f"{date_longue(moment.date() - timedelta(days=1), annee_courante)} à minuit"
    if (moment.hour, moment.minute) == (23, 59):
        return f"{date_longue(moment.date(), annee_courante)} à minuit"
    return instant(moment, annee_courante)


def depuis(moment: datetime, maintenant: datetime) -> str:
    """How long ago, as one says it: « il y a 5 minutes », « hier », « il y a 3 jours », then the date."""
    jours = (maintenant.date() - moment.date()).days
    minutes = int((maintenant - moment).total_seconds() // 60)
    if minutes < 1:
        return "à l’instant"
    if minutes < 60:
        return f"il y a {compte(minutes, 'minute')}"
    if jours == 0:
        return f"il y a {compte(minutes // 60, 'heure')}"
    if jours == 1:
        return "hier"
    return f"il y a {jours} jours" if jours < 7 else f"le {date_sans_jour(moment.date(), maintenant.year)}"


def nombre(valeur: int) -> str:
    """Thousands apart: « 1 064 ». Minus is U+2212."""
    signe = MOINS if valeur < 0 else ""
    return signe + f"{abs(valeur):,}".replace(",", INSECABLE)


def decimal(valeur: int | float | Decimal) -> str:
    """« 1 064,8 », « 12 », with a French comma and no superfluous zero."""
    exact = Decimal(str(valeur))
    entier, _, reste = f"{abs(exact):f}".partition(".")
    signe = MOINS if exact < 0 else ""
    reste = reste.rstrip("0")
    return signe + nombre(int(entier)) + (f",{reste}" if reste else "")


def euros(centimes: int) -> str:
    """Integer centimes to « 1 064,80 € », « −11,20 € »."""
    signe = MOINS if centimes < 0 else ""
    entiers, reste = divmod(abs(centimes), 100)
    return f"{signe}{nombre(entiers)},{reste:02}{INSECABLE}€"


def est_pluriel(combien: int | float) -> bool:
    """French plural starts at two: « 0 jour », « 1,5 jour », « 2 jours »."""
    return abs(combien) >= 2


def accorde(combien: int | float, mot: str) -> str:
    """The word alone: « jour », « jours ». An irregular plural is given after a comma: `"travail,travaux"`."""
    singulier, _, pluriel = mot.partition(",")
    if not est_pluriel(combien):
        return singulier
    return pluriel or (singulier if singulier[-1:] in "sxz" else singulier + "s")


def compte(combien: int, mot: str) -> str:
    """« 1 jour », « 3 jours », « 1 200 places »."""
    return f"{nombre(combien)} {accorde(combien, mot)}"


def suffixe_de_rang(rang: int, genre: str = "m") -> str:
    """« er » or « re » for the first, « e » for the others."""
    return "e" if rang != 1 else ("re" if genre == "f" else "er")


def age(naissance: date, jour: date) -> str:
    """« 9 ans », « 8 mois » under two years."""
    mois = (jour.year - naissance.year) * 12 + jour.month - naissance.month - (jour.day < naissance.day)
    return f"{max(mois, 0)} mois" if mois < 24 else compte(mois // 12, "an")


# What sentences of a screen need beyond those of the rules.
_AJOUTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"«(?=\w)"), "«" + INSECABLE),
    (re.compile(r"(?<=[\w.…!?])»"), INSECABLE + "»"),
    (re.compile(r"(?<=\d) +(?=(?:h|min|ans?|mois|ko|Mo)(?!\w))"), INSECABLE),
    (re.compile(r"(?<=\d" + INSECABLE + r"h) +(?=\d)"), INSECABLE),
    (re.compile(r"\b(nº|n°|M\.|Mme) +(?=\S)"), r"\1" + INSECABLE),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), INSECABLE),
)


def typo(texte: str) -> str:
    """French typography of plain text: that of `regles.phrases`, and the spaces inside « 8 h 30 », « 10 Mo », « 1 020 »."""
    texte = typo_des_phrases(texte)
    for motif, remplacement in _AJOUTS:
        texte = motif.sub(remplacement, texte)
    return texte


# Tags, style sheets, and character references (whose « ; » is not a semicolon).
_HORS_TEXTE = re.compile(r"(<style.*?</style>|<[^>]*>|&#?\w+;)", re.DOTALL)


def typo_html(html: str) -> str:
    """French typography of what is read in some HTML: never in its tags nor in its character references."""
    bouts = _HORS_TEXTE.split(html.replace("&#x27;", "’").replace("&#39;", "’"))
    return "".join(bout if rang % 2 else typo(bout) for rang, bout in enumerate(bouts))


def de(nom: str) -> str:
    """« de Camille », « d’Élio », « d’Hugo » (an h is taken as mute: first names mostly are)."""
    import unicodedata

    premiere = unicodedata.normalize("NFD", nom[:1]).lower()[:1]
    return f"d’{nom}" if premiere in "aeiouhœæ" and premiere else f"de {nom}"
