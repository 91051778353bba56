"""The journal des encaissements: on screen, as a spreadsheet, on paper."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from marelle.comptes.droits import Droit
from marelle.editions import produire
from marelle.regie import journal, papiers
from marelle.regie.acces import une_regie

from ..formulaires.regie import FiltreDuJournal
from ..personne import RequeteAgent, pour
from .regie_commun import csv, page, pdf

PAR_PAGE = 50


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    regie = une_regie(code)
    formulaire, filtre = _filtre(request)
    lignes = journal.paiements_de(regie, filtre)
    feuille = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    gardee = request.GET.copy()
    gardee.pop("page", None)
    contexte = {
        "filtre": formulaire,
        "page": feuille,
        "lignes": journal.ecritures(feuille),
        "totaux": journal.totaux(lignes),
        "requete": f"{gardee.urlencode()}&" if gardee else "",
    }
    return page(request, regie, "journal", contexte, onglet="guichet:regie_journal")


@require_safe
@pour(Droit.LIRE_FACTURES)
def en_csv(request: RequeteAgent, code: int) -> HttpResponse:
    regie = une_regie(code)
    lignes = journal.paiements_de(regie, _filtre(request)[1])
    return csv(journal.en_csv(lignes), f"journal-regie-{regie.code}.csv")


@require_safe
@pour(Droit.LIRE_FACTURES)
def en_pdf(request: RequeteAgent, code: int) -> HttpResponse:
    regie = une_regie(code)
    donnees = papiers.journal(regie, _filtre(request)[1])
    return pdf(produire("bordereau", donnees), f"journal-regie-{regie.code}.pdf")


def _filtre(request: RequeteAgent) -> tuple[FiltreDuJournal, journal.Filtre]:
    """What is not a date, nor a means, filters nothing: the form says it."""
    formulaire = FiltreDuJournal(request.GET or None)
    lu = formulaire.cleaned_data if formulaire.is_valid() else {}
    return formulaire, journal.Filtre(lu.get("du"), lu.get("au"), lu.get("mode", ""))
