"""Giving money back to a payer: what can be, the means, what it leaves, shown once before it is recorded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from marelle.comptes.droits import Droit
from marelle.creances.regies import options_de
from marelle.regie import recherche, remboursements
from marelle.regie.acces import une_regie
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus

from ..formulaires.regie import Remboursement
from ..personne import RequeteAgent, pour
from .regie_commun import page


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.ENCAISSER)
def remboursement(request: RequeteAgent, code: int, payeur_id: int) -> HttpResponse:
    """The form; sent once, what it would leave; sent again unchanged, it is recorded."""
    regie, qui = une_regie(code), recherche.un_payeur(payeur_id)
    permis = remboursements.possible(qui, regie)
    donnees = request.POST if request.method == "POST" else None
    saisie = Remboursement(options_de(regie), permis.propose, permis.motif, donnees)
    apres, refus, statut = None, "", 200
    if donnees is not None:
        statut = 422
        try:
            if saisie.is_valid() and saisie.est_vu:
                fait = remboursements.rembourser(regie, qui, saisie.demande(), auteur=request.agent)
                rendu = euros(-fait.montant_centimes)
                messages.success(
                    request, f"Remboursement {fait.numero} enregistré : {rendu}. Le payeur en est prévenu."
                )
                return redirect("guichet:regie_paiement", regie.code, fait.pk)
            if saisie.is_valid():
                apres, statut = remboursements.previsualiser(regie, qui, saisie.demande(), auteur=request.agent), 200
        except Refus as dit:
            refus, statut = dit.phrase, dit.statut
    contexte = {
        "trouve": recherche.presenter([qui], regie)[0],
        "permis": permis,
        "saisie": saisie,
        "est_a_confirmer": apres is not None,
        "du_apres": max(0, apres or 0),
        "credit_apres": max(0, -(apres or 0)),
        "refus": refus,
    }
    return page(request, regie, "remboursement", contexte, onglet="guichet:regie", statut=statut)
