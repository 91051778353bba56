"""Days that the service excuses for all: the list, a new one with who is concerned before it is said, its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.activites.gestion import centres_limites
from marelle.comptes.droits import Droit
from marelle.reservations import excuses_dites as registre
from marelle.reservations.excuses import choix_d_ecoles
from marelle.reservations.excuses_dites import Apercu
from marelle.reservations.models import ExcuseCollective
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu
from marelle.socle.francais import accorde, compte
from marelle.socle.horloge import aujourdhui

from ..formulaires.excuses import Excuser, Finir
from ..personne import RequeteAgent, pour

FORMULAIRE = ["GET", "HEAD", "POST"]


@require_safe
@pour(Droit.REGLER_ACTIVITES)
def excuses(request: RequeteAgent) -> HttpResponse:
    return _liste(request)


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def nouvelle(request: RequeteAgent) -> HttpResponse:
    """First who is concerned, then the word: what is confirmed is what was read."""
    activites = registre.activites_excusables(request.agent)
    if not activites:
        return redirect("guichet:excuses")
    motifs, accueils = registre.collectives_de(activites, aujourdhui()), registre.accueils_de(activites)
    donnees = request.POST if request.method == "POST" else None
    saisie = Excuser(activites, accueils, motifs, choix_d_ecoles(), donnees)
    if not saisie.is_valid():
        return _page(request, saisie, statut=422 if saisie.errors else 200)
    try:
        if "dire" in request.POST:
            return _dire(request, saisie)
        return _page(request, saisie, registre.apercu(saisie.saisie))
    except Refus as refus:
        return _page(request, saisie, _ce_qui_serait(saisie), refus.phrase, refus.statut)


def _dire(request: RequeteAgent, saisie: Excuser) -> HttpResponse:
    prevenir, vu = saisie.cleaned_data["prevenir"], request.POST.get("vu", "")
    une, concernes = registre.dire(
        request.agent, saisie.saisie, saisie.cleaned_data["jeton"], vu, prevenir=prevenir
    )  # fmt: skip
    suite = f", {compte(concernes.familles, 'famille')} {accorde(concernes.familles, 'prévenue')}" if prevenir else ""
    messages.success(request, f"Excuse dite ({une.nom}) : {_compter(concernes)}{suite}.")
    return redirect("guichet:excuses")


def _compter(apercu: Apercu) -> str:
    """« 42 enfants réservés, 55 journées »."""
    return f"{compte(apercu.enfants, 'enfant')} {accorde(apercu.enfants, 'réservé')}, {compte(apercu.jours, 'journée')}"


def _ce_qui_serait(saisie: Excuser) -> Apercu | None:
    try:
        return registre.apercu(saisie.saisie)
    except Refus:
        return None


def _page(
    request: RequeteAgent, saisie: Excuser, apercu: Apercu | None = None, refus: str = "", statut: int = 200
) -> HttpResponse:
    contexte: dict[str, Any] = {"saisie": saisie, "apercu": apercu, "refus": refus}
    if apercu is not None:
        contexte["compte"] = f"{_compter(apercu)}, {compte(apercu.familles, 'famille')}."
    return render(request, "guichet/presences/excuse_nouvelle.html", contexte, status=statut)


@require_POST
@pour(Droit.REGLER_ACTIVITES)
def fin(request: RequeteAgent, excuse_id: int) -> HttpResponse:
    registre.une_excuse(request.agent, excuse_id)
    saisie = Finir(request.POST, cle=excuse_id)
    if not saisie.is_valid():
        return _liste(request, "Donnez le dernier jour excusé.", excuse_id, 422)
    try:
        registre.finir(request.agent, excuse_id, saisie.cleaned_data["fin"])
    except Refus as refus:
        return _liste(request, refus.phrase, excuse_id, refus.statut)
    messages.success(request, "L’excuse finit plus tôt. Ce qui est déjà facturé se corrige à la prochaine facturation.")
    return redirect("guichet:excuses")


@require_POST
@pour(Droit.REGLER_ACTIVITES)
def annulation(request: RequeteAgent, excuse_id: int) -> HttpResponse:
    try:
        registre.annuler(request.agent, excuse_id, texte_recu(request.POST, "raison", 200))
    except Refus as refus:
        return _liste(request, refus.phrase, excuse_id, refus.statut)
    messages.success(request, "L’excuse est annulée. Ce qui est déjà facturé se corrige à la prochaine facturation.")
    return redirect("guichet:excuses")


def _liste(request: RequeteAgent, refus: str = "", ouverte: int = 0, statut: int = 200) -> HttpResponse:
    limites = centres_limites(request.agent)
    contexte = {
        "excuses": [_ligne(une, limites) for une in registre.excuses_de(request.agent)],
        "peut_excuser": bool(registre.activites_excusables(request.agent)),
        "refus": refus,
        "ouverte": ouverte,
    }
    return render(request, "guichet/presences/excuses.html", contexte, status=statut)


def _ligne(une: ExcuseCollective, limites: frozenset[int]) -> dict[str, Any]:
    """`est_sienne`: an agent limited to some centres does not change what is about others too."""
    return {
        "excuse": une,
        "est_sienne": not limites or all(la.centre_id in limites for la in une.activites.all()),
        "ou": ", ".join(la.nom for la in une.activites.all()),
        "pour_qui": ", ".join([*une.ecoles, *une.classes]),
        "fin": Finir(cle=une.pk) if une.debut < une.fin else None,
    }
