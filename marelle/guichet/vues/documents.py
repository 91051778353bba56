"""The documents of the centre at the desk: put one, correct it, take it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.pieces import centre
from marelle.pieces.formats import TROP_LOURD
from marelle.pieces.models import DocumentDuCentre
from marelle.pieces.televersement import est_trop_lourd
from marelle.socle.horloge import aujourdhui

from ..formulaires.documents import FicheDocument
from ..personne import RequeteAgent, pour

FORMULAIRE = ["GET", "HEAD", "POST"]


@require_safe
@pour(Droit.REGLER_ACTIVITES)
def documents(request: RequeteAgent) -> HttpResponse:
    """Every document, and whether families see it today."""
    lignes = [(un, *_etat(un)) for un in centre.tous()]
    return render(request, "guichet/documents.html", {"lignes": lignes})


def _etat(document: DocumentDuCentre) -> tuple[str, str, str]:
    jour = aujourdhui()
    if document.publie_du > jour:
        return "neutre", "horloge", "Pas encore publié"
    if document.publie_au is not None and document.publie_au < jour:
        return "neutre", "croix", "Plus publié"
    return "vert", "coche", "Publié"


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def document(request: RequeteAgent, document_id: int | None = None) -> HttpResponse:
    """A new document, or one to correct; its file may be replaced."""
    un = centre.un_document(document_id) if document_id else None
    if request.method == "POST":
        fiche = FicheDocument(request.POST, request.FILES, instance=un)
        if est_trop_lourd(request):
            fiche.fields["fichier"].required = True
            fiche.fields["fichier"].error_messages["required"] = TROP_LOURD
        if fiche.is_valid():
            garde = centre.garder(fiche.save(commit=False), fiche.cleaned_data["fichier"], request.agent.compte)
            messages.success(request, f"« {garde.titre} » : c’est enregistré.")
            return redirect("guichet:documents")
    else:
        fiche = FicheDocument(instance=un)
    titre = str(un) if un else "Nouveau document"
    contexte = {"fiche": fiche, "titre": titre, "document": un}
    return render(request, "guichet/document.html", contexte, status=422 if fiche.errors else 200)


@require_safe
@pour(Droit.REGLER_ACTIVITES)
def fichier(request: RequeteAgent, document_id: int) -> HttpResponse:
    return centre.ouvrir(centre.un_document(document_id))


@require_POST
@pour(Droit.REGLER_ACTIVITES)
def supprimer(request: RequeteAgent, document_id: int) -> HttpResponse:
    un = centre.un_document(document_id)
    titre = un.titre
    centre.supprimer(un, request.agent.compte)
    messages.success(request, f"« {titre} » est supprimé : les familles ne le voient plus.")
    return redirect("guichet:documents")
