"""One payment of a régie: what it paid, its receipt, and taking it back with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Paiement, Regie
from marelle.editions import produire
from marelle.regie import encaissements, journal, papiers, prelevements
from marelle.regie.acces import une_regie
from marelle.regles.argent import euros
from marelle.socle.erreurs import Introuvable, Refus

from ..formulaires.regie import Annulation
from ..personne import RequeteAgent, pour
from .regie_commun import page, pdf


@require_safe
@pour(Droit.LIRE_FACTURES)
def paiement(request: RequeteAgent, code: int, paiement_id: int) -> HttpResponse:
    regie = une_regie(code)
    un = journal.un_paiement(regie, paiement_id)
    return _page(request, regie, un, Annulation(un.mode))


@require_POST
@pour(Droit.ENCAISSER)
def annulation(request: RequeteAgent, code: int, paiement_id: int) -> HttpResponse:
    """The counter-entry; the family is told why."""
    regie = une_regie(code)
    un = journal.un_paiement(regie, paiement_id)
    saisie = Annulation(un.mode, request.POST)
    if not saisie.is_valid():
        return _page(request, regie, un, saisie, statut=422)
    code_banque, motif = saisie.cleaned_data.get("code", ""), saisie.cleaned_data["motif"]
    if code_banque:
        motif = prelevements.dire_le_rejet(code_banque, motif)
    try:
        contraire = encaissements.annuler(un, motif, auteur=request.agent)
    except Refus as refus:
        return _page(request, regie, un, saisie, refus.phrase, refus.statut)
    messages.success(request, f"Le {un.nom_courant} {un.numero} est annulé par l’écriture {contraire.numero}.")
    for facture, montant in encaissements.redus_au_tresor(contraire):
        messages.warning(
            request,
            f"La facture {facture.numero} est au Trésor public : dites-lui qu’il y est dû {euros(montant)} de plus.",
        )
    return redirect("guichet:regie_paiement", regie.code, un.pk)


@require_safe
@pour(Droit.LIRE_FACTURES)
def quittance(request: RequeteAgent, code: int, paiement_id: int) -> HttpResponse:
    un = journal.un_paiement(une_regie(code), paiement_id)
    if un.mode == Paiement.Mode.TRESOR:
        raise Introuvable("Le Trésor public a reçu ce paiement : la régie n’en donne pas de quittance.")
    if un.est_remboursement:
        raise Introuvable("Une quittance dit ce qui a été reçu : un remboursement n’en a pas.")
    un = un.annule or un  # the receipt of a counter-entry is that of what it takes back
    return pdf(produire("quittance", papiers.quittance(un)), f"quittance-{un.numero}.pdf")


def _page(
    request: RequeteAgent, regie: Regie, un: Paiement, saisie: Annulation, refus: str = "", statut: int = 200
) -> HttpResponse:
    ventilees = un.ventilations.select_related("facture").order_by("facture__date_emission", "facture__rang", "pk")
    contexte = {
        "paiement": un,
        "ecriture": journal.ecritures([un])[0],
        "ventilations": list(ventilees),
        "restitutions": journal.restitutions(un),
        "titre_annuler": f"Annuler ce {un.nom_courant}",
        "precisions": papiers.precisions(un),
        "credit": papiers.credit_de(un),
        "saisie": saisie,
        "refus": refus,
    }
    return page(request, regie, "paiement", contexte, onglet="guichet:regie_journal", statut=statut)
