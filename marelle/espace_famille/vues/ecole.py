"""*Nouvelle inscription scolaire*: for which child, then the form; where each child goes to school; the documents asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marelle.collectivite.identite import identite
from marelle.collectivite.options import InscriptionScolaire
from marelle.demandes.documents import Document, documents_de
from marelle.demandes.natures import Sujet
from marelle.demandes.natures.inscription_scolaire import ecoles_de_la_famille
from marelle.demandes.suivi import nouveaux_enfants, suivis_des_enfants
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.familles.selection import enfant_de
from marelle.scolarite.scolarites import ecoles_ouvertes, scolarites_de
from marelle.scolarite.secteur import adresse_de

from ..fiches import Fiche
from ..liens import lien_de_l_exigence
from ..personne import RequeteFamille, auteur, famille_requise
from .fiches import donnees, garder, montrer

NATURE = "inscription_scolaire"
Vue = Callable[..., HttpResponse]


def si_ouverte(vue: Vue) -> Vue:
    """A 404 where the collectivité has no school enrolment."""

    @wraps(vue)
    def gardee(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if identite().inscription_scolaire is None:
            raise Http404
        return vue(request, *args, **kwargs)

    return gardee


@require_safe
@famille_requise
@si_ouverte
def inscriptions_scolaires(request: RequeteFamille) -> HttpResponse:
    """The children, each with its school and what waits; the door to add one."""
    enfants = enfants_de(request.famille)
    cles = [enfant.pk for enfant in enfants]
    ecoles, suivis = scolarites_de(cles), suivis_des_enfants(request.famille, cles)
    contexte = {
        "lignes": [(un, ecoles.get(un.pk, []), suivis.get(un.pk, {}).get(NATURE)) for un in enfants],
        "nouveaux": nouveaux_enfants(request.famille),
    }
    return render(request, "espace_famille/ecole/enfants.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
@si_ouverte
def inscription_scolaire(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """The form: shown, kept as draft, or sent."""
    le = enfant_de(request.famille, enfant_id)
    sujet = Sujet(request.famille, le)
    page = Fiche(sujet, [NATURE], "la demande", donnees(request))
    if request.method == "POST":
        if "brouillon" in request.POST:
            return garder(request, page)
        if page.est_valide():
            envoi = page.envoyer(auteur(request))
            messages.success(request, f"Demande envoyée : accusé de réception nº {envoi.numero}.")
            return redirect("espace_famille:accuse", envoi.pk)
    ecoles = ecoles_ouvertes()
    contexte = {
        "enfant": le,
        "scolarites": scolarites_de([le.pk]).get(le.pk, []),
        "secteur": ecoles_de_la_famille(sujet, ecoles),
        "a_des_secteurs": any(une.secteur for une in ecoles),
        "adresse": adresse_de(request.famille),
        "pieces": pieces_demandees(request, le),
    }
    return montrer(request, "espace_famille/ecole/demande.html", page, contexte)


def pieces_demandees(request: RequeteFamille, enfant: Enfant) -> list[dict[str, Any]]:
    """Each document asked for an enrolment: its name, what became of the last one sent, where to send it."""
    options = identite().inscription_scolaire or InscriptionScolaire()
    envoyes = [d for d in documents_de(request.famille) if d.piece.enfant_id in (enfant.pk, None)]
    retour = []
    for code in options.pieces:
        type_piece = identite().piece(code)
        if type_piece is not None:
            dernier = next((d for d in envoyes if d.piece.type_piece == code), None)
            lien = lien_de_l_exigence(enfant.pk, f"piece.{code}")
            retour.append({"nom": type_piece.nom, "aide": type_piece.aide, "lien": lien, **_etat(dernier)})
    return retour


def _etat(document: Document | None) -> dict[str, Any]:
    """Tone, symbol and words of a document; `a_envoyer` when the family has to send it."""
    etats = {
        "acceptee": ("vert", "coche", "Reçu", False),
        "en_attente": ("ocre", "horloge", "Envoyé", False),
        "a_corriger": ("bleu", "crayon", "À renvoyer", True),
    }
    ton, symbole, mot, a_envoyer = etats.get(
        document.etat if document else "", ("neutre", "document", "À envoyer", True)
    )
    return {"ton": ton, "symbole": symbole, "mot": mot, "a_envoyer": a_envoyer}
