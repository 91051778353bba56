"""Paying online: choose the invoices, go to PayFiP, come back; and the address that PayFiP itself calls."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from marelle.comptes.limites import est_permis
from marelle.paiements.interrogation import interroger
from marelle.paiements.payfip import page_de_paiement
from marelle.paiements.preparation import preparer
from marelle.paiements.reconciliation import est_attendue, notifier
from marelle.paiements.selection import tentative_de
from marelle.socle.erreurs import ErreurMarelle, Introuvable

from ..finances import quittance
from ..payer import Choix, autoriser_la_sortie, choix_de, choix_poste, contexte_du_retour, retours
from ..personne import RequeteFamille, famille_requise


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def payer(request: RequeteFamille) -> HttpResponse:
    """What is left to pay (`?facture=` ticks one); sent, it leads to PayFiP with the amount that the server computed."""
    if request.method != "POST":
        return _montrer(request, choix_de(request, request.GET))
    tous = choix_de(request, request.POST)
    voulu = choix_poste(request, tous)
    try:
        return _partir(request, voulu)
    except Introuvable:
        raise
    except ErreurMarelle as erreur:
        voulu.refus = erreur.phrase
        return _montrer(request, choix_apres(request, voulu), erreur.statut)


def _partir(request: RequeteFamille, voulu: Choix) -> HttpResponse:
    """303 to PayFiP's page."""
    vu = request.POST.get("vu", "")
    tentative = preparer(
        request.acces,
        request.POST.getlist("facture"),
        retours=retours(request),
        mel=request.POST.get("mel", "") or voulu.mel_connu,
        montant_centimes=voulu.montant_centimes,
        vu_centimes=int(vu) if vu.isdecimal() and len(vu) < 12 else None,
    )
    reponse = HttpResponseRedirect(page_de_paiement(tentative.regie, tentative.idop or ""))
    reponse.status_code = 303
    return reponse


def choix_apres(request: RequeteFamille, refuse: Choix) -> list[Choix]:
    """The page as things stand now: what was refused may have changed since it was read."""
    tous = choix_de(request, request.POST)
    for un in tous:
        if un.cle == refuse.cle:
            un.refus = refuse.refus
    return tous


def _montrer(request: RequeteFamille, tous: list[Choix], statut: int = 200) -> HttpResponse:
    contexte = {"tous": tous, "est_court": len(tous) == 1, "se_choisit": any(un.est_en_ligne for un in tous)}
    return autoriser_la_sortie(render(request, "espace_famille/payer/payer.html", contexte, status=statut), tous)


@require_safe
@famille_requise
def payer_retour(request: RequeteFamille) -> HttpResponse:
    """Back from PayFiP: nothing that the address says is believed, PayFiP is asked."""
    tentative = tentative_de(request.acces, request.GET.get("idop", "") or request.GET.get("idOp", ""))
    if tentative is None:
        raise Introuvable("Ce paiement n’existe pas.")
    if request.method == "GET" and est_permis(request, "payer_retour", str(tentative.pk)):
        tentative = interroger(tentative)
    essai = request.GET.get("essai", "0")
    contexte = contexte_du_retour(tentative, int(essai) if essai.isdecimal() and len(essai) < 3 else 0)
    contexte["quittance"] = quittance(tentative.paiement) if tentative.paiement else ""
    return render(request, "espace_famille/payer/retour.html", contexte)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def notification(request: HttpRequest) -> HttpResponse:
    """PayFiP (or anybody) names an idop: a job will ask PayFiP about it. The answer is the same for everything."""
    recu = request.POST if request.method == "POST" else request.GET
    idop = recu.get("idop") or recu.get("idOp") or request.GET.get("idop") or request.GET.get("idOp") or ""
    if est_attendue(idop) and est_permis(request, "payer_notification", idop):
        notifier(idop)
    return HttpResponse("OK", content_type="text/plain; charset=utf-8")
