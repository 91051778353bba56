"""*Inscription*, step by step as the guide says it: child, centre and activity, calendar."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.activites.selection import activite_offerte, activites_pour
from marelle.demandes.panier import ajouter_periode, basculer
from marelle.familles.acces import enfants_de
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui

from ..choix import enfant_ou_404
from ..formulaires import PeriodeForm
from ..personne import RequeteFamille, famille_requise
from ..portail import oublier_le_panier
from .calendrier import dire_ajout, etapes, page_du_calendrier, situation


@require_safe
@famille_requise
def inscription(request: RequeteFamille) -> HttpResponse:
    """The square « Inscriptions » and its door « S'inscrire »."""
    return render(request, "espace_famille/inscription/depart.html", {"enfants": enfants_de(request.famille)})


@require_safe
@famille_requise
def choisir_enfant(request: RequeteFamille) -> HttpResponse:
    """First step: the participant."""
    choisi = request.GET.get("enfant", "")
    enfants = enfants_de(request.famille)
    if choisi:
        enfant = enfant_ou_404(request.famille, int(choisi) if choisi.isdecimal() else 0)
        return redirect("espace_famille:choisir_activite", enfant.pk)
    contexte = {"enfants": enfants, "etapes": etapes(1), "sans_choix": "suivant" in request.GET}
    return render(request, "espace_famille/inscription/enfant.html", contexte)


@require_safe
@famille_requise
def choisir_activite(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """Second step: the centre, then one of its activities."""
    enfant = enfant_ou_404(request.famille, enfant_id)
    choisie = request.GET.get("activite", "")
    if choisie:
        activite = activite_offerte(int(choisie) if choisie.isdecimal() else 0)
        if activite is None:
            raise Http404
        return redirect("espace_famille:calendrier", enfant.pk, activite.pk)
    centres = activites_pour(enfant.age_le(aujourdhui()))
    contexte = {
        "enfant": enfant,
        "centres": centres,
        "un_seul": len(centres) == 1,
        "etapes": etapes(2, enfant),
        "sans_choix": "suivant" in request.GET,
    }
    return render(request, "espace_famille/inscription/activite.html", contexte)


@require_safe
@famille_requise
def calendrier(request: RequeteFamille, enfant_id: int, activite_id: int) -> HttpResponse:
    """Third step: the days."""
    return page_du_calendrier(request, situation(request, enfant_id, activite_id))


@require_POST
@famille_requise
def jour(request: RequeteFamille, enfant_id: int, activite_id: int) -> HttpResponse:
    """A day pressed: in the cart it goes out, booked it goes in to be cancelled, otherwise it goes in to be booked."""
    ou = situation(request, enfant_id, activite_id)
    choisi = PeriodeForm.lire_jour(request.POST.get("jour", ""))
    try:
        ajout = basculer(request.famille, ou.enfant, ou.unite, choisi)
    except ErreurMarelle as refus:
        return page_du_calendrier(request, ou, refus=refus)
    oublier_le_panier(request)
    return page_du_calendrier(request, ou, dit=dire_ajout(ajout, ou))


@require_POST
@famille_requise
def periode(request: RequeteFamille, enfant_id: int, activite_id: int) -> HttpResponse:
    """*Inscrire* or *désinscrire* between two dates, on some weekdays."""
    ou = situation(request, enfant_id, activite_id)
    formulaire = PeriodeForm(request.POST)
    if not formulaire.is_valid():
        return page_du_calendrier(request, ou, formulaire=formulaire)
    donnees = formulaire.cleaned_data
    try:
        ajout = ajouter_periode(
            request.famille,
            ou.enfant,
            ou.unite,
            donnees["du"],
            donnees["au"],
            donnees["jours"],
            desinscrire=request.POST.get("geste") == "desinscrire",
        )
    except ErreurMarelle as refus:
        return page_du_calendrier(request, ou, formulaire=formulaire, refus=refus)
    oublier_le_panier(request)
    return page_du_calendrier(request, ou, dit=dire_ajout(ajout, ou), refuses=ajout.refuses)
