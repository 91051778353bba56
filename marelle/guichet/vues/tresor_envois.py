"""What went to the accountant: the history, each file, its cancelling; what the Treasury returned; the organisations."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.francais import compte
from marelle.tresor import consultation, debits_annules, envoi, fichiers, neutre, retours

from ..formulaires.tresor import FicheMotif, FicheOrganisme, FicheRetour
from ..personne import RequeteAgent, pour
from .tresor import page

PAR_PAGE = 50


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def envois(request: RequeteAgent) -> HttpResponse:
    feuille = Paginator(consultation.exports(), PAR_PAGE).get_page(request.GET.get("page"))
    return page(request, "envois", {"feuille": feuille}, "guichet:tresor_envois")


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def un_envoi(request: RequeteAgent, export_id: int) -> HttpResponse:
    return _un_envoi(request, export_id, FicheMotif())


def _un_envoi(
    request: RequeteAgent, export_id: int, fiche: FicheMotif, refus: str = "", statut: int = 200
) -> HttpResponse:
    export = consultation.un_export(export_id)
    feuille = Paginator(consultation.contenu_de(export), PAR_PAGE).get_page(request.GET.get("page"))
    pieces = [(une, consultation.payeur_ecrit(une.facture)) for une in feuille]
    contexte = {
        "export": export, "feuille": feuille, "pieces": pieces, "fiche": fiche, "refus": refus,
        "fichier": getattr(export, "fichier", None), "annulation": getattr(export, "annulation", None),
        "se_prepare": not export.est_pret, "debits": debits_annules.a_prevenir(export),
    }  # fmt: skip
    return page(request, "envoi", contexte, "guichet:tresor_envois", statut)


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def fichier(request: RequeteAgent, export_id: int) -> HttpResponse:
    """The file itself; the journal says who took it."""
    return cast(HttpResponse, fichiers.telecharger(consultation.un_export(export_id), request.agent))  # or a stream


@require_POST
@pour(Droit.EXPORTER_COMPTES)
def annulation(request: RequeteAgent, export_id: int) -> HttpResponse:
    """The Treasury refused it: what it holds may go again."""
    fiche = FicheMotif(request.POST)
    try:
        if not fiche.is_valid():
            raise Refus("Dites pourquoi cet envoi est annulé : ce que le Trésor a répondu (200 caractères au plus).")
        envoi.annuler(export_id, fiche.cleaned_data["motif"], request.agent)
    except Refus as refus:
        return _un_envoi(request, export_id, fiche, refus.phrase, refus.statut)
    messages.success(request, "L’envoi est annulé : ses factures sont de nouveau à envoyer.")
    return redirect("guichet:tresor_envoi", export_id)


@require_POST
@pour(Droit.EXPORTER_COMPTES)
def reprise(request: RequeteAgent, export_id: int) -> HttpResponse:
    """Ask again for a parcel that is not ready."""
    try:
        neutre.relancer(export_id)
    except Refus as refus:
        return _un_envoi(request, export_id, FicheMotif(), refus.phrase, refus.statut)
    messages.success(request, "Le fichier se prépare de nouveau : rechargez la page dans un instant.")
    return redirect("guichet:tresor_envoi", export_id)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.EXPORTER_COMPTES)
def les_retours(request: RequeteAgent) -> HttpResponse:
    """Import what the Treasury was paid: all of the file, or nothing of it."""
    fiche = FicheRetour(request.POST or None, request.FILES or None) if request.method == "POST" else FicheRetour()
    contexte: dict[str, Any] = {"fiche": fiche, "imports": retours.imports_recents(), "erreurs": []}
    if request.method != "POST":
        return page(request, "retours", contexte, "guichet:tresor_retours")
    if fiche.is_valid():
        recu = fiche.cleaned_data["fichier"]
        try:
            bilan = retours.importer(recu.name, recu.read(), request.agent)
        except retours.RetourRefuse as refus:
            contexte |= {"refus": refus.phrase, "erreurs": refus.lignes}
            return page(request, "retours", contexte, "guichet:tresor_retours", refus.statut)
        _dire(request, bilan)
        return redirect("guichet:tresor_retours")
    return page(request, "retours", contexte, "guichet:tresor_retours", 422)


def _dire(request: RequeteAgent, bilan: retours.BilanRetour) -> None:
    pluriel = "s" if bilan.deja_connus > 1 else ""
    connus = f" {compte(bilan.deja_connus, 'paiement')} déjà connu{pluriel}." if bilan.deja_connus else ""
    if bilan.repris:
        connus += f" {compte(bilan.repris, 'paiement')} repris par le Trésor."
    ajoutes = f"{compte(bilan.paiements, 'paiement')} pour {euros(bilan.total_centimes)}"
    messages.success(request, f"{ajoutes} ; {compte(bilan.references, 'référence')} de titre.{connus}")
    for phrase in bilan.avertissements[:10]:
        messages.warning(request, phrase)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.EXPORTER_COMPTES)
def organismes(request: RequeteAgent) -> HttpResponse:
    """What each organisation is for the Treasury."""
    refus = ""
    if request.method == "POST":
        cle = request.POST.get("payeur", "")
        try:
            payeur = consultation.dire_organisme(
                int(cle) if cle.isdecimal() and len(cle) < 19 else 0, request.POST.get("couple", ""), request.agent
            )
            messages.success(request, f"{payeur.nom} : c’est enregistré.")
            return redirect("guichet:tresor_organismes")
        except Refus as erreur:
            refus = erreur.phrase
    lignes = [
        (un, FicheOrganisme(initial={"couple": couple}, auto_id=f"id_%s_{un.pk}"), couple)
        for un, couple in consultation.organismes()
    ]
    contexte = {"lignes": lignes, "refus": refus}
    return page(request, "organismes", contexte, "guichet:tresor_organismes", 409 if refus else 200)
