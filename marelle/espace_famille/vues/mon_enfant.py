"""The page of one child: its photograph, its sheets, what is booked, and the doors to everything that can be asked for it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.demandes.dossier import etat_du_dossier
from marelle.demandes.natures import Sujet
from marelle.demandes.photos import photo_en_attente
from marelle.demandes.selection import jours_de_famille
from marelle.demandes.suivi import suivis
from marelle.familles.selection import enfant_de
from marelle.socle.horloge import aujourdhui

from ..parcours import documents_a_envoyer, etapes_de
from ..personne import RequeteFamille, famille_requise
from ..tarifs import quotient_dit, tarifs_de

PORTEE = timedelta(days=120)  # how far ahead « inscriptions en cours » looks
MONTREES = 8
# state of a day → tone, symbol, words
DITS = {
    "reserve": ("bleu", "coche", "Réservé"),
    "direct": ("bleu", "centre", "Inscrit par le centre"),
    "attente": ("ocre", "horloge", "En attente"),
    "liste": ("violet", "file", "Liste d’attente"),
    "annule": ("rouge", "centre-non", "Annulé par le centre"),
    "absence": ("ocre", "absent", "Absence déclarée"),
}


@require_safe
@famille_requise
def mon_enfant(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    le = enfant_de(request.famille, enfant_id)
    etat = etat_du_dossier(request.famille, le)
    jour = aujourdhui()
    jours = [un for un in jours_de_famille(request.famille, [le], jour, jour + PORTEE) if un.etat in DITS]
    contexte = {
        "enfant": le,
        "etapes": etapes_de(le, etat, suivis(Sujet(request.famille, le))),
        "documents": documents_a_envoyer(le, etat),
        "inscriptions": [(un, *DITS[un.etat]) for un in jours[:MONTREES]],
        "autres": max(len(jours) - MONTREES, 0),
        "attente": photo_en_attente(request.famille, le),
        "quotient": quotient_dit(request),
        "tarifs": tarifs_de(request, le),
    }
    return render(request, "espace_famille/dossier/mon_enfant.html", contexte)
