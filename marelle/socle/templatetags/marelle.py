"""The words and the small drawings of every template: icons, French dates, amounts, counts, typography."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .. import couleur, francais, jour
from ..horloge import aujourdhui, maintenant

register = template.Library()


@register.simple_tag
def icone(nom: str) -> SafeString:
    """A symbol of the sprite: `{% icone "panier" %}`. Decorative: put a word beside it, or a .sr."""
    return jour.icone(nom)


@register.simple_tag
def cellule(le_jour: jour.Cellule) -> SafeString:
    """One day's square outside of a month: `{% cellule jour %}`."""
    return jour.cellule(le_jour)


@register.simple_tag
def mois(premier: date, jours: list[jour.Cellule], legende: str = "", avec_week_ends: bool = True) -> SafeString:
    """A month's table: `{% mois premier jours legende="…" avec_week_ends=False %}`."""
    return jour.mois(premier, jours, legende, avec_week_ends=avec_week_ends)


@register.simple_tag
def legende(etats: str = "") -> list[dict[str, str]]:
    """Symbols and words of the états (space-separated codes, all without them), for composants/legende.html."""
    codes = etats.split() if etats else [code for code in jour.ETATS if code != "rien"]
    return [{"etat": code, "icone": jour.ETATS[code][0], "mot": jour.ETATS[code][1]} for code in codes]


@register.simple_tag
def jauge(total: int, reservees: int, proposees: int = 0) -> dict[str, object]:
    """The squares of a gauge and its sentence: « 24 places : 21 réservées, 1 proposée, 2 libres »."""
    libres = max(total - reservees - proposees, 0)
    parts = [(reservees, "réservée"), (proposees, "proposée"), (libres, "libre")]
    dits = ", ".join(francais.compte(combien, mot) for combien, mot in parts if combien or mot == "libre")
    carres = ["reservee"] * reservees + ["proposee"] * proposees + ["libre"] * libres
    return {"carres": carres, "phrase": francais.typo(f"{francais.compte(total, 'place')} : {dits}")}


@register.simple_tag
def pages(page: "Page[Any]") -> list[int]:
    """The numbers of composants/pagination.html; 0 stands for a gap."""
    numeros = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [numero if isinstance(numero, int) else 0 for numero in numeros]


@register.filter
def nieme(liste: list[object], rang_depuis_zero: int) -> object:
    """The n-th element, from zero: a row of composants/tableau.html finds the name of its column."""
    return liste[rang_depuis_zero]


@register.filter(is_safe=True)
def typo(texte: object) -> str:
    """French no-break spaces and apostrophes; leaves the tags of a safe text alone."""
    brut = str(texte)
    return francais.typo_html(brut) if hasattr(brut, "__html__") else francais.typo(brut)


@register.simple_tag
def couleur_de_marque(identite: object, clarte: float = 0.43) -> str:
    """The hex of the collectivité's colour, for e-mails; pages use the sheet's --marque."""
    teinte, vivacite = getattr(identite, "teinte", 200), getattr(identite, "vivacite", 0.09)
    return couleur.marque(teinte, vivacite, clarte)


@register.filter
def date_longue(valeur: date | None) -> str:
    """« mercredi 25 novembre », with the year when it is not the current one."""
    return francais.date_longue(_date(valeur), aujourdhui().year) if valeur else ""


@register.filter
def date_sans_jour(valeur: date | None) -> str:
    """« 25 novembre », with the year when it is not the current one."""
    return francais.date_sans_jour(_date(valeur), aujourdhui().year) if valeur else ""


@register.filter
def date_courte(valeur: date | None) -> str:
    """« mer. 25 »."""
    return francais.date_courte(_date(valeur)) if valeur else ""


@register.filter
def nom_du_mois(valeur: date) -> str:
    """« Décembre 2026 »."""
    return francais.nom_du_mois(valeur)


@register.filter
def heure(valeur: time | datetime | None) -> str:
    """« 8 h 30 »; « minuit » is the last instant of a day, « 0 h » the first."""
    if valeur is None:
        return ""
    return francais.heure(_local(valeur).time() if isinstance(valeur, datetime) else valeur)


@register.filter
def heure_exacte(valeur: datetime) -> str:
    """« 8 h 00 min 12 s », the instant of arrival in a queue."""
    return francais.heure_exacte(_local(valeur).time())


@register.filter
def instant(valeur: datetime | None) -> str:
    """« mardi 17 novembre à 10 h 30 », Europe/Paris."""
    return francais.instant(_local(valeur), aujourdhui().year) if valeur else ""


@register.filter
def limite(valeur: datetime | None) -> str:
    """A deadline: « lundi 30 novembre à minuit »."""
    return francais.limite(_local(valeur), aujourdhui().year) if valeur else ""


@register.filter
def depuis(valeur: datetime | None) -> str:
    """« il y a 5 minutes », « hier », « il y a 3 jours »."""
    return francais.depuis(_local(valeur), _local(maintenant())) if valeur else ""


@register.filter
def euros(centimes: int | None) -> str:
    """Integer centimes: « 48,60 € »."""
    return "" if centimes is None else francais.euros(centimes)


@register.filter
def nombre(valeur: int | float | Decimal | None) -> str:
    """« 1 064,8 »."""
    return "" if valeur is None else francais.decimal(valeur)


@register.filter
def compte(combien: int, mot: str) -> str:
    """`{{ 3|compte:"jour" }}`: « 3 jours »; irregular: `"travail,travaux"`."""
    return francais.compte(int(combien), mot)


@register.filter
def pluriel(combien: int | float, formes: str = "s") -> str:
    """`{{ n|pluriel }}`: « s » from two on; `{{ n|pluriel:"est,sont" }}` chooses."""
    singulier, virgule, plusieurs = formes.partition(",")
    if not virgule:
        singulier, plusieurs = "", formes
    return plusieurs if francais.est_pluriel(combien) else singulier


@register.filter
def rang(valeur: int, genre: str = "m") -> SafeString:
    """« 1<sup>er</sup> », « 3<sup>e</sup> »; `{{ n|rang:"f" }}` for « 1<sup>re</sup> »."""
    return format_html("{}<sup>{}</sup>", valeur, francais.suffixe_de_rang(int(valeur), genre))


@register.filter
def age(naissance: date | None) -> str:
    """« 9 ans », today."""
    return francais.age(naissance, aujourdhui()) if naissance else ""


@register.filter
def enumere(elements: list[object]) -> str:
    """« Anouk, Élio et Jeanne »."""
    return francais.enumere([str(element) for element in elements])


@register.filter
def de(nom: object) -> str:
    """{{ enfant.prenom|de }} → « d’Élio »."""
    return francais.de(str(nom))


@register.filter
def minuscule(texte: object) -> str:
    """The first letter small, for what follows a colon."""
    return str(texte)[:1].lower() + str(texte)[1:]


@register.filter
def lignes(texte: str) -> SafeString:
    """Escaped text whose line ends become <br>."""
    return mark_safe("<br>".join(escape(ligne) for ligne in str(texte).splitlines()))  # noqa: S308


@register.filter
def telephone(numero: str) -> str:
    """« 02 47 00 00 00 » to the tel: address « +33247000000 »."""
    chiffres = re.sub(r"[^\d+]", "", str(numero))
    return f"+33{chiffres[1:]}" if chiffres.startswith("0") else chiffres


def _local(valeur: datetime) -> datetime:
    return timezone.localtime(valeur) if timezone.is_aware(valeur) else valeur


def _date(valeur: date) -> date:
    return _local(valeur).date() if isinstance(valeur, datetime) else valeur
