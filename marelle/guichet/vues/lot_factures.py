"""The paper of a billing run at the desk: its print batch, made by a job; and the PDF of one invoice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marelle.comptes.droits import Droit
from marelle.facturation import documents, impression
from marelle.facturation.consultation import facture_du_service
from marelle.facturation.envois import campagne_de
from marelle.pieces.service import montrer

from ..personne import RequeteAgent, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.FACTURER)
def lot_impression(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    """What is on paper, what leaves by e-mail; asks for the PDF."""
    campagne = campagne_de(campagne_id)
    if request.method == "POST":
        impression.demander_le_lot(campagne_id, request.agent, recto_verso="recto_verso" in request.POST)
        messages.success(request, "Le PDF se prépare : cela prend quelques secondes.")
        return redirect("guichet:lot_impression", campagne_id=campagne_id)
    contexte = {"campagne": campagne, "lot": impression.lot_de(campagne_id)}
    return render(request, "guichet/lot_impression.html", contexte)


@require_safe
@pour(Droit.FACTURER)
def lot_impression_pdf(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    campagne = campagne_de(campagne_id)
    nom = f"factures-a-imprimer-{campagne.date_emission}-{campagne.pk}.pdf"
    return montrer(impression.fichier_du_lot(campagne_id), "application/pdf", nom)


@require_safe
@pour(Droit.LIRE_FACTURES)
def facture_pdf(request: RequeteAgent, numero: str) -> HttpResponse:
    une = facture_du_service(numero)
    reponse = HttpResponse(documents.pdf(une), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{documents.nom_de_fichier(une)}"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse
