"""Who was absent from school too, child by child for a day: what some tariffs ask to excuse an absence."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from marelle.activites.gestion import activites_de
from marelle.comptes.droits import Droit
from marelle.reservations.absences_ecole import attendus, demandent_l_ecole, noter_l_ecole
from marelle.socle.erreurs import Refus
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui

from ..formulaires.excuses import QuiLADit
from ..personne import RequeteAgent, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.POINTER)
def ecole(request: RequeteAgent) -> HttpResponse:
    """A box per child that was expected; `avant`: those that were ticked on the page, so that nobody else's tick is undone."""
    jour = _jour(request.POST.get("jour") or request.GET.get("jour", ""))
    refus, statut = "", 200
    saisie = QuiLADit(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            nombre = _noter(request, jour, saisie)
        except Refus as erreur:
            refus, statut = erreur.phrase, erreur.statut
        else:
            messages.success(request, _dire(nombre))
            return redirect(f"{reverse('guichet:absences_ecole')}?jour={jour.isoformat()}")
    contexte = {
        "jour": jour,
        "enfants": [] if jour > aujourdhui() else attendus(request.agent, jour),
        "est_demande": bool(demandent_l_ecole(activites_de(request.agent), jour)),
        "est_a_venir": jour > aujourdhui(),
        "saisie": saisie,
        "refus": refus,
    }
    return render(request, "guichet/presences/absents_ecole.html", contexte, status=statut)


def _noter(request: RequeteAgent, jour: date, saisie: QuiLADit) -> int:
    if not saisie.is_valid():
        raise Refus("Dites qui vous l’a appris : l’école, la famille ou l’équipe.")
    coches, avant = (
        {int(cle) for cle in request.POST.getlist(nom) if cle.isdecimal() and len(cle) < 19}
        for nom in ("enfant", "avant")
    )
    return noter_l_ecole(request.agent, jour, coches - avant, avant - coches, saisie.cleaned_data["source"])


def _dire(nombre: int) -> str:
    return f"{compte(nombre, 'changement noté,changements notés')}." if nombre else "Rien n’a changé."


def _jour(ecrit: str) -> date:
    try:
        return date.fromisoformat(ecrit)
    except ValueError:
        return aujourdhui()
