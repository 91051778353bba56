"""Billing runs at the desk: the list, a new one, its preview, its issue, what it gave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.facturation import apercu, campagnes, registre
from marelle.facturation.anomalies import DITES, Anomalie
from marelle.facturation.models import Campagne
from marelle.facturation.relance import est_arretee, relancer
from marelle.facturation.selection import regies_facturables, remonte_pour_tous, une_regie
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu
from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import aujourdhui

from ..formulaires.facturation import DatesDesFactures, NouvelleFacturation
from ..personne import RequeteAgent, pour

PAR_PAGE = 50


@require_safe
@pour(Droit.LIRE_FACTURES)
def facturations(request: RequeteAgent) -> HttpResponse:
    feuille = Paginator(campagnes.campagnes(), PAR_PAGE).get_page(request.GET.get("page"))
    for une in feuille.object_list:
        une.est_arretee = est_arretee(une)
    return render(
        request, "guichet/facturation/liste.html", {"page": feuille, "regies": regies_facturables()}
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.FACTURER)
def nouvelle(request: RequeteAgent, regie_code: int) -> HttpResponse:
    """A new run: its preview is computed at once, nothing is issued."""
    regie = une_regie(regie_code)
    fiche = NouvelleFacturation(regie, request.POST if request.method == "POST" else None)
    if request.method == "POST" and fiche.is_valid():
        try:
            campagne = _preparer(request, regie, fiche.cleaned_data)
        except Refus as refus:
            fiche.add_error(None, refus.phrase)
        else:
            return redirect("guichet:facturation", campagne.pk)
    statut = 422 if fiche.errors else 200
    return render(request, "guichet/facturation/nouvelle.html", {"regie": regie, "fiche": fiche}, status=statut)


def _preparer(request: RequeteAgent, regie: Regie, lues: dict[str, Any]) -> Campagne:
    return campagnes.preparer(
        regie, libelle=lues["libelle"], debut=lues["debut"], fin=lues["fin"], agent=request.agent,
        activites=lues["activites"], familles=lues["numeros"], moment=lues["moment"],
        date_emission=lues["date_emission"], date_echeance=lues["date_echeance"],
    )  # fmt: skip


@require_safe
@pour(Droit.LIRE_FACTURES)
def facturation(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    """Summary first, then the anomalies, then everybody; while it is issued, how far it is."""
    return _page(request, campagnes.une_campagne(campagne_id))


def _page(
    request: RequeteAgent,
    campagne: Campagne,
    refus: str = "",
    statut: int = 200,
    dates_refusees: DatesDesFactures | None = None,
) -> HttpResponse:
    texte = texte_recu(request.GET, "q")
    anomalie = request.GET.get("anomalie", "")
    anomalie = anomalie if anomalie in set(Anomalie) else ""
    choisies = registre.prevues(campagne, texte, anomalie)
    feuille = Paginator(choisies, PAR_PAGE).get_page(request.GET.get("page"))
    gardee = request.GET.copy()
    gardee.pop("page", None)
    bilan = registre.bilan(campagne)
    campagne.est_arretee = est_arretee(campagne)
    contexte = {
        "campagne": campagne,
        "bilan": bilan,
        "anomalies": [(une, DITES[une], bilan.anomalies[une]) for une in Anomalie if une in bilan.anomalies],
        "lignes": [(une, [DITES[Anomalie(code)] for code in une.anomalies]) for une in feuille.object_list],
        "page": feuille,
        "texte": texte,
        "anomalie": anomalie,
        "requete": f"{gardee.urlencode()}&" if gardee else "",
        "empreinte": campagnes.empreinte(campagne) if campagne.est_modifiable else "",
        "refus": refus,
        "remonte": _remonte(campagne),
        "dates_refusees": dates_refusees is not None,
        "dates": dates_refusees
        or DatesDesFactures(initial={"date_emission": campagne.date_emission, "date_echeance": campagne.date_echeance}),
    }
    return render(request, "guichet/facturation/facturation.html", contexte, status=statut)


def _remonte(campagne: Campagne) -> str:
    """What a run of a few households changes for the others, before it is issued."""
    if not campagne.est_modifiable or not remonte_pour_tous(campagne):
        return ""
    return f"Les autres familles seront facturées depuis le {date_sans_jour(campagne.debut, aujourdhui().year)}"


@require_POST
@pour(Droit.FACTURER)
def calcul(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    """Compute the preview again: bookings, absences and quotients as they are now."""
    campagne = campagnes.une_campagne(campagne_id)
    try:
        apercu.recalculer(campagne)
    except Refus as refus:
        return _page(request, campagne, refus.phrase, refus.statut)
    messages.success(request, "L’aperçu est à jour.")
    return redirect("guichet:facturation", campagne.pk)


@require_POST
@pour(Droit.FACTURER)
def dates(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    """Other dates, when an avoir made meanwhile forbids those that were chosen; who was set aside stays so."""
    campagne, fiche = campagnes.une_campagne(campagne_id), DatesDesFactures(request.POST)
    if not fiche.is_valid():
        return _page(request, campagne, "Une des deux dates ne se lit pas : choisissez-la de nouveau.", 422, fiche)
    try:
        campagnes.changer_les_dates(campagne, **fiche.cleaned_data, agent=request.agent)
    except Refus as refus:
        return _page(request, campagne, refus.phrase, refus.statut, fiche)
    messages.success(request, "Les dates des factures sont changées.")
    return redirect("guichet:facturation", campagne.pk)


@require_POST
@pour(Droit.FACTURER)
def emission(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    campagne = campagnes.une_campagne(campagne_id)
    try:
        campagnes.lancer(campagne, request.POST.get("empreinte", ""), request.agent)
    except Refus as refus:
        return _page(request, campagnes.une_campagne(campagne_id), refus.phrase, refus.statut)
    return redirect("guichet:facturation", campagne.pk)


@require_POST
@pour(Droit.FACTURER)
def relance(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    """Go on with an issue that stopped: what is issued stays so."""
    campagne = campagnes.une_campagne(campagne_id)
    try:
        relancer(campagne, request.agent)
    except Refus as refus:
        return _page(request, campagne, refus.phrase, refus.statut)
    messages.success(request, "L’émission reprend où elle s’était arrêtée.")
    return redirect("guichet:facturation", campagne.pk)


@require_POST
@pour(Droit.FACTURER)
def abandon(request: RequeteAgent, campagne_id: int) -> HttpResponse:
    campagne = campagnes.une_campagne(campagne_id)
    try:
        campagnes.abandonner(campagne, request.agent)
    except Refus as refus:
        return _page(request, campagne, refus.phrase, refus.statut)
    messages.success(request, "Cette facturation est abandonnée : ses journées attendent la prochaine.")
    return redirect("guichet:facturations")
