"""What leaves the till: the heaps to deposit, bordereaux, versements to the accountant, and what the accounts hold."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.editions import produire
from marelle.regie import depots, journal, papiers
from marelle.regie.acces import une_regie
from marelle.socle.erreurs import Refus

from ..formulaires.regie import Depot, NouveauVersement
from ..personne import RequeteAgent, pour
from .regie_commun import cles, page, pdf

MONTRES = 12


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    return _page(request, une_regie(code))


@require_POST
@pour(Droit.ENCAISSER)
def deposer(request: RequeteAgent, code: int) -> HttpResponse:
    """Close a bordereau with the payments ticked."""
    regie, saisie = une_regie(code), Depot(request.POST)
    try:
        if not saisie.is_valid():
            raise Refus("Écrivez la date du dépôt avec le jour, le mois et l’année, par exemple 20/11/2026.")
        choisis, jour = cles(request.POST.getlist("paiement")), saisie.cleaned_data["date_depot"]
        clos = depots.fermer(regie, request.POST.get("mode", ""), choisis, date_depot=jour, auteur=request.agent)
    except Refus as refus:
        return _page(request, regie, refus.phrase, refus.statut)
    messages.success(request, f"Le bordereau {clos.numero} est clos : imprimez-le.")
    return redirect("guichet:regie_bordereau", regie.code, clos.pk)


@require_POST
@pour(Droit.ENCAISSER)
def verser(request: RequeteAgent, code: int) -> HttpResponse:
    regie, saisie = une_regie(code), NouveauVersement(request.POST)
    try:
        if not saisie.is_valid():
            raise Refus("Choisissez le motif et la date du versement.")
        lu = saisie.cleaned_data
        fait = depots.verser(
            regie, motif=lu["motif"], date_versement=lu["date_versement"], attendu_centimes=lu["attendu"],
            auteur=request.agent,
        )  # fmt: skip
    except Refus as refus:
        return _page(request, regie, refus.phrase, refus.statut)
    messages.success(request, f"Le versement {fait.numero} est enregistré : imprimez son bordereau.")
    return redirect("guichet:regie_depots", regie.code)


@require_safe
@pour(Droit.LIRE_FACTURES)
def bordereau(request: RequeteAgent, code: int, bordereau_id: int) -> HttpResponse:
    regie = une_regie(code)
    clos = depots.un_bordereau(regie, bordereau_id)
    ecritures = journal.ecritures(depots.paiements_du_bordereau(clos))
    lignes = [(une, papiers.precisions(une.paiement)) for une in ecritures]
    contexte = {"bordereau": clos, "lignes": lignes}
    return page(request, regie, "bordereau", contexte, onglet="guichet:regie_depots")


@require_safe
@pour(Droit.LIRE_FACTURES)
def bordereau_pdf(request: RequeteAgent, code: int, bordereau_id: int) -> HttpResponse:
    clos = depots.un_bordereau(une_regie(code), bordereau_id)
    return pdf(produire("bordereau", papiers.bordereau(clos)), f"bordereau-{clos.numero}.pdf")


@require_safe
@pour(Droit.LIRE_FACTURES)
def versement_pdf(request: RequeteAgent, code: int, versement_id: int) -> HttpResponse:
    fait = depots.un_versement(une_regie(code), versement_id)
    return pdf(produire("bordereau", papiers.versement(fait)), f"versement-{fait.numero}.pdf")


def _page(request: RequeteAgent, regie: Regie, refus: str = "", statut: int = 200) -> HttpResponse:
    tas = depots.tas(regie)
    paiements = {un.payeur_id: un.payeur for lot in tas for un in lot["paiements"]}
    noms = journal.noms_des_payeurs(paiements.values())
    for lot in tas:
        lot["lignes"] = [(un, noms.get(un.payeur_id, ""), ", ".join(papiers.precisions(un))) for un in lot["paiements"]]
    a_verser = depots.a_verser_maintenant(regie)
    contexte = {
        "tas": tas,
        "depot": Depot(),
        "a_verser": a_verser,
        "versement": NouveauVersement(initial={"attendu": a_verser}),
        "bordereaux": depots.bordereaux_de(regie)[:MONTRES],
        "versements": depots.versements_de(regie)[:MONTRES],
        "refus": refus,
    }
    return page(request, regie, "depots", contexte, onglet="guichet:regie_depots", statut=statut)
