"""The child's pages: its tabs validated one after the other, and the form to add a child."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from marelle.collectivite.identite import identite
from marelle.demandes.dossier import etat_du_dossier
from marelle.demandes.models import Demande
from marelle.demandes.natures import Sujet
from marelle.demandes.passages import Etat
from marelle.demandes.suivi import Suivi, nouveaux_enfants, suivis
from marelle.familles.models import Enfant
from marelle.familles.selection import enfant_de
from marelle.scolarite.scolarites import scolarites_de

from ..fiches import Fiche, nommer
from ..parcours import documents_a_envoyer, etapes_de, frise, marelle, phrase_d_attente, premiere_a_faire
from ..personne import RequeteFamille, auteur, famille_requise
from .fiches import demande_une_ligne, donnees, garder, montrer


@require_safe
@famille_requise
def enfant(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """The pencil: leads to the first tab where there is something to do."""
    le = enfant_de(request.famille, enfant_id)
    etapes = etapes_de(le, etat_du_dossier(request.famille, le), suivis(Sujet(request.famille, le)))
    return redirect((premiere_a_faire(etapes) or etapes[0]).lien)


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def fiche(request: RequeteFamille, enfant_id: int, onglet: str) -> HttpResponse:
    """One tab: shown, kept as draft, or validated; then the next one."""
    le = enfant_de(request.famille, enfant_id)
    contexte = _contexte(request, le, onglet)
    etape = contexte["etape"]
    if etape.bloque_par:
        messages.warning(request, phrase_d_attente(etape))
        return redirect("espace_famille:enfant", le.pk)
    page = Fiche(Sujet(request.famille, le), etape.onglet.natures, nommer(etape.onglet.titre), donnees(request))
    if demande_une_ligne(request):
        page = page.avec_une_ligne()
    elif request.method == "POST":
        if "brouillon" in request.POST:
            return garder(request, page)
        if page.est_valide():
            page.envoyer(auteur(request))
            return _suite(request, le, etape.onglet.titre)
    return montrer(request, "espace_famille/dossier/enfant.html", page, contexte)


def _contexte(request: RequeteFamille, le: Enfant, onglet: str) -> dict[str, Any]:
    etat = etat_du_dossier(request.famille, le)
    etapes = etapes_de(le, etat, suivis(Sujet(request.famille, le)))
    etape = next((une for une in etapes if une.onglet.code == onglet), None)
    if etape is None:
        raise Http404
    return {
        "enfant": le,
        "etape": etape,
        "etapes": marelle(etapes, onglet),
        "frise": frise(le, etapes, etat),
        "documents": documents_a_envoyer(le, etat),
        "scolarites": scolarites_de([le.pk]).get(le.pk, []) if identite().inscription_scolaire else [],
    }


def _suite(request: RequeteFamille, le: Enfant, titre: str) -> HttpResponse:
    """After a tab: the next one to do, or the family's page when all of them are sent."""
    messages.success(request, f"« {titre} » est envoyée : le service la vérifie et vous écrit.")
    etapes = etapes_de(le, etat_du_dossier(request.famille, le), suivis(Sujet(request.famille, le)))
    suivante = premiere_a_faire(etapes)
    return redirect(suivante.lien) if suivante and suivante.lien else redirect("espace_famille:dossier")


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def nouvel_enfant(request: RequeteFamille) -> HttpResponse:
    """Add a child; `?demande=` is one that the service has sent back, to be corrected here."""
    renvoyee = _renvoyee(request)
    connus = {"nouvel_enfant": Suivi(a_corriger=renvoyee)}
    page = Fiche(Sujet(request.famille), ["nouvel_enfant"], "la demande", donnees(request), connus)
    if request.method == "POST" and page.est_valide():
        page.envoyer(auteur(request))
        prenom = page.formulaires["nouvel_enfant"].cleaned_data["prenom"]
        messages.success(request, f"{prenom} est déclaré au service, qui vous répond par e-mail.")
        return redirect("espace_famille:dossier")
    return montrer(request, "espace_famille/dossier/nouvel_enfant.html", page, {})


def _renvoyee(request: RequeteFamille) -> Demande | None:
    cle = request.GET.get("demande", "")
    if not cle:
        return None
    siennes = {str(une.pk): une for une in nouveaux_enfants(request.famille) if une.etat == Etat.A_CORRIGER}
    if cle not in siennes:
        raise Http404
    return siennes[cle]
