"""The hours of the Caf at the desk: the figures, the lines behind each of them, the régime of a household."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from marelle.activites.gestion import centres_de, centres_limites
from marelle.comptes.droits import Droit
from marelle.familles.gestion import une_famille
from marelle.tresor import caf, caf_tables, regimes

from ..formulaires.tresor import FichePeriode, FicheRegime
from ..personne import RequeteAgent, pour
from .tresor import page

PAR_PAGE = 100


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def synthese(request: RequeteAgent) -> HttpResponse:
    """By centre, time of care, and what was asked: children, days, hours, by state."""
    fiche, lignes = _lues(request)
    rangees = caf_tables.rangees(lignes, _par(fiche))
    familles, combien = caf_tables.sans_regime(lignes)
    contexte = {
        "fiche": fiche, "groupes": [(une, _requete(fiche, dict(une.criteres))) for une in rangees],
        "total": caf_tables.total(lignes), "familles": familles, "sans_regime": combien,
        "convention": caf.convention(), "ouverts": _ouverts(fiche), "requete": _requete(fiche),
    }  # fmt: skip
    return page(request, "caf", contexte, "guichet:tresor_caf", 200 if fiche.is_valid() else 422)


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def detail(request: RequeteAgent) -> HttpResponse:
    """The lines behind one figure, child by child."""
    fiche, lignes = _lues(request)
    criteres = caf_tables.criteres_de(request.GET)
    choisies = caf.choisir(lignes, criteres)
    feuille = Paginator(choisies, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "fiche": fiche, "feuille": feuille, "requete": _requete(fiche, _gardes(criteres)), "retour": _requete(fiche),
        "dits": [caf_tables.dire(nom, valeur) for nom, valeur in criteres.items()],
        "total": caf_tables.total(choisies),
        "lignes": [(une, caf_tables.en_heures(une.realisees), caf_tables.en_heures(une.facturees), caf.ETATS[une.etat])
                   for une in feuille],
    }  # fmt: skip
    return page(request, "caf_detail", contexte, "guichet:tresor_caf")


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def en_csv(request: RequeteAgent) -> HttpResponse:
    """The same lines for a spreadsheet; `tableau=1`: the figures."""
    fiche, lignes = _lues(request)
    if request.GET.get("tableau"):
        octets, nom = caf_tables.totaux_en_csv(lignes, _par(fiche)), "heures-caf.csv"
    else:
        octets = caf_tables.lignes_en_csv(caf.choisir(lignes, caf_tables.criteres_de(request.GET)))
        nom = "heures-caf-detail.csv"
    caf_tables.journaliser(request.agent, fiche.cleaned_data.get("debut"), fiche.cleaned_data.get("fin"))
    entetes = {"Content-Disposition": content_disposition_header(True, nom) or "", "Cache-Control": "private, no-store"}
    return HttpResponse(octets, content_type="text/csv; charset=utf-8", headers=entetes)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.EXPORTER_COMPTES)
def regime(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """Which fund a household depends on."""
    famille = une_famille(famille_id)
    fiche = FicheRegime(request.POST if request.method == "POST" else None)
    if request.method == "POST" and fiche.is_valid():
        regimes.enregistrer(famille, fiche.cleaned_data["regime"], fiche.cleaned_data["du"], request.agent)
        messages.success(request, f"Régime enregistré pour la famille {famille.nom}.")
        return redirect("guichet:tresor_caf")
    contexte = {"famille": famille, "fiche": fiche, "saisis": regimes.regimes_de(famille)}
    return page(request, "regime", contexte, "guichet:tresor_caf", 422 if fiche.errors else 200)


def _lues(request: RequeteAgent) -> tuple[FichePeriode, list[caf.LigneCaf]]:
    """The lines of the period asked, of the centres that this agent sees; none when the period is not one."""
    fiche = FichePeriode(request.agent, request.GET)
    if not fiche.is_valid():
        return fiche, []
    lu = fiche.cleaned_data
    lignes = caf.lignes(lu["debut"], lu["fin"], lu["centre"])
    if centres_limites(request.agent):
        vus = {centre.nom for centre in centres_de(request.agent)}
        lignes = [une for une in lignes if une.centre in vus]
    return fiche, lignes


def _par(fiche: FichePeriode) -> str:
    return str(fiche.cleaned_data.get("par") or "age")


def _gardes(criteres: dict[str, str]) -> dict[str, str]:
    return {f"{caf_tables.PREFIXE}{nom}": valeur for nom, valeur in criteres.items()}


def _requete(fiche: FichePeriode, criteres: dict[str, str] | None = None) -> str:
    """What the form says, and the lines wanted, for a link."""
    lu = fiche.cleaned_data
    ecrit: dict[str, Any] = {nom: lu[nom].isoformat() for nom in ("debut", "fin") if lu.get(nom)}
    if lu.get("centre"):
        ecrit["centre"] = lu["centre"].pk
    return urlencode({**ecrit, "par": _par(fiche), **(criteres or {})})


def _ouverts(fiche: FichePeriode) -> list[tuple[str, str, caf.Ouverte]]:
    lu = fiche.cleaned_data
    if not fiche.is_valid():
        return []
    trouves = caf.jours_ouverts(lu["debut"], lu["fin"], lu["centre"])
    return [(nom, caf.NOMS_DES_TEMPS[temps], une) for (nom, temps), une in sorted(trouves.items())]
