"""The first page of a family: what to do next, the week, the children."""

from django.http import HttpResponse
from django.shortcuts import render

from ..personne import RequeteFamille, famille_requise


@famille_requise
def accueil(request: RequeteFamille) -> HttpResponse:
    return render(request, "espace_famille/accueil.html")
