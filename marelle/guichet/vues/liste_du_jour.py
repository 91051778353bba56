"""The children expected in a centre on a day: on the screen, on paper, as a PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from marelle.activites.gestion import centres_de
from marelle.activites.models import Centre
from marelle.comptes.droits import Droit
from marelle.demandes.ensemble import avec_qui
from marelle.demandes.evenements import sorties_du_centre
from marelle.editions import produire
from marelle.journal.service import LECTURE_SANTE, noter
from marelle.reservations.liste_du_jour import (
    Attendu,
    attendus,
    fermeture_du_jour,
    jour_a_montrer,
    jours_voisins,
    repas_du_jour,
)
from marelle.socle.erreurs import Introuvable
from marelle.socle.francais import compte, date_longue, enumere
from marelle.socle.horloge import aujourdhui
from marelle.transport.selection import dire_les_arrets

from ..centre_du_jour import centre_voulu
from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.LIRE_LISTE_JOUR)
def liste_du_jour(request: RequeteAgent) -> HttpResponse:
    """The day list; without a date, today's or the next open day's."""
    centres = list(centres_de(request.agent))
    if not centres:
        return render(request, "guichet/liste_sans_centre.html")
    centre, jour = _choix(request, centres)
    liste = _ensemble(_avec_le_bus(attendus(centre, jour)), jour)
    _noter(request, centre, jour, liste)
    avant, apres = jours_voisins(centre, jour)
    contexte = {
        "centres": centres,
        "centre": centre,
        "jour": jour,
        "liste": liste,
        "a_connaitre": [un for un in liste if un.est_a_connaitre],
        "repas": repas_du_jour(liste),
        "groupes": _groupes(liste),
        "avant": avant,
        "apres": apres,
        "fermeture": fermeture_du_jour(centre, jour),
        "sorties": sorties_du_centre(centre, jour),
        "a_un_bus": any(un.bus for un in liste),
        "peut_pointer": request.agent.peut(Droit.POINTER) and jour <= aujourdhui(),
    }
    return render(request, "guichet/liste_du_jour.html", contexte)


@require_safe
@pour(Droit.LIRE_LISTE_JOUR)
def pdf(request: RequeteAgent) -> HttpResponse:
    """The same as a PDF, with boxes to tick."""
    centres = list(centres_de(request.agent))
    if not centres:
        raise Introuvable("Vous n’avez pas de centre.")
    centre, jour = _choix(request, centres)
    liste = _avec_le_bus(attendus(centre, jour))
    _noter(request, centre, jour, liste)
    reponse = HttpResponse(produire("liste_jour", _donnees(centre, jour, liste)), content_type="application/pdf")
    nom = f"liste-{centre.code}-{jour:%Y-%m-%d}.pdf"
    reponse["Content-Disposition"] = content_disposition_header(False, nom) or "inline"
    return reponse


def _avec_le_bus(liste: list[Attendu]) -> list[Attendu]:
    return [replace(un, bus=dire_les_arrets(*un.arrets)) if any(un.arrets) else un for un in liste]


def _ensemble(liste: list[Attendu], jour: date) -> list[Attendu]:
    """With whom a child was asked, or not at all: who turns one away turns the others away too."""
    liees = avec_qui(jour)
    return [replace(un, ensemble=enumere(liees[un.enfant.pk])) if un.enfant.pk in liees else un for un in liste]


def _choix(request: RequeteAgent, centres: list[Centre]) -> tuple[Centre, date]:
    """The centre and the day asked. `Introuvable` for a centre that is not this agent's."""
    centre = centre_voulu(request, request.GET.get("centre", ""), request.GET.get("jour", ""), centres)
    try:
        jour = date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        jour = jour_a_montrer(centre, aujourdhui())
    return centre, jour


def _noter(request: RequeteAgent, centre: Centre, jour: date, liste: list[Attendu]) -> None:
    """Reading the alerts is reading health: one entry for the list, with the children whose alert it shows."""
    concernes = [un.enfant.pk for un in liste if un.est_a_connaitre]
    if concernes:
        adresse = request.META.get("REMOTE_ADDR", "")
        noter(request.agent.compte, LECTURE_SANTE, centre, adresse_ip=adresse, jour=jour.isoformat(), enfants=concernes)


def _groupes(liste: list[Attendu]) -> list[tuple[str, list[Attendu]]]:
    """By activity and group, in the order of the list."""
    groupes: dict[str, list[Attendu]] = {}
    for un in liste:
        groupes.setdefault(" · ".join(filter(None, [un.activite, un.groupe])), []).append(un)
    return list(groupes.items())


def _donnees(centre: Centre, jour: date, liste: list[Attendu]) -> dict[str, Any]:
    lignes = []
    for un in liste:
        ligne = {
            "nom": un.enfant.nom.upper(),
            "prenom": un.enfant.prenom,
            "age": compte(un.age, "an"),
            "groupe": un.groupe,
            "unite": un.unite,
            "repas": un.repas,
            "repart_avec": un.absence or ". ".join(filter(None, (un.bus, un.repart_avec))),
            "telephone": un.telephone,
        }
        if un.est_a_connaitre:
            ligne["alerte"] = " ".join(filter(None, ["PAI." if un.a_pai else "", un.alerte]))
        lignes.append(ligne)
    activites = ", ".join(dict.fromkeys(un.activite for un in liste)) or date_longue(jour, aujourdhui().year)
    return {
        "centre": centre.nom,
        "activite": " · ".join([activites, *sorties_du_centre(centre, jour)]),
        "jour": jour,
        "enfants": lignes,
        "totaux": repas_du_jour(liste),
    }
