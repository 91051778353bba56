"""« Messages » at the desk: what families wrote, those that wait first; answering, taking, closing; writing to a family."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.collectivite.identite import identite
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.correspondance import envoi, selection, suivi
from marelle.correspondance.formulaires import FormulaireMessage, FormulaireReponse
from marelle.correspondance.models import Fil
from marelle.correspondance.pieces_jointes import ouvrir
from marelle.familles.gestion import une_famille
from marelle.journal.service import noter
from marelle.pieces.televersement import est_trop_lourd
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.formulaires import texte_recu
from marelle.socle.francais import depuis
from marelle.socle.horloge import PARIS, maintenant

from ..personne import RequeteAgent, pour

PAR_PAGE = 30
FORMULAIRE = ["GET", "HEAD", "POST"]


@require_safe
@pour(Droit.LIRE_MESSAGES)
def boite(request: RequeteAgent) -> HttpResponse:
    """The threads that this agent may see: to answer (the oldest first), answered, closed."""
    filtre = _filtre(request)
    feuille = Paginator(selection.fils_du_guichet(request.agent, filtre), PAR_PAGE).get_page(request.GET.get("page"))
    garde = {"sujet": filtre.sujet, "q": filtre.recherche, "moi": "1" if filtre.a_moi else ""}
    reste = {nom: valeur for nom, valeur in garde.items() if valeur}
    contexte = {
        "filtre": filtre,
        "page": feuille,
        "lignes": [
            (fil, identite().messages.sujet(fil.sujet), *badge(fil, request.agent)) for fil in feuille.object_list
        ],
        "onglets": [
            {
                "libelle": nom,
                "lien": f"?{urlencode({'vue': code, **reste})}",
                "est_courant": code == filtre.vue,
                "nombre": 0,
            }
            for code, (nom, _) in selection.VUES.items()
        ],
        "requete": f"{urlencode({'vue': filtre.vue, **reste})}&",
    }
    return render(request, "guichet/messages/boite.html", contexte)


def _filtre(request: RequeteAgent) -> selection.Filtre:
    dits = {nom: texte_recu(request.GET, nom) for nom in ("vue", "sujet", "q")}
    vue = dits["vue"] if dits["vue"] in selection.VUES else selection.A_REPONDRE
    return selection.Filtre(vue, dits["sujet"], dits["q"], request.GET.get("moi") == "1")


def badge(fil: Fil, agent: Agent) -> tuple[str, str, str]:
    """Where a thread stands for the service: tone, symbol, words."""
    if fil.pris_par is not None:
        return "bleu", "compte", "Je m’en occupe" if fil.pris_par == agent else f"{fil.pris_par} s’en occupe"
    if fil.attend_depuis is not None:
        age = depuis(fil.attend_depuis.astimezone(PARIS), maintenant().astimezone(PARIS))
        return "ocre", "horloge", f"Arrivé {age}"
    return ("neutre", "cadenas", "Clos") if fil.est_clos else ("vert", "coche", "Répondu")


@require_safe
@pour(Droit.LIRE_MESSAGES)
def message(request: RequeteAgent, fil_id: int) -> HttpResponse:
    return _montrer(request, selection.fil_du_guichet(request.agent, fil_id), FormulaireReponse())


def _montrer(request: RequeteAgent, fil: Fil, formulaire: FormulaireReponse, statut: int = 200) -> HttpResponse:
    ton, symbole, mot = badge(fil, request.agent)
    ecrits = list(fil.messages.all())
    contexte = {
        "fil": fil,
        "form": formulaire,
        "vu": ecrits[-1].pk if ecrits else 0,
        "est_a_un_collegue": fil.pris_par is not None and fil.pris_par != request.agent,
        "est_a_moi": fil.pris_par == request.agent,
        "sujet": identite().messages.sujet(fil.sujet),
        "ton": ton,
        "symbole": symbole,
        "mot": mot,
    }
    return render(request, "guichet/messages/message.html", contexte, status=statut)


@require_POST
@pour(Droit.ECRIRE_MESSAGES)
def reponse(request: RequeteAgent, fil_id: int) -> HttpResponse:
    """Answer; what a colleague did meanwhile is said, and what was typed stays."""
    fil = selection.fil_du_guichet(request.agent, fil_id)
    formulaire = FormulaireReponse(request.POST, request.FILES, trop_lourd=est_trop_lourd(request))
    if not formulaire.is_valid():
        return _montrer(request, fil, formulaire, 422)
    vu = request.POST.get("vu", "")
    try:
        lu = int(vu) if vu.isdecimal() and len(vu) < 19 else 0
        envoi.repondre_a_la_famille(fil.pk, formulaire.ecrit, request.agent, lu)
    except ErreurMarelle as erreur:
        formulaire.add_error(None, erreur.phrase)
        return _montrer(request, selection.fil_du_guichet(request.agent, fil_id), formulaire, erreur.statut)
    messages.success(request, f"La réponse est envoyée à la famille {fil.famille.nom}, prévenue par e-mail.")
    return redirect("guichet:messages")


def _geste(request: RequeteAgent, fil_id: int, agir: Callable[[int, Agent], None], dit: str) -> HttpResponse:
    fil = selection.fil_du_guichet(request.agent, fil_id)
    agir(fil.pk, request.agent)
    messages.success(request, dit)
    return redirect("guichet:message", fil.pk)


@require_POST
@pour(Droit.ECRIRE_MESSAGES)
def prise(request: RequeteAgent, fil_id: int) -> HttpResponse:
    """« Je m'en occupe »; a colleague's, only when the page showed whose it is."""

    def prendre(cle: int, agent: Agent) -> None:
        suivi.prendre(cle, agent, a_un_collegue="reprendre" in request.POST)

    return _geste(request, fil_id, prendre, "Ce message est à votre nom : vos collègues le voient.")


@require_POST
@pour(Droit.ECRIRE_MESSAGES)
def abandon(request: RequeteAgent, fil_id: int) -> HttpResponse:
    return _geste(request, fil_id, suivi.laisser, "Ce message est de nouveau à tout le service.")


@require_POST
@pour(Droit.ECRIRE_MESSAGES)
def cloture(request: RequeteAgent, fil_id: int) -> HttpResponse:
    return _geste(request, fil_id, suivi.clore, "Ce message est clos. La famille peut encore y répondre.")


@require_POST
@pour(Droit.ECRIRE_MESSAGES)
def reouverture(request: RequeteAgent, fil_id: int) -> HttpResponse:
    return _geste(request, fil_id, suivi.rouvrir, "Ce message attend de nouveau une réponse.")


@require_safe
@pour(Droit.LIRE_MESSAGES)
def piece_jointe(request: RequeteAgent, cle: uuid.UUID) -> HttpResponse:
    """A file joined to a message; each opening is journaled."""
    piece = selection.piece_du_guichet(request.agent, cle)
    noter(request.agent.compte, "message.fichier", piece, dossier=f"famille:{piece.message.fil.famille_id}")
    return ouvrir(piece)


@require_http_methods(FORMULAIRE)
@pour(Droit.ECRIRE_MESSAGES)
def ecrire(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """A new thread with one household, from its page."""
    famille = une_famille(famille_id)
    enfants = list(famille.enfants.filter(est_archive=False).order_by("date_naissance", "pk"))
    donnees = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    formulaire = FormulaireMessage(enfants, *donnees, trop_lourd=est_trop_lourd(request))
    statut = 200
    if request.method == "POST":
        statut = 422
        if formulaire.is_valid():
            try:
                fil = envoi.ecrire_a_la_famille(famille, formulaire.propos(), formulaire.ecrit, request.agent)
            except ErreurMarelle as erreur:
                formulaire.add_error(None, erreur.phrase)
                statut = erreur.statut
            else:
                messages.success(request, f"Le message est envoyé à la famille {famille.nom}, prévenue par e-mail.")
                return redirect(_apres(request.agent, fil))
    contexte: dict[str, Any] = {"form": formulaire, "famille": famille}
    return render(request, "guichet/messages/ecrire.html", contexte, status=statut)


def _apres(agent: Agent, fil: Fil) -> str:
    """The thread, or the household's page for who may not see the thread (limited to centres where it books nothing)."""
    if selection.visibles(agent).filter(pk=fil.pk).exists():
        return reverse("guichet:message", args=[fil.pk])
    return reverse("guichet:famille", args=[fil.famille_id])
