"""How is a family's week drawn? The one place that writes the HTML of its squares: short words to read, whole words to hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .francais import JOURS, JOURS_COURTS, MOIS, quantieme
from .jour import ETATS, JAMAIS_ACTIONNABLES, SPRITE, Cellule

# At 360 px a square is five letters wide or so: the word shown, and the whole one in a `.sr`.
COURTS: Mapping[str, tuple[str, str]] = {
    "presque": ("Presque", " complet"),
    "panier": ("Panier", " (dans le panier)"),
    "attente": ("Attente", " (demande en attente)"),
    "liste": ("Liste", " d’attente"),
    "direct": ("Inscrit", " par le centre"),
    "annule": ("Annulé", " par le centre"),
    "absence": ("Absent", " (absence déclarée)"),
    "bientot": ("Bientôt", " (pas encore ouvert)"),
}


@dataclass(frozen=True, slots=True)
class LigneSemaine:
    """One service of one child: its name, its square for each day on which it opens, what it costs."""

    nom: str
    cellules: Mapping[date, Cellule]
    prix: str = ""


@dataclass(frozen=True, slots=True)
class BlocSemaine:
    """One child: `tete` is drawn above its services; without any, `vide` says why."""

    prenom: str
    tete: SafeString
    lignes: Sequence[LigneSemaine]
    vide: str = ""


def semaine(jours: Sequence[date], blocs: Sequence[BlocSemaine], legende: str) -> SafeString:
    """The week as a table: a group of rows for each child, a row for each service. `legende` is its spoken caption."""
    sprite = static(SPRITE)
    corps = "".join(_bloc(bloc, jours, sprite) for bloc in blocs)
    tetes = "".join(
        f'<th scope="col"><span class="sr">{JOURS[le.weekday()]}</span>'
        f'<span aria-hidden="true">{JOURS_COURTS[le.weekday()]}</span> <b>{le.day}</b></th>'
        for le in jours
    )
    return mark_safe(  # noqa: S308
        f'<table class="semaine-f"><caption class="sr">{escape(legende)}</caption>'
        f'<thead><tr><th scope="col"><span class="sr">Service</span></th>{tetes}</tr></thead>{corps}</table>'
    )


def _bloc(bloc: BlocSemaine, jours: Sequence[date], sprite: str) -> str:
    colonnes = len(jours) + 1
    tete = f'<tr class="enfant"><th scope="rowgroup" colspan="{colonnes}">{bloc.tete}</th></tr>'
    lignes = "".join(
        f'<tr><th scope="row">{escape(ligne.nom)}{_prix(ligne)}</th>{"".join(_td(bloc, ligne, le, sprite) for le in jours)}</tr>'
        for ligne in bloc.lignes
    )
    vide = format_html('<tr><td colspan="{}" class="discret petit">{}</td></tr>', colonnes, bloc.vide)
    return f"<tbody>{tete}{lignes or vide}</tbody>"


def _prix(ligne: LigneSemaine) -> str:
    return f' <small class="discret">{escape(ligne.prix)}</small>' if ligne.prix else ""


def _td(bloc: BlocSemaine, ligne: LigneSemaine, le: date, sprite: str) -> str:
    cellule = ligne.cellules.get(le)
    return f"<td>{case(cellule, bloc.prenom, ligne.nom, sprite)}</td>" if cellule else "<td></td>"


def case(jour: Cellule, prenom: str, service: str, sprite: str) -> SafeString:
    """The square of a day for a child and a service: what it is named says the three, whoever hears it out of the table."""
    symbole, mot = ETATS[jour.etat]
    court, suite = COURTS.get(jour.etat, (mot, ""))
    dit = conditional_escape(jour.mot) if jour.mot else f'{court}<span class="sr">{suite}</span>' if suite else court
    plus = f"<small> {conditional_escape(jour.detail)}</small>" if jour.detail else ""
    image = (
        f'<svg class="i" aria-hidden="true"><use href="{escape(f"{sprite}#i-{symbole}")}"/></svg>' if symbole else ""
    )
    interieur = f'{image}<span class="mot">{dit}{plus}</span>'
    commun = f'class="jour" data-etat="{jour.etat}"' + (' aria-current="date"' if jour.est_aujourdhui else "")
    if not jour.est_actionnable or jour.etat in JAMAIS_ACTIONNABLES:
        return mark_safe(f"<span {commun}>{interieur}</span>")  # noqa: S308
    quand = f"{JOURS[jour.date.weekday()]} {quantieme(jour.date.day)} {MOIS[jour.date.month - 1]}"
    qui = f'<span class="sr">{escape(prenom)}, {escape(service)}, {quand} : </span>'
    if jour.lien:
        return mark_safe(f'<a {commun} href="{escape(jour.lien)}">{qui}{interieur}</a>')  # noqa: S308
    return mark_safe(  # noqa: S308
        f'<button {commun} name="{escape(jour.nom_bouton)}" value="{escape(jour.valeur)}">{qui}{interieur}</button>'
    )
