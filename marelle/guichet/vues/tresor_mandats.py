"""Mandates by which the Treasury debits what it collects: entered, listed and revoked with the same pages as those of a régie."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regie import mandats_sepa, recherche
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.formulaires import texte_recu
from marelle.tresor import consultation

from ..personne import RequeteAgent, pour
from .mandats import lignes_des_mandats, recevoir_le_mandat
from .tresor import page

ICI = "guichet:tresor_mandats"


def _budget(code: int) -> Regie:
    """A budget whose titres the Treasury collects and may debit; `Introuvable` otherwise: a régie has its own pages."""
    regie = consultation.une_regie(code)
    options = options_de(regie)
    if not (options.est_titre and options.a_des_mandats):
        raise Introuvable("Le Trésor ne prélève rien pour ce budget.")
    return regie


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    """The mandates, and who pays (« q ») to enter another."""
    return _liste(request, _budget(code))


def _liste(request: RequeteAgent, regie: Regie, refus: str = "", statut: int = 200) -> HttpResponse:
    texte = texte_recu(request.GET, "q")
    contexte = {
        "regie": regie,
        "texte": texte,
        "trouves": recherche.chercher_un_payeur(texte, regie),
        "mandats": lignes_des_mandats(regie),
        "peut_agir": True,
        "refus": refus,
    }
    return page(request, "mandats", contexte, "guichet:tresor", statut)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.EXPORTER_COMPTES)
def nouveau(request: RequeteAgent, code: int, payeur_id: int) -> HttpResponse:
    """A signed mandate, copied."""
    regie, qui = _budget(code), recherche.un_payeur(payeur_id)
    recu = recevoir_le_mandat(request, regie, qui)
    if recu.mandat is not None:
        messages.success(request, recu.phrase)
        return redirect(ICI, regie.code)
    trouve = recherche.presenter([qui], regie)[0]
    contexte = {"regie": regie, "trouve": trouve, "saisie": recu.saisie, "refus": recu.refus}
    return page(request, "mandat_sepa", contexte, "guichet:tresor", recu.statut)


@require_POST
@pour(Droit.EXPORTER_COMPTES)
def revoquer(request: RequeteAgent, code: int, mandat_id: int) -> HttpResponse:
    regie = _budget(code)
    mandat = mandats_sepa.un_mandat(regie, mandat_id)
    try:
        mandats_sepa.revoquer(mandat, texte_recu(request.POST, "motif", 200), auteur=request.agent)
    except Refus as refus:
        return _liste(request, regie, refus.phrase, refus.statut)
    messages.success(request, f"Le mandat {mandat.rum} est révoqué.")
    return redirect(ICI, regie.code)
