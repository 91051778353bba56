"""« La semaine de la famille »: every child and every service on one screen, to see, book, cancel, repeat and copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from marelle.demandes import ensemble
from marelle.demandes.panier import basculer
from marelle.demandes.remplir import Bilan, copier_les_semaines, copier_vers, repeter_un_service
from marelle.demandes.repetition import Parite, fin_apres
from marelle.regles.phrases import accorder
from marelle.socle.erreurs import ErreurMarelle, Refus
from marelle.socle.horloge import maintenant

from ..ecrans import ecran_requis
from ..page_semaine import Vue, formulaires, lire_la_case, rendre, vue_demandee
from ..personne import RequeteFamille, famille_requise
from ..portail import oublier_le_panier
from .calendrier import dire_bascule


@require_safe
@famille_requise
@ecran_requis("semaine")
def semaine(request: RequeteFamille) -> HttpResponse:
    """The week asked (« du »), one by default, up to five."""
    return rendre(request, vue_demandee(request))


@require_POST
@famille_requise
@ecran_requis("semaine")
def case(request: RequeteFamille) -> HttpResponse:
    """A square pressed: in the cart it goes out, booked it goes in to be cancelled, otherwise it goes in to be booked."""
    vue = vue_demandee(request)
    enfant, unite, jour = lire_la_case(vue, request.POST.get("case", ""))
    try:
        ajout = basculer(request.famille, enfant, unite, jour)
    except ErreurMarelle as refus:
        return rendre(request, vue, refus=refus)
    oublier_le_panier(request)
    return rendre(request, vue, dit=dire_bascule(ajout, jour, enfant.prenom))


@require_POST
@famille_requise
@ecran_requis("semaine")
def repetition(request: RequeteFamille) -> HttpResponse:
    """Every Tuesday, in all, even or odd weeks, until a date, from the week shown."""

    def faire(vue: Vue, formulaire: Any) -> Bilan:
        donnees = formulaire.cleaned_data
        rythme = (donnees["jours"], Parite(donnees["parite"]))
        debut = max(vue.debut, maintenant().date())
        return repeter_un_service(
            request.famille, formulaire.choisis, formulaire.unite, debut, donnees["jusquau"], *rythme
        )

    return _remplir(request, "repeter", faire)


@require_POST
@famille_requise
@ecran_requis("semaine")
def copie(request: RequeteFamille) -> HttpResponse:
    """The weeks shown, again and again after them."""

    def faire(vue: Vue, formulaire: Any) -> Bilan:
        donnees = formulaire.cleaned_data
        longueur = donnees["modele"]
        fin: date = donnees["jusquau"] or fin_apres(vue.debut, longueur, donnees["semaines"])
        return copier_les_semaines(request.famille, formulaire.choisis, vue.debut, longueur, fin, maintenant())

    return _remplir(request, "copier", faire)


@require_POST
@famille_requise
@ecran_requis("semaine")
def fratrie(request: RequeteFamille) -> HttpResponse:
    """The week of one child, for its brothers and sisters."""

    def faire(vue: Vue, formulaire: Any) -> Bilan:
        autres = [enfant for enfant in formulaire.choisis if enfant != formulaire.modele]
        if not autres:
            raise Refus("Cochez un autre enfant que celui dont la semaine est copiée.")
        return copier_vers(request.famille, formulaire.modele, autres, vue.debut, vue.semaines, maintenant())

    return _remplir(request, "fratrie", faire)


@require_POST
@famille_requise
@ecran_requis("semaine")
def lien(request: RequeteFamille) -> HttpResponse:
    """« Ensemble sinon rien », on or off, for what the cart holds."""
    vue = vue_demandee(request)
    veut = request.POST.get("ensemble") == "oui"
    if not ensemble.lier(request.famille, ensemble=veut):
        return rendre(request, vue, refus=Refus("Choisissez d’abord des journées : le panier est vide."))
    dit = (
        "Chaque jour se demandera pour tous les enfants, ou pour aucun." if veut else "Chaque enfant se demande à part."
    )
    return rendre(request, vue, dit=dit)


def _remplir(request: RequeteFamille, nom: str, faire: Callable[[Vue, Any], Bilan]) -> HttpResponse:
    vue = vue_demandee(request)
    formulaire = formulaires(vue, {nom: request.POST})[nom]
    if not formulaire.is_valid():
        return rendre(request, vue, remplis={nom: formulaire})
    try:
        bilan = faire(vue, formulaire)
    except ErreurMarelle as refus:
        return rendre(request, vue, refus=refus, remplis={nom: formulaire})
    oublier_le_panier(request)
    return rendre(request, vue, dit=_dire(bilan), refuses=bilan.refuses)


def _dire(bilan: Bilan) -> str:
    dit = (
        f"{accorder(bilan.ajoutes, 'journée')} au panier."
        if bilan.ajoutes
        else "Aucune journée n’est entrée au panier."
    )
    if bilan.refuses:
        dit += f" {accorder(len(bilan.refuses), 'journée')} sans suite, voyez pourquoi ci-dessous."
    return dit
