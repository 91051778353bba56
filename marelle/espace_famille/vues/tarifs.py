"""« Tarifs et quotient familial »: what the household's quotient is, and what each service costs each child."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.collectivite.identite import identite
from marelle.familles.acces import enfants_de

from ..personne import RequeteFamille, famille_requise
from ..tarifs import quotient_dit, tarifs_de


@require_safe
@famille_requise
def tarifs(request: RequeteFamille) -> HttpResponse:
    quotient = quotient_dit(request)
    if quotient is None:
        raise Http404
    contexte = {
        "quotient": quotient,
        "prouver": identite().piece("quotient") is not None,
        "enfants": [(enfant, tarifs_de(request, enfant)) for enfant in enfants_de(request.famille)],
    }
    return render(request, "espace_famille/dossier/tarifs.html", contexte)
