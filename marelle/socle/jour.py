"""How is a day drawn? The one place that writes the HTML of a calendar's square and of a month, every text escaped."""

from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from .francais import JOURS, JOURS_COURTS, MOIS, nom_du_mois, quantieme

SPRITE = "marelle/icones.svg"

# État of a day → its symbol and its word. The shape and the tone are the sheet's, by data-etat.
ETATS: Mapping[str, tuple[str, str]] = {
    "libre": ("fauteuil", "Libre"),
    "presque": ("fauteuil-un", "Presque complet"),
    "complet": ("fauteuil-non", "Complet"),
    "liste": ("file", "Liste d’attente"),
    "panier": ("panier", "Dans le panier"),
    "attente": ("horloge", mark_safe('<span class="plus">Demande </span>en attente')),
    "reserve": ("coche", "Réservé"),
    "annuler": ("panier-moins", "À annuler"),
    "refuse": ("croix", "Refusé"),
    "annule": ("centre-non", "Annulé par le centre"),
    "direct": ("centre", "Inscrit par le centre"),
    "absence": ("absent", "Absence déclarée"),
    "ferme": ("ferme", "Fermé"),
    "delai": ("cadenas", "Délai passé"),
    "bientot": ("bientot", "Pas encore ouvert"),
    "rien": ("", "pas d’accueil"),
}
# Nothing can be asked there, whatever the caller says.
RIEN = "pas d’accueil"
JAMAIS_ACTIONNABLES = frozenset({"ferme", "bientot", "rien"})


@dataclass(frozen=True, slots=True)
class Cellule:
    """One day as a family sees it.

    `mot` is empty for the word of the état. `detail` is the small second line; `detail_long` is one too, but leaves
    the telephone's squares. The three are escaped, unless they are SafeString (« 3<sup>e</sup> »). A day that
    `est_actionnable` is a button named `nom_bouton` (value: `valeur`, else the ISO date), or a link when `lien` is
    given. `menu` is where a right-click or a long press goes, when it is not where the click goes.
    """

    date: date
    etat: str
    mot: str = ""
    detail: str = ""
    detail_long: str = ""
    nom_bouton: str = "jour"
    valeur: str = ""
    est_actionnable: bool = False
    est_aujourdhui: bool = False
    lien: str = ""
    menu: str = ""


def icone(nom: str) -> SafeString:
    """A decorative symbol of the sprite; the word beside it carries the meaning."""
    return _icone(nom, static(SPRITE))


def cellule(jour: Cellule, sprite: str = "") -> SafeString:
    """The square of one day (look.md §3). Raises KeyError on an unknown état.

    `sprite` is the address of the icons; a caller that draws many squares looks it up once.
    """
    symbole, mot = ETATS[jour.etat]
    if jour.etat == "rien":
        dit = conditional_escape(jour.mot) if jour.mot else mot
        return _rien(jour.date.day, jour.est_aujourdhui, dit)
    ouvre, ferme = _balises(jour)
    numero = (
        f'<span class="n"><span class="sr">{JOURS[jour.date.weekday()]} </span>{jour.date.day}'
        f'<span class="sr">{_suite(jour.date)} : </span></span>'
    )
    dit = conditional_escape(jour.mot) if jour.mot else "Ouvre" if jour.etat == "bientot" and jour.detail else mot
    contenu = f'{numero}{_icone(symbole, sprite or static(SPRITE))}<span class="mot">{dit}'
    return mark_safe(f"{ouvre}{contenu}{_details(jour)}</span>{ferme}")  # noqa: S308


@lru_cache(maxsize=256)
def _rien(jour: int, est_aujourdhui: bool, dit: str) -> SafeString:
    courant = ' aria-current="date"' if est_aujourdhui else ""
    parle = f'<span class="sr"> : {dit}</span>' if dit else ""
    return mark_safe(  # noqa: S308
        f'<span class="jour" data-etat="rien"{courant}><span class="n">{jour}</span>{parle}</span>'
    )


