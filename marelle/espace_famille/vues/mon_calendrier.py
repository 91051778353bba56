"""*Mon calendrier*: what is booked, asked, refused or cancelled for each child, month by month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from marelle.demandes.selection import JourDeFamille, jours_de_famille, prochain_jour
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.socle.horloge import aujourdhui
from marelle.socle.jour import Cellule, mois

from ..choix import dire_le_mois
from ..ecrans import a_l_ecran
from ..excuses import excuses_de
from ..personne import RequeteFamille, famille_requise

LEGENDE = "attente liste reserve direct absence refuse annule"


@require_safe
@famille_requise
def mon_calendrier(request: RequeteFamille) -> HttpResponse:
    """One month of one child, or of all; filtered by activity, with or without the centre's direct bookings."""
    if a_l_ecran("grille"):
        from .inscriptions import inscriptions

        return inscriptions(request)
    enfants = enfants_de(request.famille)
    voulu = request.GET.get("enfant", "")
    choisi = next((un for un in enfants if str(un.pk) == voulu), enfants[0] if enfants else None)
    premier = lire_mois(request.GET.get("mois", "")) or mois_utile(request, choisi)
    jours = jours_de_famille(request.famille, [choisi], premier, fin_du_mois(premier)) if choisi else []
    activites = {str(jour.activite_id): jour.activite for jour in jours}
    activite = request.GET.get("activite", "")
    if activite in activites:
        jours = [jour for jour in jours if str(jour.activite_id) == activite]
    directs = request.GET.get("directs", "oui")
    if directs == "non":
        jours = [jour for jour in jours if jour.etat != "direct"]
    filtres = {"enfant": str(choisi.pk) if choisi else "", "activite": activite, "directs": directs}
    contexte: dict[str, Any] = {
        "enfants": enfants,
        "enfant": choisi,
        "titre": dire_le_mois(premier),
        "table": mois(
            premier,
            _cellules(jours),
            f"{dire_le_mois(premier)}, {choisi.prenom if choisi else ''}",
            avec_week_ends=any(jour.date.weekday() > 4 for jour in jours),
        ),
        "jours": jours,
        "excuses": excuses_de(request, choisi, premier, fin_du_mois(premier)),
        "activites": sorted(activites.items(), key=lambda item: item[1]),
        "filtres": filtres,
        "mois": f"{premier:%Y-%m}",
        "avant": _adresse(decaler(premier, -1), filtres),
        "apres": _adresse(decaler(premier, 1), filtres),
        "onglets": onglets(enfants, choisi, premier),
        "legende": LEGENDE,
    }
    return render(request, "espace_famille/mon_calendrier.html", contexte)


def onglets(enfants: list[Any], choisi: Any, premier: date) -> list[dict[str, Any]]:
    return [
        {"libelle": un.prenom, "lien": _adresse(premier, {"enfant": str(un.pk)}), "est_courant": un == choisi}
        for un in enfants
    ]


def _cellules(jours: list[JourDeFamille]) -> list[Cellule]:
    """One square a day; several bookings the same day are said in it and listed under the month."""
    par_date: dict[date, list[JourDeFamille]] = {}
    for jour in jours:
        par_date.setdefault(jour.date, []).append(jour)
    cellules = []
    for le, siens in par_date.items():
        premier = siens[0]
        detail = premier.unite if len(siens) == 1 else f"et {len(siens) - 1} autre{'s' if len(siens) > 2 else ''}"
        lien = reverse("espace_famille:demande", args=[premier.demande_id]) if premier.demande_id else ""
        cellules.append(
            Cellule(
                le,
                premier.etat,
                detail="",
                detail_long=premier.detail or detail,
                est_actionnable=bool(lien),
                est_aujourdhui=le == aujourdhui(),
                lien=lien,
            )
        )
    if aujourdhui() not in par_date:
        cellules.append(Cellule(aujourdhui(), "rien", est_aujourdhui=True))
    return cellules


def lire_mois(texte: str) -> date | None:
    try:
        return date.fromisoformat(f"{texte}-01")
    except ValueError:
        return None


def mois_utile(request: RequeteFamille, enfant: Enfant | None) -> date:
    """The month of what comes next for the child, this one when nothing does."""
    prochain = prochain_jour(request.famille, enfant) if enfant else None
    return (prochain or aujourdhui()).replace(day=1)


def decaler(premier: date, de: int) -> date:
    rang = premier.year * 12 + premier.month - 1 + de
    return date(rang // 12, rang % 12 + 1, 1)


def fin_du_mois(premier: date) -> date:
    return date.fromordinal(decaler(premier, 1).toordinal() - 1)


def _adresse(premier: date, filtres: dict[str, str]) -> str:
    parametres = {**{cle: valeur for cle, valeur in filtres.items() if valeur}, "mois": f"{premier:%Y-%m}"}
    return f"{reverse('espace_famille:mon_calendrier')}?{urlencode(parametres)}"
