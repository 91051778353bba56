"""The help of the desk: what each page is for, and what happens to families when one clicks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.comptes.acces import pour_agents
from marelle.comptes.droits import DROITS, Droit, Role

from ..personne import RequeteAgent


@require_safe
@pour_agents
def aide(request: RequeteAgent) -> HttpResponse:
    request.face = "guichet"
    roles = [(role.label, [droit.label for droit in Droit if droit in DROITS[role]]) for role in Role]
    return render(request, "guichet/aide.html", {"roles": roles})
