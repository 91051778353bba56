"""An adult, a child or an access for a household that is there already: on the telephone, the family cannot do it itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from marelle.collectivite.identite import identite
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.familles import ajouts, gestion
from marelle.familles.models import Famille
from marelle.scolarite.doublons import doublons_de
from marelle.socle.erreurs import Refus

from ..formulaires.familles import FicheAdulte, FicheEnfantDuGuichet
from ..formulaires.pre_inscriptions import Accord
from ..personne import RequeteAgent, pour

FORMULAIRE = ["GET", "HEAD", "POST"]


@require_http_methods(FORMULAIRE)
@pour(Droit.GERER_FAMILLES)
def adulte(request: RequeteAgent, famille_id: int) -> HttpResponse:
    fiche = FicheAdulte(request.POST or None)
    mots = {"titre": "Ajouter un adulte", "suite": "S’il a son propre accès, invitez-le ensuite."}
    return _ajouter(request, famille_id, fiche, ajouts.ajouter_adulte, "adultes", mots)


@require_http_methods(FORMULAIRE)
@pour(Droit.GERER_FAMILLES)
def enfant(request: RequeteAgent, famille_id: int) -> HttpResponse:
    fiche = FicheEnfantDuGuichet(request.POST or None)
    suite = (
        "La famille complète ensuite son dossier dans son espace. S’il est déjà dans une autre famille, ouvrez plutôt sa "
        "fiche là-bas, puis « Foyers et garde »."
    )
    mots = {"titre": "Ajouter un enfant", "suite": suite}
    return _ajouter(request, famille_id, fiche, ajouts.ajouter_enfant, "enfants", mots)


def _ajouter(
    request: RequeteAgent,
    famille_id: int,
    fiche: Any,
    ajouter: Callable[[Famille, Any, Agent], None],
    quoi: str,
    mots: dict[str, str],
) -> HttpResponse:
    """Those of other households who may be the same are shown first, as when a household is created."""
    une, accord = gestion.une_famille(famille_id), Accord(request.POST or None)
    contexte: dict[str, Any] = {"famille": une, "fiche": fiche, "accord": accord, "refus": "", "doublons": [], **mots}
    statut = 422 if fiche.errors else 200
    if request.method == "POST" and fiche.is_valid():
        contexte["doublons"] = [] if _est_verifie(accord) else _ailleurs(une, quoi, fiche.cleaned_data)
        statut = 422
        if not contexte["doublons"]:
            try:
                nouveau = fiche.save(commit=False)
                ajouter(une, nouveau, request.agent)
            except Refus as refus:
                contexte["refus"], statut = refus.phrase, refus.statut
            else:
                messages.success(request, f"{nouveau} est maintenant dans la famille {une.nom}.")
                return redirect("guichet:famille", une.pk)
    return render(request, "guichet/famille/ajout.html", contexte, status=statut)


def _est_verifie(accord: Accord) -> bool:
    return accord.is_valid() and bool(accord.cleaned_data["malgre_les_doublons"])


def _ailleurs(famille: Famille, quoi: str, saisi: dict[str, Any]) -> list[Any]:
    ne_le = saisi.get("date_naissance")
    ecrit = {**saisi, "date_naissance": ne_le.isoformat()} if ne_le else saisi
    return [un for un in doublons_de({quoi: [ecrit]}) if un.famille != famille]


@require_POST
@pour(Droit.GERER_FAMILLES)
def acces(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """For a household that came without one."""
    une = gestion.une_famille(famille_id)
    try:
        ajouts.donner_un_acces(une, request.agent, partage=identite().acces_partage)
    except Refus as refus:
        messages.warning(request, refus.phrase)
    else:
        messages.success(request, f"La famille {une.nom} a son accès : invitez-la ci-dessous.")
    return redirect("guichet:famille", une.pk)
