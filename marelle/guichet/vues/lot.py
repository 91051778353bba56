"""Accepting at once all that the rules accept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from marelle.comptes.droits import Droit
from marelle.demandes.a_payer_par_lot import SommesDuLot, sommes_du_lot
from marelle.demandes.decision import accepter_lot
from marelle.demandes.file import LOT_AU_PLUS, proposer_un_lot, retenir_pour_le_lot
from marelle.regles.argent import euros
from marelle.socle.francais import compte

from ..formulaires.demandes import FiltreDeLaFile
from ..personne import RequeteAgent, auteur, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.DECIDER_DEMANDES)
def lot(request: RequeteAgent) -> HttpResponse:
    """What would be accepted, all ticked; then what was."""
    if request.method == "POST":
        return _accepter(request)
    return render(request, "guichet/lot.html", _proposer(request))


def _proposer(request: RequeteAgent, erreur: str = "") -> dict[str, Any]:
    propose = proposer_un_lot(request.agent, FiltreDeLaFile(request.agent, request.GET).filtre)
    lot = sommes_du_lot([ligne.demande for ligne in propose.acceptables])
    return {
        "propose": propose,
        "lignes": [(ligne, _dire(lot, ligne.demande.pk)) for ligne in propose.acceptables],
        "a_payer": _dire_en_tout(lot),
        "perd_la_place": any(une.perd_la_place for une in lot.toutes),
        "au_plus": LOT_AU_PLUS,
        "requete": request.GET.urlencode(),
        "erreur": erreur,
    }


def _dire(lot: SommesDuLot, demande: int) -> str:
    """« 10,00 € à payer, puis 30,00 € de solde ; le crédit du compte paie 5,00 € »; empty when nothing is asked."""
    sommes, credit = lot.par_demande.get(demande, ()), lot.credits.get(demande, 0)
    d_abord = sum(une.centimes for une in sommes if not une.est_solde)
    solde = sum(une.centimes for une in sommes if une.est_solde)
    dites = [f"{euros(d_abord)} à payer"] if d_abord else []
    dites += [f"{euros(solde)} de solde" if d_abord else f"{euros(solde)} de solde à payer"] if solde else []
    phrase = ", puis ".join(dites) or "Rien à payer"
    if credit:
        return f"{phrase} ; le crédit du compte paie {euros(credit)}"
    return phrase if dites else ""


def _dire_en_tout(lot: SommesDuLot) -> str:
    """« 3 familles auront à payer 120,00 € en tout, dont 90,00 € de solde »."""
    if not lot.familles:
        return ""
    solde = sum(une.centimes for une in lot.toutes if une.est_solde)
    combien = euros(sum(une.centimes for une in lot.toutes))
    phrase = f"{compte(lot.familles, 'famille aura,familles auront')} à payer {combien} en tout"
    return f"{phrase}, dont {euros(solde)} de solde" if solde else phrase


def _accepter(request: RequeteAgent) -> HttpResponse:
    ids = [int(valeur) for valeur in request.POST.getlist("demande") if valeur.isdecimal() and len(valeur) < 19]
    choisies = retenir_pour_le_lot(request.agent, ids[:LOT_AU_PLUS])
    if not choisies:
        return render(request, "guichet/lot.html", _proposer(request, "Cochez au moins une demande."), status=422)
    fait = accepter_lot([une.pk for une in choisies], auteur(request))
    par_cle = {une.pk: une for une in choisies}
    laissees = [(par_cle[cle], phrase) for cle, phrase in fait.laissees.items()]
    contexte = {"acceptees": fait.acceptees, "laissees": laissees, "requete": request.GET.urlencode()}
    return render(request, "guichet/lot_fait.html", contexte)
