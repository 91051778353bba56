"""Direct debits at the desk: mandates, runs, the file for the bank, recording as paid."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.regie import fichier_sepa, journal, mandats_sepa, prelevements, recherche
from marelle.regie.acces import une_regie
from marelle.regie.models import Prelevement
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu
from marelle.socle.francais import compte

from ..formulaires.regie import DatePrelevement
from ..personne import RequeteAgent, pour
from .mandats import lignes_des_mandats, recevoir_le_mandat
from .regie_commun import page, xml

ICI = "guichet:regie_prelevements"


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    """The runs, the mandates; with a date (« jour »), what a run of that day would collect."""
    return _page(request, une_regie(code))


@require_POST
@pour(Droit.ENCAISSER)
def preparer(request: RequeteAgent, code: int) -> HttpResponse:
    """Make the run that was shown, and tell each payer."""
    regie, saisie = une_regie(code), DatePrelevement(request.POST)
    try:
        if not saisie.is_valid():
            raise Refus("Écrivez la date avec le jour, le mois et l’année, par exemple 05/01/2027.")
        fait = prelevements.preparer(regie, saisie.cleaned_data["jour"], auteur=request.agent)
    except Refus as refus:
        return _page(request, regie, refus.phrase, refus.statut)
    messages.success(
        request, f"Prélèvement préparé pour {compte(fait.nombre, 'payeur')} : envoyez le fichier à la banque."
    )
    return redirect("guichet:regie_prelevement", regie.code, fait.pk)


@require_safe
@pour(Droit.LIRE_FACTURES)
def prelevement(request: RequeteAgent, code: int, prelevement_id: int) -> HttpResponse:
    regie = une_regie(code)
    return _un(request, regie, prelevements.un_prelevement(regie, prelevement_id))


@require_POST
@pour(Droit.ENCAISSER)
def suite(request: RequeteAgent, code: int, prelevement_id: int) -> HttpResponse:
    """« Enregistrer comme payés », or « abandonner »."""
    regie = une_regie(code)
    fait = prelevements.un_prelevement(regie, prelevement_id)
    try:
        if "abandonner" in request.POST:
            prelevements.abandonner(fait, auteur=request.agent)
            messages.success(request, "Ce prélèvement est abandonné : ses factures se paient autrement.")
        else:
            combien = prelevements.enregistrer(fait, auteur=request.agent)
            messages.success(request, f"{compte(combien, 'paiement')} au journal.")
    except Refus as refus:
        return _un(request, regie, fait, refus.phrase, refus.statut)
    return redirect("guichet:regie_prelevement", regie.code, fait.pk)


@require_safe
@pour(Droit.ENCAISSER)
def fichier(request: RequeteAgent, code: int, prelevement_id: int) -> HttpResponse:
    """The file for the bank holds whole account numbers: only for who is named for that régie."""
    regie = une_regie(code)
    fait = prelevements.un_prelevement(regie, prelevement_id)
    return xml(fichier_sepa.remettre(fait, auteur=request.agent), fichier_sepa.nom_du_fichier(fait))


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.ENCAISSER)
def nouveau_mandat(request: RequeteAgent, code: int, payeur_id: int) -> HttpResponse:
    regie, qui = une_regie(code), recherche.un_payeur(payeur_id)
    recu = recevoir_le_mandat(request, regie, qui)
    if recu.mandat is not None:
        messages.success(request, recu.phrase)
        return redirect(ICI, regie.code)
    contexte = {"trouve": recherche.presenter([qui], regie)[0], "saisie": recu.saisie, "refus": recu.refus}
    return page(request, regie, "mandat_sepa", contexte, onglet=ICI, statut=recu.statut)


@require_POST
@pour(Droit.ENCAISSER)
def revoquer(request: RequeteAgent, code: int, mandat_id: int) -> HttpResponse:
    regie = une_regie(code)
    mandat = mandats_sepa.un_mandat(regie, mandat_id)
    try:
        mandats_sepa.revoquer(mandat, texte_recu(request.POST, "motif", 200), auteur=request.agent)
    except Refus as refus:
        return _page(request, regie, refus.phrase, refus.statut)
    messages.success(request, f"Le mandat {mandat.rum} est révoqué.")
    return redirect(ICI, regie.code)


def _page(request: RequeteAgent, regie: Regie, refus: str = "", statut: int = 200) -> HttpResponse:
    demandee = DatePrelevement(request.GET if "jour" in request.GET else None)
    if not demandee.is_bound:
        demandee.initial = {"jour": prelevements.premiere_date(regie)}
    jour = demandee.cleaned_data["jour"] if demandee.is_bound and demandee.is_valid() else None
    proposes, rien = _proposes(regie, jour) if jour else ([], "")
    mandats = lignes_des_mandats(regie, jour)
    noms = {un.mandat.payeur_id: un.nom for un in mandats}
    contexte = {
        "demandee": demandee,
        "jour": jour,
        "proposes": [(un, noms.get(un.mandat.payeur_id, "")) for un in proposes],
        "total": sum(un.montant_centimes for un in proposes),
        "premiere": prelevements.premiere_date(regie),
        "mandats": mandats,
        "rien": rien,
        "prelevements": prelevements.prelevements_de(regie)[:12],
        "refus": refus,
    }
    return page(request, regie, "prelevements", contexte, onglet=ICI, statut=statut)


def _proposes(regie: Regie, jour: date) -> tuple[list[prelevements.APrelever], str]:
    """What a run of that day would collect; otherwise, why nothing: said before the button, not after it."""
    try:
        prelevements.exiger_un_jour(regie, jour)
    except Refus as refus:
        return [], refus.phrase
    proposes = prelevements.proposer(regie, jour)
    return proposes, "" if proposes else prelevements.dire_qu_il_n_y_a_rien(regie, jour)


def _un(request: RequeteAgent, regie: Regie, fait: Prelevement, refus: str = "", statut: int = 200) -> HttpResponse:
    lignes = prelevements.lignes_de(fait)
    noms = journal.noms_des_payeurs({une.mandat.payeur_id: une.mandat.payeur for une, _, _ in lignes}.values())
    contexte = {
        "prelevement": fait,
        "lignes": [(*ligne, noms.get(ligne[0].mandat.payeur_id, "")) for ligne in lignes],
        "refus": refus,
    }
    return page(request, regie, "prelevement", contexte, onglet=ICI, statut=statut)
