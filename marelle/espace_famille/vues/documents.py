"""« Transmettre des documents »: pick a file, say what it is and for whom, send; what was sent, with its state."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marelle.demandes.documents import documents_de, envoyer_document
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.natures.formulaires import FormulaireContenu
from marelle.familles.acces import enfants_de
from marelle.pieces.formats import TROP_LOURD
from marelle.pieces.service import ouvrir, piece_de
from marelle.pieces.televersement import est_trop_lourd
from marelle.socle.erreurs import ErreurMarelle

from ..personne import RequeteFamille, auteur, famille_requise

BADGES = {
    "en_attente": ("ocre", "horloge", "En attente"),
    "acceptee": ("vert", "coche", "Acceptée"),
    "refusee": ("rouge", "croix", "Refusée"),
    "a_corriger": ("bleu", "crayon", "À renvoyer"),
    "perimee": ("ocre", "document", "Expirée"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def documents(request: RequeteFamille) -> HttpResponse:
    formulaire = _formulaire(request)
    if request.method == "POST" and formulaire.is_valid():
        try:
            return _envoyer(request, formulaire)
        except ErreurMarelle as erreur:
            formulaire.add_error("fichier", erreur.phrase)
            return _montrer(request, formulaire, erreur.statut)
    return _montrer(request, formulaire, 422 if request.method == "POST" else 200)


def _formulaire(request: RequeteFamille) -> FormulaireContenu:
    if request.method != "POST":
        depart = {"type_piece": request.GET.get("type", ""), "enfants": request.GET.getlist("enfant")}
        return NATURES["piece"].formulaire(Sujet(request.famille), initial={cle: v for cle, v in depart.items() if v})
    formulaire = NATURES["piece"].formulaire(Sujet(request.famille), request.POST, request.FILES)
    if est_trop_lourd(request):
        formulaire.fields["fichier"].error_messages["required"] = TROP_LOURD
    return formulaire


def _envoyer(request: RequeteFamille, formulaire: FormulaireContenu) -> HttpResponse:
    dit = formulaire.cleaned_data
    enfants = [enfant for enfant in enfants_de(request.famille) if str(enfant.pk) in dit["enfants"]]
    fichier = dit["fichier"]
    envoyer_document(
        request.famille, enfants, dit["type_piece"], dit["annee"], fichier, auteur(request), jeton_de(request)
    )
    messages.success(request, "Le document est envoyé. Vous verrez ici quand le service l’aura vérifié.")
    return redirect("espace_famille:documents")


def jeton_de(request: RequeteFamille) -> uuid.UUID:
    """The page's own token; a text that is not one is nobody's, and gets a new one."""
    champ = forms.UUIDField(required=False)
    try:
        return champ.clean(request.POST.get("jeton", "")) or uuid.uuid4()
    except forms.ValidationError:
        return uuid.uuid4()


def _montrer(request: RequeteFamille, formulaire: FormulaireContenu, statut: int) -> HttpResponse:
    contexte: dict[str, Any] = {
        "form": formulaire,
        "jeton": request.POST.get("jeton") or uuid.uuid4(),
        "documents": [(document, *BADGES[document.etat]) for document in documents_de(request.famille)],
        "fichier_a_reprendre": request.method == "POST" and "fichier" not in formulaire.errors,
    }
    return render(request, "espace_famille/dossier/documents.html", contexte, status=statut)


@require_safe
@famille_requise
def piece(request: RequeteFamille, cle: uuid.UUID) -> HttpResponse:
    """The file, for the household that sent it."""
    return ouvrir(piece_de(request.famille, cle))
