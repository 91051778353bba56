"""Paying what keeps a place: each sum with its hour and its days; sent, it leads to PayFiP."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from marelle.appels.en_ligne import preparer_les_appels
from marelle.paiements.payfip import page_de_paiement
from marelle.socle.erreurs import ErreurMarelle, Introuvable

from ..payer import laisser_sortir, retours
from ..personne import RequeteFamille, famille_requise
from ..reservations_a_payer import Choix, choix_de


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def reservations(request: RequeteFamille) -> HttpResponse:
    """What is to pay to keep places; one sum at a time."""
    tous = choix_de(request.acces)
    if request.method != "POST":
        return _montrer(request, tous)
    voulu = next((un for un in tous if un.cle == request.POST.get("appel")), None)
    try:
        if voulu is None:
            raise Introuvable("Cette somme n’est plus à payer : elle l’est déjà, ou son délai est passé.")
        return _partir(request, voulu)
    except ErreurMarelle as erreur:
        tous = choix_de(request.acces)
        for un in tous:
            if voulu is not None and un.cle == voulu.cle:
                un.refus, un.mel = erreur.phrase, request.POST.get("mel", "")[:80]
        general = "" if any(un.refus for un in tous) else erreur.phrase
        return _montrer(request, tous, erreur.statut, general)


def _partir(request: RequeteFamille, voulu: Choix) -> HttpResponse:
    """303 to PayFiP's page."""
    vu = request.POST.get("vu", "")
    tentative = preparer_les_appels(
        request.acces,
        [voulu.du.appel.pk],
        retours=retours(request),
        mel=request.POST.get("mel", "") or voulu.mel_connu,
        vu_centimes=int(vu) if vu.isdecimal() and len(vu) < 12 else None,
    )
    reponse = HttpResponseRedirect(page_de_paiement(tentative.regie, tentative.idop or ""))
    reponse.status_code = 303
    return reponse


def _montrer(request: RequeteFamille, tous: list[Choix], statut: int = 200, refus: str = "") -> HttpResponse:
    contexte = {"tous": tous, "refus": refus}
    reponse = render(request, "espace_famille/payer/reservations.html", contexte, status=statut)
    return laisser_sortir(reponse, [un.groupe.regie for un in tous if un.est_en_ligne])
