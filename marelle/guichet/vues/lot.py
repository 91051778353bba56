"""Accepting at once all that the rules accept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from marelle.comptes.droits import Droit
from marelle.demandes.decision import accepter_lot
from marelle.demandes.file import LOT_AU_PLUS, proposer_un_lot, retenir_pour_le_lot

from ..formulaires.demandes import FiltreDeLaFile
from ..personne import RequeteAgent, auteur, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.DECIDER_DEMANDES)
def lot(request: RequeteAgent) -> HttpResponse:
    """What would be accepted, all ticked; then what was."""
    if request.method == "POST":
        return _accepter(request)
    propose = proposer_un_lot(request.agent, FiltreDeLaFile(request.agent, request.GET).filtre)
    contexte = {"propose": propose, "au_plus": LOT_AU_PLUS, "requete": request.GET.urlencode(), "erreur": ""}
    return render(request, "guichet/lot.html", contexte)


def _accepter(request: RequeteAgent) -> HttpResponse:
    ids = [int(valeur) for valeur in request.POST.getlist("demande") if valeur.isdecimal() and len(valeur) < 19]
    choisies = retenir_pour_le_lot(request.agent, ids[:LOT_AU_PLUS])
    if not choisies:
        propose = proposer_un_lot(request.agent, FiltreDeLaFile(request.agent, request.GET).filtre)
        contexte = {
            "propose": propose,
            "au_plus": LOT_AU_PLUS,
            "requete": request.GET.urlencode(),
            "erreur": "Cochez au moins une demande.",
        }
        return render(request, "guichet/lot.html", contexte, status=422)
    fait = accepter_lot([une.pk for une in choisies], auteur(request))
    par_cle = {une.pk: une for une in choisies}
    laissees = [(par_cle[cle], phrase) for cle, phrase in fait.laissees.items()]
    contexte = {"acceptees": fait.acceptees, "laissees": laissees, "requete": request.GET.urlencode()}
    return render(request, "guichet/lot_fait.html", contexte)
