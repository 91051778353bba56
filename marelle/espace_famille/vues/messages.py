"""« Boîte de réception » and « Contacter le centre »: what the service wrote, what the family writes to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.collectivite.identite import identite
from marelle.correspondance import envoi, selection, suivi
from marelle.correspondance.formulaires import FormulaireMessage, FormulaireReponse
from marelle.correspondance.models import Fil
from marelle.correspondance.pieces_jointes import ouvrir
from marelle.demandes.models import Demande
from marelle.demandes.selection import demande_de, resumer
from marelle.familles.acces import enfants_de
from marelle.pieces.televersement import est_trop_lourd
from marelle.socle.erreurs import ErreurMarelle, Introuvable

from ..personne import RequeteFamille, auteur, famille_requise
from .public import page_publique

PAR_PAGE = 20


@require_safe
@famille_requise
def boite(request: RequeteFamille) -> HttpResponse:
    """The threads of the household, the latest first, what is not read in bold."""
    feuille = Paginator(selection.fils_de(request.famille), PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [(fil, *badge(fil)) for fil in feuille.object_list]
    return render(request, "espace_famille/messages/boite.html", {"page": feuille, "lignes": lignes})


def badge(fil: Fil) -> tuple[str, str, str]:
    """Where a thread stands for the family: tone, symbol, words."""
    if fil.a_lire_depuis is not None:
        return "bleu", "message", "Nouveau message"
    if fil.attend_depuis is not None:
        return "ocre", "horloge", "En attente de réponse"
    return ("neutre", "cadenas", "Clos") if fil.est_clos else ("vert", "coche", "Lu")


@require_safe
@famille_requise
def message(request: RequeteFamille, fil_id: int) -> HttpResponse:
    """One thread; opening it is reading it."""
    fil = selection.fil_de(request.famille, fil_id)
    if request.method == "GET":
        suivi.marquer_lu(request.famille, fil)
        fil.a_lire_depuis = None
    return _montrer(request, fil, FormulaireReponse())


def _montrer(request: RequeteFamille, fil: Fil, formulaire: FormulaireReponse, statut: int = 200) -> HttpResponse:
    ton, symbole, mot = badge(fil)
    contexte = {
        "fil": fil,
        "form": formulaire,
        "sujet": identite().messages.sujet(fil.sujet),
        "ton": ton,
        "symbole": symbole,
        "mot": mot,
    }
    return render(request, "espace_famille/messages/message.html", contexte, status=statut)


@require_POST
@famille_requise
def reponse(request: RequeteFamille, fil_id: int) -> HttpResponse:
    fil = selection.fil_de(request.famille, fil_id)
    formulaire = FormulaireReponse(request.POST, request.FILES, trop_lourd=est_trop_lourd(request))
    if not formulaire.is_valid():
        return _montrer(request, fil, formulaire, 422)
    try:
        envoi.repondre_au_service(request.famille, fil.pk, formulaire.ecrit, auteur(request))
    except ErreurMarelle as erreur:
        formulaire.add_error(None, erreur.phrase)
        return _montrer(request, fil, formulaire, erreur.statut)
    messages.success(request, "Votre réponse est envoyée au service.")
    return redirect("espace_famille:message", fil.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def nouveau(request: RequeteFamille) -> HttpResponse:
    """« Contacter le centre »: a new thread, perhaps about a child (`?enfant=`) or a demande (`?demande=`)."""
    enfants, demande = enfants_de(request.famille), _demande(request)
    depart = {"enfant": request.GET.get("enfant", "")}
    donnees = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    formulaire = FormulaireMessage(enfants, *donnees, initial=depart, trop_lourd=est_trop_lourd(request))
    statut = 200
    if request.method == "POST":
        statut = 422
        if formulaire.is_valid():
            try:
                return _envoyer(request, formulaire, demande)
            except ErreurMarelle as erreur:
                formulaire.add_error(None, erreur.phrase)
                statut = erreur.statut
    contexte: dict[str, Any] = {"form": formulaire, "demande": demande, "resume": resumer(demande) if demande else ""}
    return render(request, "espace_famille/messages/nouveau.html", contexte, status=statut)


def _envoyer(request: RequeteFamille, formulaire: FormulaireMessage, demande: Demande | None) -> HttpResponse:
    propos = formulaire.propos(demande=demande)
    fil = envoi.ecrire_au_service(request.famille, propos, formulaire.ecrit, auteur(request))
    messages.success(
        request, "Votre message est envoyé. La réponse du service arrivera ici ; un e-mail vous préviendra."
    )
    return redirect("espace_famille:message", fil.pk)


def _demande(request: RequeteFamille) -> Demande | None:
    """The demande that the message is about: one of this household's."""
    cle = request.GET.get("demande", "")
    if not cle:
        return None
    demande = demande_de(request.famille, int(cle)) if cle.isdecimal() and len(cle) < 12 else None
    if demande is None:
        raise Introuvable("Cette demande n’existe pas.")
    return demande


@require_safe
@famille_requise
def piece_jointe(request: RequeteFamille, cle: uuid.UUID) -> HttpResponse:
    """A file joined to one of the household's messages."""
    return ouvrir(selection.piece_de(request.famille, cle))


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """A family that is signed in writes; anybody else reads how to reach the service: no form that machines could fill."""
    if getattr(request, "famille", None):
        return redirect("espace_famille:nouveau_message")
    return page_publique(request, "espace_famille/messages/contact.html")
