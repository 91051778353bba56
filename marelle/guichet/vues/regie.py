"""Cashing at the desk: find who pays, see what is due, record the payment, and the next one in one gesture."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from marelle.appels.a_rendre import remboursable
from marelle.appels.selection import Du, au_guichet
from marelle.comptes.droits import Droit
from marelle.creances.models import Payeur, Regie
from marelle.creances.regies import options_de
from marelle.regie import encaissements, impayes, journal, mandats_sepa, papiers, recherche
from marelle.regie.acces import regie_de_l_agent, une_regie
from marelle.regie.caducite import dire_la_caducite
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu

from ..formulaires.regie import Encaissement
from ..personne import RequeteAgent, pour
from .regie_commun import page

MODE_GARDE = "regie_mode"


@require_safe
@pour(Droit.LIRE_FACTURES)
def accueil(request: RequeteAgent) -> HttpResponse:
    """Where the agent's day begins; says so when this portal has no régie."""
    sienne = regie_de_l_agent(request.agent)
    if sienne is None:
        return render(request, "guichet/regie/aucune.html")
    nom = "guichet:regie" if request.agent.peut(Droit.ENCAISSER) else "guichet:regie_journal"
    return redirect(nom, sienne.code)


@require_safe
@pour(Droit.ENCAISSER)
def encaisser(request: RequeteAgent, code: int) -> HttpResponse:
    """The search, the last payments. When one payer only is found, its page opens at once."""
    regie = une_regie(code)
    texte = texte_recu(request.GET, "q")
    trouves = recherche.chercher_un_payeur(texte, regie)
    if len(trouves.payeurs) == 1:
        adresse = reverse("guichet:regie_payeur", args=[regie.code, trouves.payeurs[0].payeur.pk])
        return redirect(f"{adresse}?facture={trouves.facture.pk}" if trouves.facture else adresse)
    derniers = journal.derniers(regie)
    fait = next((un for un in derniers if str(un.pk) == request.GET.get("fait")), None)
    contexte = {
        "texte": texte,
        "trouves": trouves,
        "derniers": journal.ecritures(derniers),
        "fait": fait,
        "avance": papiers.credit_de(fait) if fait else 0,
    }
    return page(request, regie, "encaisser", contexte, onglet="guichet:regie")


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.ENCAISSER)
def payeur(request: RequeteAgent, code: int, payeur_id: int) -> HttpResponse:
    """What one payer owes to the régie, and the form that receives it."""
    regie, qui = une_regie(code), recherche.un_payeur(payeur_id)
    attendus = au_guichet(qui, regie)
    appel = _appel_choisi(request, attendus)
    dues = [] if appel else encaissements.payables(qui, regie)
    donnees = request.POST if request.method == "POST" else None
    rendus = impayes.decouverts_de(regie, qui)
    perdu = sum(un.reste_centimes for un in rendus)
    saisie = Encaissement(
        options_de(regie), dues, donnees, mode_garde=request.session.get(MODE_GARDE, ""),
        facture=request.GET.get("facture", ""), sans_facture_centimes=perdu,
    )  # fmt: skip
    refus, statut = "", 200
    if appel:
        saisie.initial["montant"] = appel.reste_centimes
    if request.method == "POST":
        try:
            if saisie.is_valid():
                return _recevoir(request, regie, qui, saisie)
            statut = 422
        except Refus as dit:
            refus, statut = dit.phrase, dit.statut
    mandat = mandats_sepa.mandat_du_payeur(qui, regie)
    contexte = {
        "trouve": recherche.presenter([qui], regie)[0],
        "saisie": saisie,
        "attentes": encaissements.attentes(qui, regie),
        "attendus": attendus,
        "appel": appel,
        "mandat_sepa": mandat,
        "caducite": dire_la_caducite(mandat),
        "remboursable": remboursable(qui, regie),
        "rendus": rendus,
        "perdu": perdu,
        "refus": refus,
    }
    return page(request, regie, "payeur", contexte, onglet="guichet:regie", statut=statut)


def _appel_choisi(request: RequeteAgent, attendus: list[Du]) -> Du | None:
    """What booking asked, that this payment is for (`?appel=`)."""
    cle = request.POST.get("appel", "") or request.GET.get("appel", "")
    return next((un for un in attendus if str(un.appel.pk) == cle), None)


def _recevoir(request: RequeteAgent, regie: Regie, qui: Payeur, saisie: Encaissement) -> HttpResponse:
    cle = request.POST.get("appel", "")
    paiement = encaissements.recevoir(
        regie,
        qui,
        saisie.reception(),
        auteur=request.agent,
        appel=int(cle) if cle.isdecimal() and len(cle) < 19 else None,
    )
    request.session[MODE_GARDE] = paiement.mode
    messages.success(request, f"Paiement {paiement.numero} enregistré.")
    return redirect(f"{reverse('guichet:regie', args=[regie.code])}?fait={paiement.pk}")
