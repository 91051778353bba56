"""*Modifier*: change a demande while the service has not decided it; what it says comes back when it cannot be."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marelle.demandes.models import Demande
from marelle.demandes.modifier import est_modifiable, formules, modifier
from marelle.demandes.selection import demande_de
from marelle.socle.erreurs import Refus

from ..formulaires_demande import ModificationForm
from ..personne import RequeteFamille, auteur, famille_requise
from ..presentation import ligne


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def modification(request: RequeteFamille, demande_id: int) -> HttpResponse:
    """The days of a demande, each with its formula; one more day. Decided meanwhile, it leads to its answer."""
    une = demande_de(request.famille, demande_id)
    if une is None or une.nature != "reservation":
        raise Http404
    if not est_modifiable(une):
        messages.error(request, "Cette demande ne se modifie plus : voici où elle en est.")
        return redirect("espace_famille:demande", une.pk)
    formulaire = ModificationForm(request.POST if request.method == "POST" else None, une, formules(une))
    if request.method == "POST" and formulaire.is_valid():
        try:
            return _modifier(request, une, formulaire)
        except Refus as refus:
            return _page(request, une, formulaire, refus.phrase, refus.statut)
    return _page(request, une, formulaire, "", 422 if formulaire.errors else 200)


def _modifier(request: RequeteFamille, une: Demande, formulaire: ModificationForm) -> HttpResponse:
    envoi = modifier(request.famille, une.pk, formulaire.voulu(), auteur(request))
    if envoi is None:
        messages.success(request, "C’est modifié : les jours retirés ne sont plus demandés.")
        return redirect("espace_famille:demande", une.pk)
    messages.success(request, "C’est modifié : voici l’accusé de réception de ce qui est demandé de nouveau.")
    return redirect("espace_famille:accuse", envoi.pk)


def _page(request: RequeteFamille, une: Demande, formulaire: ModificationForm, refus: str, statut: int) -> HttpResponse:
    contexte = {"demande": une, "ligne": ligne(une), "form": formulaire, "refus": refus}
    return render(request, "espace_famille/demande_modification.html", contexte, status=statut)
