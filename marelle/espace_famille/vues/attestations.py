"""« Attestations (impôts) »: the tax certificates of the payers one sees; the attendance of a child."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from marelle.attestations import documents, selection
from marelle.attestations.emission import en_vigueur, etablir
from marelle.attestations.formulaires import Presence
from marelle.attestations.presence import pdf as pdf_de_presence
from marelle.creances.payeurs import payeurs_visibles
from marelle.familles.selection import enfant_de
from marelle.socle.erreurs import Refus

from ..finances import onglets
from ..personne import RequeteFamille, famille_requise


@require_safe
@famille_requise
def attestations(request: RequeteFamille) -> HttpResponse:
    return _page(request, Presence(request.famille))


@require_POST
@famille_requise
def demande(request: RequeteFamille, annee: int) -> HttpResponse:
    """Certify the year, for the payers that this access sees; the same amounts again are the same certificate."""
    payeurs = list(payeurs_visibles(request.acces))
    try:
        faites = etablir(annee, payeurs, None)
    except Refus as refus:
        return _page(request, Presence(request.famille), refus.phrase, refus.statut)
    if faites:
        messages.success(request, f"Votre attestation {annee} est prête.")
    elif en_vigueur((un.pk for un in payeurs), annee).exists():
        messages.info(request, f"Votre attestation {annee} est à jour.")
    else:
        rien = (
            f"Aucun paiement reçu pour la garde d’un enfant de moins de 6 ans : il n’y a rien à attester pour {annee}."
        )
        return _page(request, Presence(request.famille), rien, 409)
    return redirect("espace_famille:attestations")


@require_safe
@famille_requise
def pdf(request: RequeteFamille, numero: str) -> HttpResponse:
    une = selection.attestation_visible(request.acces, numero)
    return _document(documents.pdf(une), documents.nom_de_fichier(une))


@require_safe
@famille_requise
def presence(request: RequeteFamille) -> HttpResponse:
    """The attendance certificate of a child of the household, between two dates."""
    fiche = Presence(request.famille, request.GET)
    if not fiche.is_valid():
        return _page(request, fiche, statut=422)
    enfant = enfant_de(request.famille, fiche.cleaned_data["enfant"])
    try:
        octets = pdf_de_presence(request.famille, enfant, *fiche.periode, avec_heures=fiche.cleaned_data["heures"])
    except Refus as refus:
        return _page(request, fiche, refus.phrase, refus.statut)
    return _document(octets, f"attestation-presence-{enfant.prenom}.pdf")


def _document(octets: bytes, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = content_disposition_header(False, nom) or "inline"
    return reponse


def _page(request: RequeteFamille, fiche: Presence, refus: str = "", statut: int = 200) -> HttpResponse:
    contexte = {
        "onglets": onglets("attestations"),
        "annees": selection.annees_de(request.acces),
        "titres": selection.titres(),
        "fiche": fiche,
        "refus": refus,
    }
    return render(request, "espace_famille/attestations.html", contexte, status=statut)
