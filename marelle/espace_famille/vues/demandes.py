"""What the family has asked, and its receipts."""

from django.http import HttpResponse
from django.shortcuts import render

from ..personne import RequeteFamille, famille_requise


@famille_requise
def liste(request: RequeteFamille) -> HttpResponse:
    return render(request, "espace_famille/demandes.html")


@famille_requise
def accuse(request: RequeteFamille, envoi_id: int) -> HttpResponse:
    return render(request, "espace_famille/accuse.html")
