"""Certificates at the desk: those of a year at once, those of a household, their signatory; attendance of a child."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.attestations import documents, lots, selection
from marelle.attestations.emission import annees_ouvertes, en_vigueur, etablir
from marelle.attestations.emission import signataire as le_signataire
from marelle.attestations.formulaires import FicheSignataire, Presence
from marelle.attestations.presence import pdf as pdf_de_presence
from marelle.attestations.signature import garder
from marelle.comptes.droits import Droit
from marelle.familles.gestion import familles_lues, familles_trouvees, un_enfant, une_famille
from marelle.familles.models import Famille
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.formulaires import texte_recu

from ..personne import RequeteAgent, pour

TROUVEES = 20


@require_safe
@pour(Droit.LIRE_FACTURES)
def attestations(request: RequeteAgent) -> HttpResponse:
    return _page(request)


@require_POST
@pour(Droit.FACTURER)
def lot(request: RequeteAgent) -> HttpResponse:
    """Ask for all the certificates of a year: a job makes them."""
    try:
        annee = int(request.POST.get("annee", "0") or 0)
        demande = lots.demander(annee, request.agent, avec_courriel="avec_courriel" in request.POST)
    except (ValueError, Refus) as erreur:
        return _page(request, erreur.phrase if isinstance(erreur, Refus) else "Choisissez une année de la liste.")
    messages.success(request, f"Les attestations {demande.annee} se préparent.")
    return redirect("guichet:attestations")


@require_safe
@pour(Droit.LIRE_FACTURES)
def lot_pdf(request: RequeteAgent, lot_id: int) -> HttpResponse:
    return lots.telecharger(lot_id, request.agent)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.FACTURER)
def signataire(request: RequeteAgent) -> HttpResponse:
    """Who signs the certificates to come; those that were given keep their signatory."""
    fiche = FicheSignataire(request.POST or None, instance=le_signataire())
    if request.method == "POST" and fiche.is_valid():
        garder(fiche.save(commit=False), request.agent)
        messages.success(request, "Les prochaines attestations porteront ce signataire.")
        return redirect("guichet:attestations")
    statut = 422 if fiche.errors else 200
    return render(request, "guichet/attestations/signataire.html", {"fiche": fiche}, status=statut)


@require_safe
@pour(Droit.LIRE_FACTURES)
def famille(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """The certificates of the payers of a household, every version; the attendance of its children."""
    une = une_famille(famille_id)
    return _page_famille(request, une, Presence(une))


@require_POST
@pour(Droit.FACTURER)
def etablissement(request: RequeteAgent, famille_id: int, payeur_id: int, annee: int) -> HttpResponse:
    """Certify a year again for one payer: a new version when there was one."""
    une = une_famille(famille_id)
    payeur = next((un for un, _ in selection.payeurs_de_la_famille(une) if un.pk == payeur_id), None)
    if payeur is None:
        raise Introuvable("Ce payeur n’est pas de cette famille.")
    try:
        faites = etablir(annee, [payeur], request.agent, refaire=True)
        if not faites and en_vigueur([payeur.pk], annee).exists():
            raise Refus(f"L’attestation {annee} de ce payeur dit déjà tout cela : rien n’a changé depuis.")
        if not faites:
            raise Refus(
                f"Aucun paiement reçu pour la garde d’un enfant de moins de 6 ans : rien à attester pour {annee}."
            )
    except Refus as refus:
        return _page_famille(request, une, Presence(une), refus.phrase, refus.statut)
    messages.success(request, f"Attestation nº {faites[0].numero} établie.")
    return redirect("guichet:attestations_famille", une.pk)


@require_safe
@pour(Droit.LIRE_FACTURES)
def presence(request: RequeteAgent, famille_id: int) -> HttpResponse:
    une = une_famille(famille_id)
    fiche = Presence(une, request.GET)
    if not fiche.is_valid():
        return _page_famille(request, une, fiche, statut=422)
    enfant = un_enfant(une, fiche.cleaned_data["enfant"])
    try:
        octets = pdf_de_presence(une, enfant, *fiche.periode, avec_heures=fiche.cleaned_data["heures"])
    except Refus as refus:
        return _page_famille(request, une, fiche, refus.phrase, refus.statut)
    return _document(octets, f"attestation-presence-{enfant.prenom}.pdf")


@require_safe
@pour(Droit.LIRE_FACTURES)
def pdf(request: RequeteAgent, numero: str) -> HttpResponse:
    une = selection.une_attestation(numero)
    return _document(documents.pdf(une), documents.nom_de_fichier(une))


def _document(octets: bytes, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = content_disposition_header(False, nom) or "inline"
    return reponse


def _page(request: RequeteAgent, refus: str = "") -> HttpResponse:
    texte = texte_recu(request.GET, "q")
    faits = lots.lots()
    contexte = {
        "annees": annees_ouvertes(),
        "lots": faits,
        "en_cours": any(un.fini_le is None and not un.est_arrete for un in faits),
        "signataire": le_signataire(),
        "titres": selection.titres(),
        "texte": texte,
        "familles": familles_lues(familles_trouvees(texte)[:TROUVEES]) if texte else [],
        "avec_courriel": "avec_courriel" in request.POST,
        "refus": refus,
    }
    gabarit = "lots" if request.htmx else "attestations"  # type: ignore[attr-defined]
    return render(request, f"guichet/attestations/{gabarit}.html", contexte, status=409 if refus else 200)


def _page_famille(
    request: RequeteAgent, famille: Famille, fiche: Presence, refus: str = "", statut: int = 200
) -> HttpResponse:
    payeurs = selection.payeurs_de_la_famille(famille)
    versions = selection.versions_de(un for un, _ in payeurs)
    contexte: dict[str, Any] = {
        "famille": famille,
        "payeurs": [(un, nom, [paire for paire in versions if paire[0].payeur_id == un.pk]) for un, nom in payeurs],
        "annees": annees_ouvertes(),
        "fiche": fiche,
        "refus": refus,
    }
    return render(request, "guichet/attestations/famille.html", contexte, status=statut)
