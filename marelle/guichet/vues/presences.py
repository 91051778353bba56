"""Pointing the children of a centre on a day, on a tablet: one tap each, or all at once; those who came unannounced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.activites.gestion import activites_de, centres_de
from marelle.activites.models import Centre, Ouverture
from marelle.comptes.droits import Droit
from marelle.reservations import presences as registre
from marelle.reservations.absences_ecole import demandent_l_ecole, noter_l_ecole
from marelle.reservations.liste_du_jour import fermeture_du_jour, jours_voisins
from marelle.reservations.models import Pointage
from marelle.reservations.presences import APointer
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui

from ..centre_du_jour import centre_voulu
from ..formulaires.presences import Heures
from ..personne import RequeteAgent, pour

Etat = Pointage.Etat


@require_safe
@pour(Droit.POINTER)
def presences(request: RequeteAgent) -> HttpResponse:
    """The sheet of a centre on a day; without a day, today or the last open day."""
    centres = list(centres_de(request.agent))
    if not centres:
        return render(request, "guichet/liste_sans_centre.html")
    return _page(request, *_choix(request, request.GET, centres))


@require_POST
@pour(Droit.POINTER)
def pointage(request: RequeteAgent, ouverture_id: int, enfant_id: int) -> HttpResponse:
    """What one button of a row says: present, absent, arrived now, left now, such hours, nothing."""
    ouverture, refus = registre.une_ouverture(request.agent, ouverture_id), ""
    try:
        _faire(request, ouverture, enfant_id)
    except Refus as erreur:
        refus = erreur.phrase
    cle = f"{ouverture_id}-{enfant_id}"
    if request.htmx:  # type: ignore[attr-defined]
        return _rang(request, ouverture, cle, refus)
    if refus:
        return _page(request, ouverture.activite.centre, ouverture.date, refus)
    return redirect(f"{_adresse(ouverture.activite.centre, ouverture.date, request.POST)}#p-{cle}")


@require_POST
@pour(Droit.POINTER)
def tous(request: RequeteAgent) -> HttpResponse:
    """Everybody of a group is there."""
    cles = [cle for cle in request.POST.getlist("ouverture") if cle.isdecimal()]
    ouvertures = [registre.une_ouverture(request.agent, int(cle)) for cle in cles]
    if not ouvertures:
        raise Introuvable("Ce groupe n’attend personne.")
    centre, jour = ouvertures[0].activite.centre, ouvertures[0].date
    try:
        nombre = registre.tous_presents(request.agent, ouvertures)
    except Refus as refus:
        return _page(request, centre, jour, refus.phrase)
    messages.success(request, f"{compte(nombre, 'enfant pointé présent,enfants pointés présents')}.")
    return redirect(_adresse(centre, jour, request.POST))


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.POINTER)
def ajout(request: RequeteAgent) -> HttpResponse:
    """A child who came without a booking: found by name, added with one button."""
    saisi = request.POST if request.method == "POST" else request.GET
    centre, jour = _choix(request, saisi, list(centres_de(request.agent)))
    refus = ""
    if request.method == "POST":
        try:
            un = registre.ajouter(request.agent, *_venu(request))
        except Refus as erreur:
            refus = erreur.phrase
        else:
            messages.success(request, f"{un.enfant} est pointé présent, sans réservation.")
            return redirect(f"{_adresse(centre, jour, {})}#p-{un.ouverture_id}-{un.enfant_id}")
    texte = saisi.get("q", "").strip()
    contexte = {
        "centre": centre,
        "jour": jour,
        "q": texte,
        "refus": refus,
        "fermeture": fermeture_du_jour(centre, jour),
        "candidats": registre.candidats(centre, jour, texte),
        "retour": _adresse(centre, jour, {}),
    }
    return render(request, "guichet/presences/ajout.html", contexte, status=409 if refus else 200)


def _venu(request: RequeteAgent) -> tuple[Ouverture, int, int]:
    cles = [request.POST.get(nom, "") for nom in ("ouverture", "enfant", "famille")]
    if not all(cle.isdecimal() for cle in cles):
        raise Introuvable("Cet enfant n’existe pas.")
    ouverture, enfant, famille = (int(cle) for cle in cles)
    return registre.une_ouverture(request.agent, ouverture), enfant, famille


def _faire(request: RequeteAgent, ouverture: Ouverture, enfant_id: int) -> None:
    geste = request.POST.get("geste", "")
    if geste == "effacer":
        registre.effacer(request.agent, ouverture, enfant_id)
        return
    if geste in ("ecole", "pas_ecole"):
        absents, presents = ([enfant_id], []) if geste == "ecole" else ([], [enfant_id])
        noter_l_ecole(request.agent, ouverture.date, absents, presents)
        return
    heures: dict[str, Any] = {}
    if geste == "heures":
        fiche = Heures(request.POST)
        if not fiche.is_valid():
            raise Refus("Écrivez les heures avec leurs minutes, par exemple 17:30.")
        heures = {**fiche.cleaned_data, "garder_les_heures": False}
    elif geste in ("arrivee", "depart"):
        if ouverture.date != aujourdhui():
            raise Refus("Ce jour est passé : écrivez l’heure d’arrivée ou de départ.")
        heures = {geste: registre.a_cette_heure()}
    elif geste not in ("present", "absent"):
        raise Refus("Dites si l’enfant est présent ou absent.")
    etat = Etat.ABSENT_INJUSTIFIE if geste == "absent" else Etat.PRESENT
    registre.pointer(request.agent, ouverture, enfant_id, etat, **heures)


def _choix(request: RequeteAgent, saisi: Any, centres: Sequence[Centre]) -> tuple[Centre, date]:
    """The centre and the day asked. `Introuvable` for a centre that is not this agent's."""
    centre = centre_voulu(request, saisi.get("centre", ""), saisi.get("jour", ""), centres)
    try:
        return centre, date.fromisoformat(saisi.get("jour", ""))
    except ValueError:
        return centre, registre.jour_a_pointer(centre, aujourdhui())


