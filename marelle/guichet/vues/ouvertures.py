"""The days of an activity: places, opening more, closing and opening again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.activites import gestion
from marelle.activites.clauses import clauses_de
from marelle.activites.models import Activite
from marelle.comptes.droits import Droit
from marelle.demandes.capacite import changer_les_places
from marelle.demandes.fermeture import fermer as fermer_les_jours
from marelle.demandes.fermeture import rouvrir as rouvrir_les_jours
from marelle.demandes.fermeture import touches
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import accorde, compte
from marelle.socle.horloge import aujourdhui
from marelle.tarification.evenements import evenements_proposes
from marelle.transport.courses import ouvrir_les_courses

from ..formulaires.activites import Capacites, Fermer, OuvrirDesJours
from ..personne import RequeteAgent, auteur, pour
from .offre import ecart

FORMULAIRE = ["GET", "HEAD", "POST"]
ANNEES_MONTREES = 20


@require_safe
@pour(Droit.REGLER_ACTIVITES)
def places(request: RequeteAgent, activite_id: int) -> HttpResponse:
    """A month of an activity: each day and group with its places."""
    une = gestion.une_activite(request.agent, activite_id)
    return _mois(request, une, OuvrirDesJours(list(une.groupes.order_by("age_min"))))


@require_POST
@pour(Droit.REGLER_ACTIVITES)
def ouvrir(request: RequeteAgent, activite_id: int) -> HttpResponse:
    une = gestion.une_activite(request.agent, activite_id)
    saisie = OuvrirDesJours(list(une.groupes.order_by("age_min")), request.POST)
    if not saisie.is_valid():
        return _mois(request, une, saisie, 422)
    with transaction.atomic():
        nombre = gestion.ouvrir_pour(request.agent, une, saisie.dates, saisie.places)
        ouvrir_les_courses()  # a bus that serves the activity runs on its new days too
    if nombre:
        dits = compte(len(saisie.dates), "jour ouvert,jours ouverts")
        messages.success(request, f"{dits}. Pour en retirer un, mettez ses places à 0.")
    else:
        messages.warning(request, "Ces jours étaient déjà ouverts : rien n’a changé.")
    return redirect(f"{reverse('guichet:places', args=[une.pk])}?mois={saisie.cleaned_data['debut']:%Y-%m}")


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def jour(request: RequeteAgent, activite_id: int, jour: str) -> HttpResponse:
    """The places of one day, part by part."""
    une = gestion.une_activite(request.agent, activite_id)
    le = _jour(jour)
    jauges = gestion.jauges_du_jour(une, le)
    if not jauges:
        raise Introuvable("Cette activité n’ouvre pas ce jour-là.")
    saisie = Capacites(jauges, request.POST if request.method == "POST" else None)
    refus, statut = "", 422 if saisie.errors else 200
    if request.method == "POST" and saisie.is_valid():
        try:
            servies = changer_les_places(saisie.places, request.agent)
        except Refus as erreur:
            refus, statut = erreur.phrase, erreur.statut
        else:
            suite = f" {compte(len(servies), 'demande')} de la liste d’attente avance." if servies else ""
            messages.success(request, f"Les places sont enregistrées.{suite}")
            return redirect(f"{reverse('guichet:places', args=[une.pk])}?mois={le:%Y-%m}")
    fermeture = gestion.fermeture_du_jour(une, le)
    contexte = {"activite": une, "jour": le, "saisie": saisie, "fermeture": fermeture, "refus": refus}
    return render(request, "guichet/places_du_jour.html", contexte, status=statut)


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def fermer(request: RequeteAgent) -> HttpResponse:
    """Close a centre on some days; sent without its box, the form says first what that would undo."""
    limites = gestion.centres_limites(request.agent)
    centres = list(gestion.centres_de(request.agent))
    saisie = Fermer(centres, request.POST if request.method == "POST" else None, tous=not limites)
    refus, statut = "", 422 if saisie.errors else 200
    if request.method == "POST" and saisie.is_valid():
        donnees = saisie.cleaned_data
        try:
            bilan = fermer_les_jours(saisie.choisi, donnees["debut"], donnees["fin"], donnees["motif"], auteur(request))
        except Refus as erreur:
            refus, statut = erreur.phrase, erreur.statut
        else:
            messages.success(request, _dire(bilan))
            return redirect("guichet:activites")
    avant = _dire_avant(saisie) if set(saisie.errors) == {"confirme"} else ""
    return render(request, "guichet/fermer.html", {"saisie": saisie, "refus": refus, "avant": avant}, status=statut)


def _dire_avant(saisie: Fermer) -> str:
    """« 2 jours d’accueil : 24 réservations à annuler, 3 demandes à clore, 18 familles à prévenir. »"""
    une = touches(saisie.choisi, saisie.cleaned_data["debut"], saisie.cleaned_data["fin"])
    reste = f"{compte(une.demandes, 'demande')} à clore, {compte(une.familles, 'famille')} à prévenir"
    return f"{compte(une.jours, 'jour')} d’accueil : {compte(une.reservations, 'réservation')} à annuler, {reste}."


@require_POST
@pour(Droit.REGLER_ACTIVITES)
def rouvrir(request: RequeteAgent, fermeture_id: int) -> HttpResponse:
    fermeture = gestion.une_fermeture(request.agent, fermeture_id)
    if fermeture.centre_id is None and gestion.centres_limites(request.agent):
        raise PermissionDenied("Cette fermeture touche tous les centres : demandez à la direction.")
    nombre = rouvrir_les_jours(fermeture, request.agent)
    if nombre:
        messages.success(request, "Ces jours sont rouverts. Les réservations annulées ne reviennent pas.")
    else:
        messages.warning(
            request, "Cette fermeture est retirée ; ces jours sont passés, ou fermés pour une autre raison."
        )
    return redirect("guichet:activites")


def _dire(bilan: Any) -> str:
    """« 2 jours fermés : 24 réservations annulées, 3 demandes refusées, 18 familles prévenues. »"""
    parts = [
        f"{compte(bilan.reservations, 'réservation')} {accorde(bilan.reservations, 'annulée')}",
        f"{compte(bilan.demandes, 'demande')} {accorde(bilan.demandes, 'close')}",
        f"{compte(len(bilan.familles), 'famille')} {accorde(len(bilan.familles), 'prévenue')}",
    ]
    return f"{compte(bilan.jours, 'jour')} {accorde(bilan.jours, 'fermé')} : {', '.join(parts)}."


def _mois(request: RequeteAgent, une: Activite, saisie: OuvrirDesJours, statut: int = 200) -> HttpResponse:
    premier = premier_du_mois(request.GET.get("mois", ""))
    clauses = clauses_de(une.code)
    contexte = {
        "clauses": clauses,
        **ecart(une, clauses),
        "est_a_ouvrir": not une.ouvertures.exists(),
        "activite": une,
        "premier": premier,
        "avant": (premier - timedelta(days=1)).replace(day=1),
        "apres": (premier + timedelta(days=32)).replace(day=1),
        "jours": gestion.mois_de_places(une, premier),
        "a_des_sorties": bool(evenements_proposes(une.code, [un.code for un in une.unites.all()], [premier])),
        "saisie": saisie,
    }
    return render(request, "guichet/places.html", contexte, status=statut)


def premier_du_mois(ecrit: str) -> date:
    present = aujourdhui().replace(day=1)
    try:
        premier = date.fromisoformat(f"{ecrit}-01")
    except ValueError:
        return present
    return premier if abs(premier.year - present.year) < ANNEES_MONTREES else present


def _jour(ecrit: str) -> date:
    try:
        return date.fromisoformat(ecrit)
    except ValueError:
        raise Introuvable("Ce jour n’existe pas.") from None
