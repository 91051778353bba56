"""The boarding list of a bus: one line, one day, one direction; on the screen and on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from marelle.activites.gestion import activites_de
from marelle.comptes.droits import Droit
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import aujourdhui
from marelle.transport.embarquement import courses_du_jour, haltes, jours_de_bus
from marelle.transport.models import Course, Sens

from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.LIRE_LISTE_JOUR)
def bus(request: RequeteAgent) -> HttpResponse:
    """The run asked, else the first of the day; without a date, today or the next day with a bus."""
    activites = [une.pk for une in activites_de(request.agent)]
    jour = _jour(request.GET.get("jour", ""), activites)
    courses = courses_du_jour(jour, activites)
    voulue = request.GET.get("course", "")
    course = next((une for une in courses if str(une.pk) == voulue), None) if voulue else next(iter(courses), None)
    if voulue and course is None:
        raise Introuvable("Ce bus ne circule pas ce jour-là.")
    avant, apres = jours_de_bus(jour, activites)
    contexte: dict[str, Any] = {
        "jour": jour,
        "course": course,
        "sens": Sens(course.sens).label if course else "",
        "onglets": [_onglet(une, course) for une in courses],
        "haltes": haltes(course, activites) if course else [],
        "avant": _adresse(avant) if avant else "",
        "apres": _adresse(apres) if apres else "",
    }
    contexte["attendus"] = sum(1 for halte in contexte["haltes"] for un in halte.passagers if not un.absent)
    return render(request, "guichet/bus.html", contexte)


def _jour(ecrit: str, activites: list[int]) -> date:
    try:
        return date.fromisoformat(ecrit)
    except ValueError:
        jour = aujourdhui()
        return jour if courses_du_jour(jour, activites) else jours_de_bus(jour, activites)[1] or jour


def _onglet(une: Course, choisie: Course | None) -> dict[str, Any]:
    return {
        "libelle": f"{une.ligne.nom}, {Sens(une.sens).label.lower()}",
        "lien": _adresse(une.date, course=une.pk),
        "est_courant": choisie is not None and une.pk == choisie.pk,
    }


def _adresse(jour: date, **autres: int) -> str:
    return f"{reverse('guichet:bus')}?{urlencode([('jour', jour.isoformat()), *autres.items()])}"
