"""Deciding: one address per verb; the next demande of the queue opens afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from marelle.comptes.droits import Droit
from marelle.demandes import decision
from marelle.demandes.courrier import qui
from marelle.demandes.file import suivante, une_demande
from marelle.demandes.models import Demande
from marelle.demandes.natures import NATURES
from marelle.socle.erreurs import Refus

from ..formulaires.demandes import Acceptation, FiltreDeLaFile, MotifDeRefus, MotifDeRenvoi
from ..personne import RequeteAgent, auteur, pour
from .demandes import page


@require_POST
@pour(Droit.DECIDER_DEMANDES)
def accepter(request: RequeteAgent, demande_id: int) -> HttpResponse:
    """Accept it, against a rule only with a reason and the right to."""
    saisie = Acceptation(request.POST)

    def decider() -> Demande:
        derogation = saisie.cleaned_data["derogation"].strip()
        if derogation and not request.agent.peut(Droit.DEROGER):
            raise PermissionDenied("Votre rôle ne permet pas de décider contre une règle.")
        return decision.accepter(demande_id, auteur(request), derogation=derogation)

    return _decider(request, demande_id, "accepter", saisie, decider, "acceptée")


@require_POST
@pour(Droit.DECIDER_DEMANDES)
def refuser(request: RequeteAgent, demande_id: int) -> HttpResponse:
    saisie = MotifDeRefus(request.POST)
    return _decider(
        request,
        demande_id,
        "refuser",
        saisie,
        lambda: decision.refuser(demande_id, auteur(request), saisie.texte),
        "refusée",
    )


@require_POST
@pour(Droit.DECIDER_DEMANDES)
def mettre_en_attente(request: RequeteAgent, demande_id: int) -> HttpResponse:
    return _decider(
        request,
        demande_id,
        "attente",
        forms.Form(request.POST),
        lambda: decision.mettre_en_attente(demande_id, auteur(request)),
        "mise en liste d’attente",
    )


@require_POST
@pour(Droit.DECIDER_DEMANDES)
def renvoyer(request: RequeteAgent, demande_id: int) -> HttpResponse:
    saisie = MotifDeRenvoi(request.POST)
    return _decider(
        request,
        demande_id,
        "renvoyer",
        saisie,
        lambda: decision.renvoyer(demande_id, auteur(request), saisie.cleaned_data["motif"]),
        "renvoyée à la famille pour correction",
    )


def _decider(
    request: RequeteAgent,
    demande_id: int,
    nom: str,
    saisie: Any,
    decider: Callable[[], Demande],
    fait: str,
) -> HttpResponse:
    """Decide, say it, open the next one. What stands against it is said on the same page, with what was typed."""
    avant = une_demande(request.agent, demande_id)  # what one may not see does not exist
    if not saisie.is_valid():
        return page(request, demande_id, statut=422, **{nom: saisie})
    prochaine = suivante(request.agent, FiltreDeLaFile(request.agent, request.GET).filtre, avant)
    try:
        demande = decider()
    except Refus as refus:
        return page(request, demande_id, refus=refus.phrase, statut=refus.statut, **{nom: saisie})
    sujet = " – ".join(filter(None, [qui(demande), NATURES[demande.nature].LIBELLE.lower()]))
    messages.success(request, f"Demande {demande.numero} ({sujet}) {fait}.")
    adresse = reverse("guichet:demande", args=[prochaine.pk]) if prochaine else reverse("guichet:demandes")
    requete = request.GET.urlencode()
    return redirect(f"{adresse}?{requete}" if requete else adresse)
