"""The bus of a day asked, before the service decides: another stop, another direction, or none."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from marelle.demandes.bus import changer, jour_modifiable
from marelle.demandes.models import JourDemande
from marelle.demandes.passages import Etat
from marelle.regles.phrases import dire_date
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui
from marelle.transport.selection import choix_du

from ..formulaires_bus import BusForm
from ..personne import RequeteFamille, auteur, famille_requise


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def bus(request: RequeteFamille, jour_id: int) -> HttpResponse:
    """*Départ* and *Retour* of one day; what is decided or another household's does not exist."""
    jour = jour_modifiable(request.famille, jour_id)
    if jour is None:
        raise Http404
    formulaire = BusForm(jour.ouverture.unite, arrets=choix_du(getattr(jour, "trajet", None)))
    if not formulaire.fields:
        raise Http404
    if request.method != "POST":
        return _page(request, jour, formulaire)
    formulaire = BusForm(jour.ouverture.unite, request.POST)
    if not formulaire.is_valid():
        return _page(request, jour, formulaire, statut=422)
    depart, retour = (str(formulaire.cleaned_data.get(nom, "")) for nom in ("depart", "retour"))
    try:
        change = changer(request.famille, jour.pk, depart, retour, auteur(request))
    except ErreurMarelle as refus:
        return _page(request, jour, formulaire, refus.phrase, refus.statut)
    dit = change.bus or "Sans bus"
    messages.success(request, f"{dire_date(jour.date, aujourdhui().year).capitalize()}. {dit}.")
    return redirect(_retour(jour))


def _page(
    request: RequeteFamille, jour: JourDemande, formulaire: BusForm, refus: str = "", statut: int = 200
) -> HttpResponse:
    contexte = {"jour": jour, "formulaire": formulaire, "refus": refus, "retour": _retour(jour)}
    return render(request, "espace_famille/bus.html", contexte, status=statut)


def _retour(jour: JourDemande) -> str:
    if jour.demande.etat == Etat.PANIER:
        return reverse("espace_famille:panier")
    return reverse("espace_famille:demande", args=[jour.demande_id])
