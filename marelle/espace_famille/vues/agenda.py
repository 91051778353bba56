"""The agenda of a child: the month as a list of days, the menu of a day, its page, and the gestures, sent at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from marelle.activites.selection import unite_offerte
from marelle.demandes import gestes
from marelle.demandes.agenda import JourAgenda, Possible, jours_de_l_agenda, possibilites
from marelle.demandes.evenements import cle_de_sortie
from marelle.demandes.models import Envoi
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.selection import jours_de_famille
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.regles.phrases import dire_date
from marelle.socle.erreurs import ErreurMarelle, Introuvable
from marelle.socle.francais import de
from marelle.socle.horloge import aujourdhui

from ..choix import dire_le_mois, enfant_ou_404
from ..ecrans import ecran_requis
from ..evenements import dire_le_supplement, sorties_du_jour, supplements_de
from ..excuses import excuses_de
from ..faits import dire
from ..personne import RequeteFamille, auteur, famille_requise
from ..portail import oublier_le_panier
from ..prix import tarif_de


@require_safe
@famille_requise
@ecran_requis("agenda")
def agenda(request: RequeteFamille) -> HttpResponse:
    """The agenda of the first child; the home of a household that has none says what to do."""
    enfants = enfants_de(request.famille)
    return redirect("espace_famille:agenda", enfants[0].pk) if enfants else redirect("espace_famille:inscription")


@require_safe
@famille_requise
@ecran_requis("agenda")
def mois(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """One month: every day on which something opens for the child, or on which it has something."""
    enfant = enfant_ou_404(request.famille, enfant_id)
    premier = _mois(request.GET.get("mois", ""))
    dernier = date.fromordinal(_decaler(premier, 1).toordinal() - 1)
    excuses = excuses_de(request, enfant, premier, dernier)
    jours = jours_de_l_agenda(request.famille, enfant, premier, dernier)
    contexte = {
        "enfant": enfant,
        "onglets": _onglets(request, enfant, premier),
        "titre": dire_le_mois(premier),
        "jours": [_ligne(request, enfant, un) | {"excuse": excuses.get(un.date, "")} for un in jours],
        "avant": _adresse(enfant, _decaler(premier, -1)),
        "apres": _adresse(enfant, _decaler(premier, 1)),
    }
    return render(request, "espace_famille/agenda/mois.html", contexte)


def _ligne(request: RequeteFamille, enfant: Enfant, un: JourAgenda) -> dict[str, Any]:
    return {
        "date": un.date,
        "faits": [dire(fait) for fait in un.faits],
        "sorties": [] if un.fermeture else sorties_du_jour(request, enfant, un),
        "fermeture": un.fermeture,
        "est_aujourdhui": un.date == aujourdhui(),
        "est_passe": un.date < aujourdhui(),
    }


@require_safe
@famille_requise
@ecran_requis("agenda")
def jour(request: RequeteFamille, enfant_id: int, jour: str) -> HttpResponse:
    """The page of a day; only its menu for the script that opens it over the month."""
    enfant, le = _enfant_et_jour(request, enfant_id, jour)
    if "menu" in request.GET:
        return render(request, "espace_famille/agenda/menu.html", _contexte(request, enfant, le))
    return _page(request, enfant, le)


def _possible(request: RequeteFamille, enfant: Enfant, le: date, un: Possible) -> tuple[Possible, Any, list[str]]:
    """With its price on that day, and what it has besides, in words."""
    lignes = supplements_de(request, enfant, un.unite, le, un.evenements)
    prix = tarif_de(request, enfant, un.unite, [le], evenements=un.evenements)
    return un, prix, [dire_le_supplement(une) for une in lignes]


def _page(
    request: RequeteFamille, enfant: Enfant, le: date, refus: str = "", statut: int = 200, formulaire: Any = None
) -> HttpResponse:
    contexte = _contexte(request, enfant, le)
    faits = jours_de_famille(request.famille, [enfant], le, le)
    contexte |= {
        "faits": [dire(un) for un in faits],
        "excuse": excuses_de(request, enfant, le, le).get(le, ""),
        "possibles": [_possible(request, enfant, le, un) for un in contexte["quoi"].possibles],
        "vues": [cle_de_sortie(un.unite.pk, le, code) for un in contexte["quoi"].possibles for code in un.evenements],
        "refus": refus,
        "formulaire": formulaire or _formulaire(request, enfant),
        "cochees": request.POST.getlist("reservation"),
        "retour": f"{_adresse(enfant, le)}#{_ancre(le)}",
    }
    return render(request, "espace_famille/agenda/jour.html", contexte, status=statut)


def _contexte(request: RequeteFamille, enfant: Enfant, le: date) -> dict[str, Any]:
    return {"enfant": enfant, "le": le, "quoi": possibilites(request.famille, enfant, le)}


@require_POST
@famille_requise
@ecran_requis("agenda")
def geste(request: RequeteFamille, enfant_id: int, jour: str) -> HttpResponse:
    """One gesture on the day, sent at once; back to the month, where its symbol is."""
    enfant, le = _enfant_et_jour(request, enfant_id, jour)
    choisi = next((nom for nom in GESTES if nom in request.POST), "")
    if not choisi:
        return _page(request, enfant, le, "Choisissez ce que vous voulez faire ce jour-là.", 400)
    formulaire = _formulaire(request, enfant, request.POST) if choisi == "absence" else None
    if formulaire is not None and not formulaire.is_valid():
        return _page(request, enfant, le, statut=400, formulaire=formulaire)
    try:
        dit = GESTES[choisi](request, enfant, le, formulaire)
    except ErreurMarelle as erreur:
        return _page(request, enfant, le, erreur.phrase, erreur.statut, formulaire)
    oublier_le_panier(request)
    messages.success(request, dit)
    return redirect(f"{_adresse(enfant, le)}#{_ancre(le)}")


def _reserver(request: RequeteFamille, enfant: Enfant, le: date, formulaire: Any) -> str:
    unite = unite_offerte(_cle(request.POST["reserver"]))
    if unite is None:
        raise Introuvable("Cet accueil n’existe pas : choisissez dans la liste.")
    vues = request.POST.getlist("vue")
    envoi = gestes.demander(request.famille, enfant, unite, le, auteur(request), vues=vues)
    return _dire(f"Demande de réservation envoyée pour {_du(le)}.", envoi)


def _declarer(request: RequeteFamille, enfant: Enfant, le: date, formulaire: Any) -> str:
    cles = [_cle(une) for une in request.POST.getlist("reservation")]
    if not cles:
        raise ErreurMarelle("Cochez au moins une réservation de ce jour.")
    envois = gestes.declarer_absence(request.famille, enfant, cles, formulaire.en_json(), auteur(request))
    return _dire(f"Absence {de(enfant.prenom)} déclarée pour {_du(le)}.", envois[0])


def _annuler(request: RequeteFamille, enfant: Enfant, le: date, formulaire: Any) -> str:
    envoi = gestes.annuler(request.famille, enfant, _cle(request.POST["annuler"]), auteur(request))
    return _dire(f"Annulation envoyée pour {_du(le)}.", envoi)


def _reprendre(request: RequeteFamille, enfant: Enfant, le: date, formulaire: Any) -> str:
    gestes.retirer_absence(request.famille, enfant, _cle(request.POST["reprendre"]), auteur(request))
    return f"La déclaration est retirée : {enfant.prenom} est de nouveau attendu au centre, {dire_date(le)}."


GESTES: dict[str, Callable[[RequeteFamille, Enfant, date, Any], str]] = {
    "reserver": _reserver,
    "absence": _declarer,
    "annuler": _annuler,
    "reprendre": _reprendre,
}


def _dire(phrase: str, envoi: Envoi) -> str:
    lien = reverse("espace_famille:accuse", args=[envoi.pk])
    return format_html('{} <a href="{}">Accusé de réception {}</a>', phrase, lien, envoi.numero)


def _du(le: date) -> str:
    return f"le {dire_date(le, aujourdhui().year)}"


def _cle(texte: str) -> int:
    """A key of the form; what is not one is nothing's."""
    return int(texte) if texte.isdecimal() and len(texte) < 19 else 0


