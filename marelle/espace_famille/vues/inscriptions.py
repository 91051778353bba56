"""*Récapitulatif de vos inscriptions*: six states, a switch between what is asked on line and what the centre books, chips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from marelle.demandes.selection import JourDeFamille, jours_de_famille
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.regles.phrases import accorder
from marelle.socle.horloge import aujourdhui
from marelle.socle.jour import ETATS, Cellule, mois

from ..choix import dire_le_mois
from ..excuses import excuses_de
from ..personne import RequeteFamille
from .mon_calendrier import decaler, fin_du_mois, lire_mois, mois_utile

# The six states of the guide, in its words.
LEGENDE = {
    "attente": "En attente",
    "liste": "Sur liste d’attente",
    "reserve": "Pré-inscription validée par le centre",
    "annule": "Annulée par le centre",
    "refuse": "Refusée par le centre",
    "direct": "Inscription directe par le centre",
}
DIRECTES = "directes"


def inscriptions(request: RequeteFamille) -> HttpResponse:
    """One month of one child. A booked day is a door to its cancellation."""
    enfants = enfants_de(request.famille)
    voulu = request.GET.get("enfant", "")
    enfant = next((un for un in enfants if str(un.pk) == voulu), enfants[0] if enfants else None)
    premier = lire_mois(request.GET.get("mois", "")) or mois_utile(request, enfant)
    tous = jours_de_famille(request.famille, [enfant], premier, fin_du_mois(premier)) if enfant else []
    sauf = [cle for cle in request.GET.getlist("sauf") if cle.isdecimal()]
    ou = {"enfant": str(enfant.pk) if enfant else "", "mois": f"{premier:%Y-%m}", "sauf": sauf}
    ou["type"] = DIRECTES if request.GET.get("type") == DIRECTES else ""
    du_type = [jour for jour in tous if (jour.etat == "direct") == (ou["type"] == DIRECTES)]
    jours = [jour for jour in du_type if str(jour.activite_id) not in sauf]
    contexte: dict[str, Any] = {
        "enfants": enfants,
        "enfant": enfant,
        "titre": dire_le_mois(premier),
        "table": _table(premier, jours, enfant),
        "jours": jours,
        "aujourdhui": aujourdhui(),
        "excuses": excuses_de(request, enfant, premier, fin_du_mois(premier)),
        "avant": adresse(ou, mois=f"{decaler(premier, -1):%Y-%m}"),
        "apres": adresse(ou, mois=f"{decaler(premier, 1):%Y-%m}"),
        "onglets": [
            {"libelle": un.prenom, "lien": adresse(ou, enfant=str(un.pk)), "est_courant": un == enfant}
            for un in enfants
        ],
        "types": _types(ou),
        "activites": _activites(tous, sauf, ou),
        "legende": [{"etat": etat, "icone": ETATS[etat][0], "mot": mot} for etat, mot in LEGENDE.items()],
    }
    return render(request, "espace_famille/grille/inscriptions.html", contexte)


def adresse(ou: dict[str, Any], **autres: Any) -> str:
    parametres = {cle: valeur for cle, valeur in (ou | autres).items() if valeur}
    return f"{reverse('espace_famille:mon_calendrier')}?{urlencode(parametres, doseq=True)}"


def _types(ou: dict[str, Any]) -> list[dict[str, Any]]:
    libelles = (("", "Préinscriptions en ligne"), (DIRECTES, "Inscriptions directes par le centre"))
    return [{"libelle": mot, "lien": adresse(ou, type=un), "est_courant": ou["type"] == un} for un, mot in libelles]


def _activites(jours: Sequence[JourDeFamille], sauf: list[str], ou: dict[str, Any]) -> list[dict[str, Any]]:
    """A chip per activity of the month: pressed, its days leave the calendar, or come back."""
    noms = dict(sorted({str(jour.activite_id): jour.activite for jour in jours}.items(), key=lambda un: un[1]))
    return [
        {
            "nom": nom,
            "est_montree": cle not in sauf,
            "lien": adresse(ou, sauf=[un for un in sauf if un != cle] if cle in sauf else [*sauf, cle]),
        }
        for cle, nom in noms.items()
    ]


def _table(premier: date, jours: Sequence[JourDeFamille], enfant: Enfant | None) -> str:
    par_date: dict[date, list[JourDeFamille]] = {}
    for jour in jours:
        par_date.setdefault(jour.date, []).append(jour)
    cellules = [_cellule(le, siens) for le, siens in par_date.items()]
    if aujourdhui() not in par_date:
        cellules.append(Cellule(aujourdhui(), "rien", est_aujourdhui=True))
    legende = f"{dire_le_mois(premier)}, {enfant.prenom if enfant else ''}"
    return mois(premier, cellules, legende, avec_week_ends=any(le.weekday() > 4 for le in par_date))


def _cellule(le: date, siens: Sequence[JourDeFamille]) -> Cellule:
    """One square a day. Alone, its day opens its cancellation or its demande; with others, the list under the month."""
    premier = siens[0]
    if len(siens) > 1:
        lien, detail = f"#le-{le}", accorder(len(siens), "inscription")
    else:
        lien, detail = lien_du_jour(premier), premier.detail or premier.activite
    return Cellule(
        le, premier.etat, detail_long=detail, est_actionnable=bool(lien), est_aujourdhui=le == aujourdhui(), lien=lien
    )


def lien_du_jour(jour: JourDeFamille) -> str:
    if jour.demande_id:
        return reverse("espace_famille:demande", args=[jour.demande_id])
    if not jour.reservation_id or jour.date < aujourdhui():
        return ""
    return reverse("espace_famille:annulation", args=[jour.reservation_id])
