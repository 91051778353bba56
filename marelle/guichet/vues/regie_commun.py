"""What the pages of a régie share: the régie of the address, its tabs, what it is time to do, whether the agent may act."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regie.acces import peut_agir, regies_du_guichet
from marelle.regie.caisse import comptes, rappels
from marelle.socle.horloge import aujourdhui
from marelle.tarification.identite import tarifs

from ..personne import RequeteAgent

ONGLETS = (
    ("guichet:regie", "Encaisser"),
    ("guichet:regie_journal", "Journal"),
    ("guichet:regie_depots", "Dépôts et versements"),
    ("guichet:regie_impayes", "Impayés"),
    ("guichet:regie_reservations", "Réservations"),
    ("guichet:regie_relances", "Relances"),
    ("guichet:regie_prelevements", "Prélèvements"),
)
AU_PLUS_19_CHIFFRES = 19


def page(
    request: RequeteAgent, regie: Regie, gabarit: str, contexte: dict[str, Any], *, onglet: str = "", statut: int = 200
) -> HttpResponse:
    """A page of the régie in its frame; `onglet` is the address of its tab."""
    tenus = comptes(regie)
    communs = {
        "regie": regie,
        "options": options_de(regie),
        "comptes": tenus,
        "rappels": rappels(regie, aujourdhui(), tenus),
        "peut_agir": peut_agir(request.agent, regie),
        "onglets": [
            {"libelle": libelle, "lien": reverse(nom, args=[regie.code]), "est_courant": nom == onglet, "nombre": 0}
            for nom, libelle in ONGLETS
            if _est_utile(nom, regie)
        ],
        "regies": regies_du_guichet(),
        "refus": "",
    }
    return render(request, f"guichet/regie/{gabarit}.html", communs | contexte, status=statut)


def _est_utile(nom: str, regie: Regie) -> bool:
    """Whether that tab has a meaning here: a régie without direct debits, tariffs that ask nothing when booking."""
    if nom == "guichet:regie_prelevements":
        return options_de(regie).a_des_mandats
    lus = tarifs()
    return nom != "guichet:regie_reservations" or (lus is not None and lus.a_des_paiements)


def pdf(octets: bytes, nom: str) -> HttpResponse:
    """Shown by the browser, kept by nobody on the way."""
    return _fichier(octets, nom, "application/pdf", telecharge=False)


def csv(octets: bytes, nom: str) -> HttpResponse:
    return _fichier(octets, nom, "text/csv; charset=utf-8", telecharge=True)


def xml(octets: bytes, nom: str) -> HttpResponse:
    return _fichier(octets, nom, "application/xml", telecharge=True)


def _fichier(octets: bytes, nom: str, sorte: str, *, telecharge: bool) -> HttpResponse:
    entetes = {
        "Content-Disposition": content_disposition_header(telecharge, nom) or "inline",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(octets, content_type=sorte, headers=entetes)


def cles(valeurs: list[str]) -> list[int]:
    """The keys ticked in a form; what is not one is left out."""
    return [int(une) for une in valeurs if une.isdecimal() and len(une) < AU_PLUS_19_CHIFFRES]