def _formulaire(request: RequeteFamille, enfant: Enfant, donnees: Any = None) -> Any:
    return NATURES["absence"].formulaire(Sujet(request.famille, enfant), donnees)


def _enfant_et_jour(request: RequeteFamille, enfant_id: int, jour: str) -> tuple[Enfant, date]:
    try:
        return enfant_ou_404(request.famille, enfant_id), date.fromisoformat(jour)
    except ValueError:
        raise Http404 from None


def _onglets(request: RequeteFamille, choisi: Enfant, premier: date) -> list[dict[str, Any]]:
    return [
        {"libelle": un.prenom, "lien": _adresse(un, premier), "est_courant": un == choisi}
        for un in enfants_de(request.famille)
    ]


def _mois(texte: str) -> date:
    try:
        return date.fromisoformat(f"{texte}-01")
    except ValueError:
        return aujourdhui().replace(day=1)


def _decaler(premier: date, de: int) -> date:
    rang = min(max(premier.year * 12 + premier.month - 1 + de, 12), 9999 * 12)
    return date(rang // 12, rang % 12 + 1, 1)


def _adresse(enfant: Enfant, le: date) -> str:
    return f"{reverse('espace_famille:agenda', args=[enfant.pk])}?mois={le:%Y-%m}"


def _ancre(le: date) -> str:
    return f"j-{le.isoformat()}"