def _adresse(centre: Centre, jour: date, choix: Any) -> str:
    parametres: dict[str, Any] = {"centre": centre.pk, "jour": jour.isoformat()}
    if choix.get("groupe"):
        parametres["groupe"] = choix["groupe"]
    return f"{reverse('guichet:presences')}?{urlencode(parametres)}"


def _page(request: RequeteAgent, centre: Centre, jour: date, refus: str = "") -> HttpResponse:
    saisi = request.POST if request.method == "POST" else request.GET
    lignes = registre.feuille(centre, jour)
    groupes = dict(une.groupe for une in lignes)
    groupe = saisi.get("groupe", "") if saisi.get("groupe") in groupes else ""
    avant, apres = jours_voisins(centre, jour)
    contexte = {
        "centres": list(centres_de(request.agent)),
        "centre": centre,
        "jour": jour,
        "groupes": groupes,
        "groupe": groupe,
        "sections": _sections(une for une in lignes if not groupe or une.groupe[0] == groupe),
        "bilan": registre.bilan(lignes),
        "avant": avant,
        "apres": apres if apres and apres <= aujourdhui() else None,
        "fermeture": fermeture_du_jour(centre, jour),
        "est_a_venir": jour > aujourdhui(),
        "est_aujourdhui": jour == aujourdhui(),
        "refus": refus,
        "peut_justifier": request.agent.peut(Droit.FACTURER),
        "demande_l_ecole": bool(demandent_l_ecole(activites_de(request.agent), jour)),
    }
    return render(request, "guichet/presences/feuille.html", contexte, status=409 if refus else 200)


def _rang(request: RequeteAgent, ouverture: Ouverture, cle: str, refus: str) -> HttpResponse:
    """The row alone, redrawn, with the totals of the page."""
    lignes = registre.feuille(ouverture.activite.centre, ouverture.date)
    contexte = {
        "une": next((une for une in lignes if une.cle == cle), None),
        "groupe": request.POST.get("groupe", ""),
        "cle": cle,
        "bilan": registre.bilan(lignes),
        "refus_du_rang": refus,
        "est_aujourdhui": ouverture.date == aujourdhui(),
    }
    return render(request, "guichet/presences/rang_seul.html", contexte, status=409 if refus else 200)


def _sections(lignes: Any) -> list[dict[str, Any]]:
    """By activity and group, with the ouvertures that « Tous présents » is about."""
    par_groupe: dict[tuple[str, str], list[APointer]] = {}
    for une in lignes:
        par_groupe.setdefault(une.groupe, []).append(une)
    return [
        {
            "cle": cle,
            "nom": nom,
            "lignes": siennes,
            "ouvertures": sorted({une.ouverture.pk for une in siennes}),
            "reste": any(une.pointage is None and une.absence is None for une in siennes),
        }
        for (cle, nom), siennes in par_groupe.items()
    ]