def mois(
    premier: date,
    jours: Iterable[Cellule],
    legende: str = "",
    *,
    avec_week_ends: bool = True,
    serre: bool = False,
) -> SafeString:
    """The month of `premier` as a table; days without a `Cellule` are « rien ». `legende` is its spoken caption.

    Without week-ends (`avec_week_ends=False`: the activity never opens then) telephones show five columns; `serre` leaves
    them out of the page altogether, and lets the caption say once that a number alone is a day without care, where many
    months follow one another.
    """
    par_date = {jour.date: jour for jour in jours}
    sprite = static(SPRITE)
    colonnes = 5 if serre and not avec_week_ends else 7
    lignes = []
    for semaine in Calendar().monthdatescalendar(premier.year, premier.month):
        if any(le.month == premier.month for le in semaine[:colonnes]):
            cases = "".join(
                _case(le, premier.month, par_date.get(le), sprite, "" if serre else RIEN) for le in semaine[:colonnes]
            )
            lignes.append(f"<tr>{cases}</tr>")
    classe = "mois" if avec_week_ends else "mois semaine-5"
    entetes = "".join((_ENTETES_SERRES if serre else _ENTETES)[:colonnes])
    return mark_safe(  # noqa: S308
        f'<table class="{classe}"><caption class="sr">{escape(legende or nom_du_mois(premier))}</caption>'
        f"<thead><tr>{entetes}</tr></thead><tbody>{''.join(lignes)}</tbody></table>"
    )


def _case(le: date, mois_montre: int, jour: Cellule | None, sprite: str, rien: str) -> str:
    ouvre = '<td class="we">' if le.weekday() > 4 else "<td>"
    if le.month != mois_montre:
        return f"{ouvre}</td>"
    dessin = cellule(jour, sprite) if jour else _rien(le.day, False, rien)
    return f"{ouvre}{dessin}</td>"


def _balises(jour: Cellule) -> tuple[str, str]:
    commun = f'class="jour" data-etat="{jour.etat}"'
    if jour.est_aujourdhui:
        commun += ' aria-current="date"'
    if jour.menu:
        commun += f' data-menu="{escape(jour.menu)}"'
    if not jour.est_actionnable or jour.etat in JAMAIS_ACTIONNABLES:
        return f"<span {commun}>", "</span>"
    if jour.lien:
        return f'<a {commun} href="{escape(jour.lien)}">', "</a>"
    valeur = jour.valeur or jour.date.isoformat()
    return f'<button {commun} name="{escape(jour.nom_bouton)}" value="{escape(valeur)}">', "</button>"


def _suite(le: date) -> str:
    return f"{quantieme(le.day).removeprefix(str(le.day))} {MOIS[le.month - 1]}"


def _details(jour: Cellule) -> str:
    if not jour.detail and not jour.detail_long:
        return ""
    court = conditional_escape(jour.detail)
    plus = f'<span class="plus">{conditional_escape(jour.detail_long)}</span>' if jour.detail_long else ""
    if not (court or plus):
        return ""
    lien = " " if court and plus else ""
    return f" <small>{court}{lien}{plus}</small>"


@lru_cache(maxsize=128)
def _icone(nom: str, sprite: str) -> SafeString:
    adresse = escape(f"{sprite}#i-{nom}")
    return mark_safe(f'<svg class="i" aria-hidden="true"><use href="{adresse}"/></svg>')  # noqa: S308


_ENTETES = tuple(
    f'<th scope="col"{" class=we" if rang > 4 else ""}><span class="sr">{nom}</span>'
    f'<span aria-hidden="true">{court}</span></th>'
    for rang, (nom, court) in enumerate(zip(JOURS, JOURS_COURTS))
)
_ENTETES_SERRES = tuple(
    f'<th scope="col" abbr="{nom}"{" class=we" if rang > 4 else ""}>{court}</th>'
    for rang, (nom, court) in enumerate(zip(JOURS, JOURS_COURTS))
)
