"""Online payments at the desk: what a human must look at, what is going on, and whether PayFiP knows our régies."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.paiements import selection
from marelle.paiements.classement import classer
from marelle.paiements.essai import Essai, essayer
from marelle.paiements.etats import Etat
from marelle.paiements.interrogation import interroger
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.formulaires import texte_recu

from ..personne import RequeteAgent, pour

PAR_PAGE = 40
TITRES = {"a_verifier": "À vérifier", "en_cours": "En cours", "toutes": "Toutes"}
# Tone and symbol of a state.
BADGES = {
    "payee": ("vert", "coche"),
    "prelevee": ("vert", "coche"),
    "refusee": ("rouge", "croix"),
    "a_verifier": ("ocre", "alerte"),
    "cree": ("bleu", "horloge"),
    "en_attente": ("bleu", "horloge"),
}


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent) -> HttpResponse:
    return _montrer(request)


def _montrer(
    request: RequeteAgent, refus: str = "", statut: int = 200, essais: list[Essai] | None = None
) -> HttpResponse:
    vue = request.GET.get("vue", "a_verifier")
    vue = vue if vue in selection.VUES else "a_verifier"
    page = Paginator(selection.au_guichet(vue), PAR_PAGE).get_page(request.GET.get("page"))
    adresse, attente = reverse("guichet:paiements_en_ligne"), selection.a_verifier().count()
    contexte = {
        "vue": vue,
        "page": page,
        "requete": f"vue={vue}&",
        "lignes": [
            (une, *BADGES.get(une.tentative.etat, ("neutre", "alerte")))
            for une in selection.lignes_du_guichet(page.object_list)
        ],
        "onglets": [
            {
                "libelle": titre,
                "lien": f"{adresse}?vue={nom}",
                "est_courant": nom == vue,
                "nombre": attente if nom == "a_verifier" else 0,
            }
            for nom, titre in TITRES.items()
        ],
        "refus": refus,
        "essais": essais,
        "peut_encaisser": request.agent.peut(Droit.ENCAISSER),
    }
    return render(request, "guichet/en_ligne/liste.html", contexte, status=statut)


@require_POST
@pour(Droit.LIRE_FACTURES)
def verification(request: RequeteAgent, tentative_id: int) -> HttpResponse:
    """« Demander à PayFiP »: the same question as the job's, now."""
    tentative = interroger(selection.une_tentative(tentative_id))
    messages.info(request, f"{tentative.refdet} : {Etat(tentative.etat).label.lower()}.")
    return redirect(f"{reverse('guichet:paiements_en_ligne')}?vue=en_cours")


@require_POST
@pour(Droit.ENCAISSER)
def classement(request: RequeteAgent, tentative_id: int) -> HttpResponse:
    """Looked at: what was done about it."""
    tentative = selection.une_tentative(tentative_id)
    try:
        classer(tentative.pk, texte_recu(request.POST, "suite", 200), auteur=request.agent)
    except ErreurMarelle as erreur:
        return _montrer(request, erreur.phrase, erreur.statut)
    messages.success(request, f"{tentative.refdet} est classée.")
    return redirect("guichet:paiements_en_ligne")


@require_POST
@pour(Droit.EXPORTER_COMPTES)
def essai(request: RequeteAgent) -> HttpResponse:
    """« Essayer les réglages »: asks PayFiP for the name of each régie, no payment is made."""
    return _montrer(request, essais=essayer())
