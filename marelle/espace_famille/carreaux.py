"""From the grid as the rules see it to its squares on the page: boxes to tick, or what is there and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from marelle.activites.models import Unite
from marelle.demandes.calendrier import Case, Creneau
from marelle.regles.phrases import accorder, dire_date_courte, enumerer
from marelle.socle.francais import JOURS, MOIS, date_courte, quantieme
from marelle.socle.jour import ETATS, SPRITE

Lignes = Sequence[tuple[date, Sequence[Case | None]]]
# What may be ticked; « panier » is ticked already, a booking or a demande under way is only shown.
A_COCHER = ("libre", "presque", "complet", "refuse", "panier")


MOIS_COURTS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def est_a_cocher(case: Case | None) -> bool:
    return case is not None and case.est_actionnable and case.etat in A_COCHER and not case.unite


def au_panier(lignes: Lignes, unites: Sequence[Unite]) -> set[Creneau]:
    """The squares that the household's cart holds."""
    return {
        (unite.pk, le)
        for le, cases in lignes
        for unite, case in zip(unites, cases, strict=True)
        if case is not None and case.etat == "panier" and est_a_cocher(case)
    }


def pourquoi(lignes: Lignes, unites: Sequence[Unite]) -> list[tuple[str, str]]:
    """Why squares are grey, each sentence once with its days."""
    grises = {
        (unite.pk, le): case.raison
        for le, cases in lignes
        for unite, case in zip(unites, cases, strict=True)
        if case is not None and case.raison and case.etat in ("delai", "ferme", "bientot", "complet", "annule")
        if not est_a_cocher(case)
    }
    return dire_refuses(grises, unites)


def en_masse(lignes: Lignes, unites: Sequence[Unite], coches: set[Creneau], donnees: QueryDict) -> set[Creneau]:
    """*Appliquer la sélection*: these weekdays, these slots, on every date that can be asked; *Réinitialiser*: none."""
    if donnees.get("masse") == "effacer":
        return set()
    jours = set(donnees.getlist("masse_jours"))
    voulues = set(donnees.getlist("masse_unites")) or {str(une.pk) for une in unites if len(unites) == 1}
    libres = {
        (unite.pk, le): str(le.weekday()) in jours and str(unite.pk) in voulues
        for le, cases in lignes
        for unite, case in zip(unites, cases, strict=True)
        if est_a_cocher(case)
    }
    return coches | {creneau for creneau, voulu in libres.items() if voulu}


def colonnes(unites: Sequence[Unite], masse: QueryDict | None) -> list[dict[str, Any]]:
    choisies = masse.getlist("masse_unites") if masse else []
    return [{"unite": une, "coche": str(une.pk) in choisies or len(unites) == 1} for une in unites]


def semaines(
    lignes: Lignes,
    unites: Sequence[Unite],
    coches: set[Creneau],
    prix: Mapping[Creneau, int],
    sorties: Mapping[Creneau, str],
) -> list[dict[str, Any]]:
    """The dates by week; each with its squares, already drawn (hundreds of them: a template would take most of the time).
    `prix`: the centimes of a square, for the script that adds up what is ticked; `sorties`: what it says of its outings."""
    sprite = static(SPRITE)
    par_lundi: dict[date, list[SafeString]] = {}
    for le, cases in lignes:
        rangee = "".join(
            f"<td>{_carreau(le, unite, case, sprite, _coche((unite.pk, le), coches, prix), sorties.get((unite.pk, le), ''))}"
            for unite, case in zip(unites, cases, strict=True)
        )
        entete = f'<tr><th scope="row">{date_courte(le)} {MOIS_COURTS[le.month - 1]}'
        par_lundi.setdefault(le - timedelta(days=le.weekday()), []).append(mark_safe(f"{entete}{rangee}"))  # noqa: S308
    return [
        {"lundi": f"{quantieme(lundi.day)} {MOIS[lundi.month - 1]}", "rangees": r} for lundi, r in par_lundi.items()
    ]


def _coche(creneau: Creneau, coches: set[Creneau], prix: Mapping[Creneau, int]) -> str:
    return (" checked" if creneau in coches else "") + (f' data-prix="{prix[creneau]}"' if creneau in prix else "")


def _carreau(le: date, unite: Unite, case: Case | None, sprite: str, coche: str, sortie: str) -> str:
    if case is None:
        return '<span class="jour" data-etat="rien"><span class="sr">pas d’accueil</span></span>'
    symbole, mot = ETATS[case.etat]
    if est_a_cocher(case):
        nom = f"{JOURS[le.weekday()]} {quantieme(le.day)} {MOIS[le.month - 1]}, {unite.nom.lower()}"
        nom, dehors = (f"{nom}, {sortie}", f" <small>{escape(sortie)}</small>") if sortie else (nom, "")
        return (
            f'<label class="jour" data-etat="{"libre" if case.etat == "panier" else case.etat}">'
            f'<input type="checkbox" name="c" value="{unite.pk}-{le}" aria-label="{escape(nom)}"{coche}>'
            f'<span class="mot">{_libre(case)}</span>{dehors}</label>'  # once ticked, the sheet says « Choisi » to the eyes
        )
    dit = escape(case.mot) or mot
    precisions = (case.unite or (case.detail if case.etat in ("ferme", "annule") else ""), sortie)
    precision = escape(", ".join(filter(None, precisions)))
    suite = f" <small>{precision}</small>" if precision else ""
    return (
        f'<span class="jour" data-etat="{case.etat}"><svg class="i" aria-hidden="true"><use href="{sprite}#i-{symbole}"/>'
        f'</svg><span class="mot">{dit}{suite}</span></span>'
    )


def _libre(case: Case) -> str:
    if case.etat == "complet":
        return "Liste d’attente"
    if case.etat == "refuse":
        return "Refusé"
    return accorder(case.restantes, "place") if case.restantes else "Libre"


def dire_refuses(refuses: Mapping[Creneau, str], unites: Sequence[Unite]) -> list[tuple[str, str]]:
    """Each reason once, with the squares it is about: (sentence, « lun. 30 novembre, matin ; … »)."""
    noms = {une.pk: une.nom.lower() for une in unites}
    par_phrase: dict[str, list[str]] = {}
    for (unite, le), phrase in sorted(refuses.items(), key=lambda un: (un[0][1], un[0][0])):
        ou = f"{dire_date_courte(le)} {MOIS[le.month - 1]}"
        par_phrase.setdefault(phrase, []).append(f"{ou}, {noms[unite]}" if len(noms) > 1 else ou)
    return [(phrase, enumerer(ou)) for phrase, ou in par_phrase.items()]
