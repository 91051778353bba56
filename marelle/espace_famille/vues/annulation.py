"""*Voulez-vous annuler l'inscription … du …?*: a booked day of the calendar, cancelled at once where the rules allow."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from marelle.collectivite.identite import identite
from marelle.demandes import gestes
from marelle.demandes.grille import refus_d_annuler, reservation_de
from marelle.demandes.passages import Etat
from marelle.socle.erreurs import Refus

from ..ecrans import ecran_requis
from ..personne import RequeteFamille, auteur, famille_requise
from ..portail import oublier_le_panier


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
@ecran_requis("grille")
def annulation(request: RequeteFamille, reservation_id: int) -> HttpResponse:
    """The question, alone on its page or in a dialog of the calendar; then the answer."""
    reservation = reservation_de(request.famille, reservation_id)
    if reservation is None:
        raise Http404
    mois = f"{reverse('espace_famille:mon_calendrier')}?enfant={reservation.enfant_id}&mois={reservation.date:%Y-%m}"
    centre = reservation.activite.centre
    telephone = centre.telephone or identite().telephone
    contexte = {"reservation": reservation, "retour": mois, "refus": "", "telephone": telephone}
    if request.method != "POST":
        contexte["refus"] = refus_d_annuler(request.famille, reservation)
        return render(request, "espace_famille/grille/annulation.html", contexte)
    try:
        envoi = gestes.annuler(request.famille, reservation.enfant, reservation_id, auteur(request))
    except Refus as refus:
        contexte["refus"] = refus.phrase
        return render(request, "espace_famille/grille/annulation.html", contexte, status=refus.statut)
    oublier_le_panier(request)
    demande = envoi.demandes.get()
    if demande.etat == Etat.ACCEPTEE:
        messages.success(request, "L’inscription a bien été annulée. Le service est informé.")
    else:
        messages.info(request, f"Demande d’annulation {demande.numero} déposée : le service vous répond par e-mail.")
    return redirect(mois)
