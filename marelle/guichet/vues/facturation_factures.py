"""Issued invoices at the desk: search, one of them, making an avoir."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.payeurs import nom_de
from marelle.facturation import registre
from marelle.facturation.avoirs import faire_un_avoir, lignes_a_rendre
from marelle.facturation.registre import Filtre
from marelle.facturation.selection import regies_facturables
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu

from ..formulaires.facturation import NouvelAvoir
from ..personne import RequeteAgent, pour

PAR_PAGE = 50
QUOI = (("", "Toutes"), ("impayees", "Reste à payer"), ("avoirs", "Avoirs"))


def _filtre(request: RequeteAgent) -> Filtre:
    """What the address asks; what it asks badly is left out."""
    lus = request.GET
    try:
        mois = date.fromisoformat(f"{lus.get('mois', '')}-01")
    except ValueError:
        mois = None
    regie = lus.get("regie", "")
    return Filtre(
        texte=texte_recu(lus, "q"),
        mois=mois,
        regie=int(regie) if regie.isascii() and regie.isdigit() and len(regie) <= 2 else None,
        quoi=lus.get("quoi", "") if lus.get("quoi") in dict(QUOI) else "",
    )


@require_safe
@pour(Droit.LIRE_FACTURES)
def factures(request: RequeteAgent) -> HttpResponse:
    filtre = _filtre(request)
    feuille = Paginator(registre.factures(filtre), PAR_PAGE).get_page(request.GET.get("page"))
    gardee = request.GET.copy()
    gardee.pop("page", None)
    contexte = {
        "page": feuille,
        "lignes": [(une, nom_de(une.destinataire)) for une in feuille.object_list],
        "filtre": filtre,
        "regies": regies_facturables(),
        "quoi": QUOI,
        "requete": f"{gardee.urlencode()}&" if gardee else "",
    }
    return render(request, "guichet/facturation/factures.html", contexte)


@require_safe
@pour(Droit.LIRE_FACTURES)
def facture(request: RequeteAgent, numero: str) -> HttpResponse:
    une = registre.une_facture(numero)
    contexte = {"facture": une, "nom": nom_de(une.destinataire)}
    return render(request, "guichet/facturation/facture.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.FACTURER)
def avoir(request: RequeteAgent, numero: str) -> HttpResponse:
    """Choose what is given back, and say why."""
    une = registre.une_facture(numero)
    fiche = NouvelAvoir(lignes_a_rendre(une), request.POST if request.method == "POST" else None)
    if request.method == "POST" and fiche.is_valid():
        lus = fiche.cleaned_data
        try:
            fait = faire_un_avoir(une, lus["montants"], lus["motif"], agent=request.agent, jeton=lus["jeton"])
        except Refus as refus:
            fiche.add_error(None, refus.phrase)
        else:
            messages.success(request, f"Avoir {fait.numero} de {euros(-fait.montant_centimes)} émis.")
            return redirect("guichet:facture_emise", fait.numero)
    contexte = {"facture": une, "nom": nom_de(une.destinataire), "fiche": fiche}
    return render(request, "guichet/facturation/avoir.html", contexte, status=422 if fiche.errors else 200)
