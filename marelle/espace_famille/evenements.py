"""The outings of a day, in words and with what they add to the price: « Sortie à la piscine (+ 4,50 €) »."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from marelle.activites.models import Unite
from marelle.activites.selection import unites_offertes
from marelle.demandes.agenda import JourAgenda
from marelle.demandes.calendrier import Case
from marelle.familles.models import Enfant
from marelle.regles.argent import INSECABLE, euros
from marelle.regles.phrases import typo
from marelle.regles.prix import LigneDePrix
from marelle.socle.jour import Cellule
from marelle.tarification.evenements import noms_des_evenements

from .prix import devis_de

# Where something is asked or booked already: what it owes was settled when it was asked.
DEJA_DEMANDES = ("attente", "liste", "reserve", "direct", "absence", "annuler", "annule")


def supplements_de(
    request: HttpRequest, enfant: Enfant, unite: Unite, jour: date, codes: Sequence[str]
) -> list[LigneDePrix]:
    """What these events add to the price of that day, for this household; `unite.activite` is read."""
    prix = devis_de(request).prix(enfant.pk, unite.activite.code, unite, jour, evenements=codes) if codes else None
    return [ligne for ligne in prix.lignes if ligne.sorte == "evenement"] if prix else []


def dire_le_supplement(ligne: LigneDePrix) -> str:
    """« Sortie à la piscine (+ 4,50 €) »; its name alone when nothing is added."""
    return typo(f"{ligne.libelle} ({_plus(ligne)})" if ligne.montant_centimes else ligne.libelle)


def dits_de(request: HttpRequest, enfant: Enfant, unite: Unite, case: Case) -> list[str]:
    """What the family reads of the events of this square; the price only where the day may still be asked."""
    if case.etat in DEJA_DEMANDES:
        return noms_des_evenements(case.evenements, unite.activite.code, unite.code, case.date)
    return [dire_le_supplement(un) for un in supplements_de(request, enfant, unite, case.date, case.evenements)]


def avec_les_sorties(request: HttpRequest, enfant: Enfant, unite: Unite, case: Case, dessin: Cellule) -> Cellule:
    """The square with its events: whole where there is room, the price alone on a telephone (they are said below too)."""
    if not case.evenements:
        return dessin
    if case.etat in DEJA_DEMANDES:
        dits = dits_de(request, enfant, unite, case)
        return replace(dessin, detail_long=" ".join(filter(None, (dessin.detail_long, *dits))))
    lignes = supplements_de(request, enfant, unite, case.date, case.evenements)
    marques = [(un,) for un in (dessin.detail, *(_marque(ligne) for ligne in lignes)) if un]
    return replace(dessin, detail=format_html_join(" ", "{}", marques))


def _marque(ligne: LigneDePrix) -> SafeString:
    nom = typo(ligne.libelle)
    if not ligne.montant_centimes:
        return format_html('<span class="plus">{}</span>', nom)
    return format_html('<span class="plus">{} (</span>{}<span class="plus">)</span>', nom, _plus(ligne))


def _plus(ligne: LigneDePrix) -> str:
    """« + 4,50 € », never cut at the end of a line."""
    return f"+{INSECABLE}{euros(ligne.montant_centimes)}"


def sorties_des_jours(
    request: HttpRequest, cases: Iterable[tuple[Enfant, Unite, Case]]
) -> list[tuple[date, str, list[str]]]:
    """The days that have events, for the list under a calendar: the day, what it has, for whom; the same words once a day."""
    par_jour: dict[tuple[date, str], list[str]] = {}
    for enfant, unite, case in cases:
        for dit in dits_de(request, enfant, unite, case) if case.evenements else ():
            par_jour.setdefault((case.date, dit), []).append(enfant.prenom)
    return [(jour, dit, list(dict.fromkeys(qui))) for (jour, dit), qui in sorted(par_jour.items())]


def sorties_du_jour(request: HttpRequest, enfant: Enfant, jour: JourAgenda) -> list[str]:
    """The same for a day of the agenda, whatever the unité; without its price when the child has something that day."""
    unites = {une.pk: une for une in unites_offertes()} if jour.evenements else {}
    dits: list[str] = []
    for cle, codes in jour.evenements:
        unite = unites[cle]
        if jour.faits:
            dits += noms_des_evenements(codes, unite.activite.code, unite.code, jour.date)
        else:
            dits += [dire_le_supplement(un) for un in supplements_de(request, enfant, unite, jour.date, codes)]
    return list(dict.fromkeys(dits))
