"""The photograph of a child, for its own family: seen, sent, replaced, taken away."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.natures.formulaires import FormulaireContenu
from marelle.demandes.photos import envoyer_photo, photo_de, photo_en_attente, retirer_photo
from marelle.familles.models import Enfant
from marelle.familles.selection import enfant_de
from marelle.pieces.formats import TROP_LOURD
from marelle.pieces.service import montrer, ouvrir_photo
from marelle.pieces.televersement import est_trop_lourd
from marelle.socle.erreurs import ErreurMarelle, Introuvable
from marelle.socle.francais import de

from ..personne import RequeteFamille, auteur, famille_requise
from .documents import jeton_de


@require_safe
@famille_requise
def photo(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    return ouvrir_photo(enfant_de(request.famille, enfant_id))


@require_safe
@famille_requise
def en_attente(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """The photograph that the household has sent and that waits."""
    demande = photo_en_attente(request.famille, enfant_de(request.famille, enfant_id))
    if demande is None:
        raise Introuvable("Il n’y a pas de photo en attente.")
    return montrer(photo_de(demande), "image/jpeg", "photo.jpg", est_telecharge=False)


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def portrait(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """« Insertion photo »."""
    le = enfant_de(request.famille, enfant_id)
    if request.method != "POST":
        return _montrer(request, le, NATURES["photo"].formulaire(Sujet(request.famille, le)), 200)
    formulaire = NATURES["photo"].formulaire(Sujet(request.famille, le), request.POST, request.FILES)
    if est_trop_lourd(request):
        formulaire.fields["fichier"].error_messages["required"] = TROP_LOURD
    if not formulaire.is_valid():
        return _montrer(request, le, formulaire, 422)
    try:
        envoyer_photo(request.famille, le, formulaire.cleaned_data["fichier"], auteur(request), jeton_de(request))
    except ErreurMarelle as erreur:
        formulaire.add_error("fichier", erreur.phrase)
        return _montrer(request, le, formulaire, erreur.statut)
    messages.success(request, "La photo est envoyée : elle s’affiche dès que le service l’a acceptée.")
    return redirect("espace_famille:mon_enfant", le.pk)


def _montrer(request: RequeteFamille, le: Enfant, formulaire: FormulaireContenu, statut: int) -> HttpResponse:
    contexte = {
        "enfant": le,
        "form": formulaire,
        "attente": photo_en_attente(request.famille, le),
        "jeton": request.POST.get("jeton") or uuid.uuid4(),
    }
    return render(request, "espace_famille/dossier/photo.html", contexte, status=statut)


@require_POST
@famille_requise
def retrait(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """Taken away at once: what a family gives here, it may take back."""
    le = enfant_de(request.famille, enfant_id)
    if retirer_photo(le, request.famille, request.acces.compte):
        messages.success(request, f"La photo {de(le.prenom)} est retirée : plus personne ne la voit.")
    return redirect("espace_famille:mon_enfant", le.pk)
