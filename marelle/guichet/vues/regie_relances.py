"""Reminders: who is proposed today, the sending, the letters of each one, the history of an invoice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.editions import produire
from marelle.regie import impayes, journal, relances
from marelle.regie.acces import une_regie
from marelle.socle.erreurs import Refus
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui

from ..personne import RequeteAgent, pour
from .regie_commun import page, pdf

ICI = "guichet:regie_relances"
PAR_ENVOI = 200  # what one request writes in about a second; the next ones are proposed after


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    return _page(request, une_regie(code))


@require_POST
@pour(Droit.ENCAISSER)
def envoyer(request: RequeteAgent, code: int) -> HttpResponse:
    """Send those that are ticked: e-mails leave, letters are one PDF to print."""
    regie = une_regie(code)
    try:
        fait = relances.envoyer(regie, request.POST.getlist("relance")[:PAR_ENVOI], auteur=request.agent)
    except Refus as refus:
        return _page(request, regie, refus.phrase, refus.statut)
    dits = [compte(fait.courriels, "e-mail") if fait.courriels else "", ""]
    dits[1] = f"{compte(fait.courriers, 'lettre')} à imprimer" if fait.courriers else ""
    messages.success(request, f"Relances : {' et '.join(un for un in dits if un)}.")
    if fait.laissees:
        messages.warning(request, f"{compte(fait.laissees, 'relance')} de moins : payées ou suspendues entre-temps.")
    return redirect(ICI, regie.code)


@require_safe
@pour(Droit.LIRE_FACTURES)
def lettres(request: RequeteAgent, code: int, lot_id: int) -> HttpResponse:
    lot = relances.un_lot(une_regie(code), lot_id)
    return pdf(produire("relance", relances.lettres(lot)), f"relances-{localdate(lot.fait_le)}-{lot.pk}.pdf")


def _page(request: RequeteAgent, regie: Regie, refus: str = "", statut: int = 200) -> HttpResponse:
    proposees = relances.proposer(regie, aujourdhui())
    lots = [
        {
            "lot": lot,
            "courriels": sum(une.moyen == "courriel" for une in lot.relances.all()),
            "courriers": sum(une.moyen == "courrier" for une in lot.relances.all()),
        }
        for lot in relances.lots_de(regie)
    ]
    rendus = impayes.decouverts_de(regie)
    noms = journal.noms_des_payeurs(un.payeur for un in rendus) if rendus else {}
    contexte = {
        "sans_facture": [(noms[un.payeur.pk], un) for un in rendus],
        "proposees": proposees[:PAR_ENVOI],
        "restent": max(0, len(proposees) - PAR_ENVOI),
        "total": sum(une.total_centimes for une in proposees[:PAR_ENVOI]),
        "lots": lots,
        "refus": refus,
    }
    return page(request, regie, "relances", contexte, onglet=ICI, statut=statut)
