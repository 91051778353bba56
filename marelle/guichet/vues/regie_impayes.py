"""What is unpaid, by payer and age; payers set aside from reminders; the hand-over to the Treasury."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.editions import produire
from marelle.regie import impayes, journal, papiers, recherche, sursis, transmissions
from marelle.regie.acces import une_regie
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from ..formulaires.regie import NouveauSursis
from ..personne import RequeteAgent, pour
from .regie_commun import cles, csv, page, pdf

IMPAYES = "guichet:regie_impayes"
PAR_PAGE = 100
MONTREES = 500


@require_safe
@pour(Droit.LIRE_FACTURES)
def liste(request: RequeteAgent, code: int) -> HttpResponse:
    regie, choisi = une_regie(code), request.GET.get("age", "0")
    age = int(choisi) if choisi in ("1", "2", "3") else 0
    tous = impayes.debiteurs(regie, aujourdhui(), age)
    ages = [(rang, mot) for rang, mot in enumerate(("Tous", "Échus", "Plus de 30 jours", "Plus de 60 jours"))]
    contexte = {
        "page": Paginator(tous, PAR_PAGE).get_page(request.GET.get("page")),
        "totaux": list(zip([*impayes.AGES, "total"], impayes.totaux(tous), strict=True)),
        "age": age,
        "requete": f"age={age}&",
        "ages": ages,
        "sursis": NouveauSursis(),
    }
    return page(request, regie, "impayes", contexte, onglet=IMPAYES)


@require_safe
@pour(Droit.LIRE_FACTURES)
def en_csv(request: RequeteAgent, code: int) -> HttpResponse:
    regie, jour = une_regie(code), aujourdhui()
    return csv(impayes.en_csv(impayes.debiteurs(regie, jour), jour), f"impayes-regie-{regie.code}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.ENCAISSER)
def ecarter(request: RequeteAgent, code: int, payeur_id: int) -> HttpResponse:
    """Set a payer aside from the reminders, with the reason; or take it back (« reprendre »)."""
    regie, qui = une_regie(code), recherche.un_payeur(payeur_id)
    saisie, refus, statut = NouveauSursis(request.POST or None), "", 200
    if request.method == "POST":
        try:
            if "reprendre" in request.POST:
                sursis.lever(regie, qui, auteur=request.agent)
                messages.success(request, "Ce payeur est relancé de nouveau.")
                return redirect(IMPAYES, regie.code)
            if saisie.is_valid():
                lu = saisie.cleaned_data
                sursis.accorder(regie, qui, lu["motif"], auteur=request.agent, jusqu_au=lu["jusqu_au"])
                messages.success(request, "Les relances de ce payeur sont suspendues.")
                return redirect(IMPAYES, regie.code)
            statut = 422
        except Refus as dit:
            refus, statut = dit.phrase, dit.statut
    en_cours = sursis.en_vigueur(regie, aujourdhui()).filter(payeur=qui).first()
    nom = recherche.presenter([qui], regie)[0]
    contexte = {"saisie": saisie, "trouve": nom, "en_cours": en_cours, "refus": refus}
    return page(request, regie, "sursis", contexte, onglet=IMPAYES, statut=statut)


@require_safe
@pour(Droit.LIRE_FACTURES)
def transmission(request: RequeteAgent, code: int) -> HttpResponse:
    return _page(request, une_regie(code))


@require_POST
@pour(Droit.ENCAISSER)
def transmettre(request: RequeteAgent, code: int) -> HttpResponse:
    """Hand over the invoices ticked: the régie takes no more money for them."""
    regie = une_regie(code)
    try:
        faites = transmissions.transmettre(regie, cles(request.POST.getlist("facture")), auteur=request.agent)
    except Refus as refus:
        return _page(request, regie, refus.phrase, refus.statut)
    dit = "1 facture est transmise" if len(faites) == 1 else f"{len(faites)} factures sont transmises"
    messages.success(request, f"{dit} au Trésor public : imprimez l’état des impayés.")
    return redirect("guichet:regie_transmission", regie.code)


@require_safe
@pour(Droit.LIRE_FACTURES)
def transmission_pdf(request: RequeteAgent, code: int) -> HttpResponse:
    """What was handed over on the last day when something was."""
    regie = une_regie(code)
    jour, faites = transmissions.dernier_etat(regie)
    return pdf(produire("bordereau", papiers.etat_des_transmissions(regie, faites)), f"etat-des-impayes-{jour}.pdf")


def _page(request: RequeteAgent, regie: Regie, refus: str = "", statut: int = 200) -> HttpResponse:
    proposees = transmissions.a_transmettre(regie, aujourdhui())
    faites = list(transmissions.transmissions_de(regie)[:MONTREES])
    payeurs = {une.payeur_id: une.payeur for une in [*proposees, *(f.facture for f in faites)]}
    noms = journal.noms_des_payeurs(payeurs.values())
    contexte = {
        "proposees": [(une, noms.get(une.payeur_id, "")) for une in proposees],
        "faites": [(une, noms.get(une.facture.payeur_id, "")) for une in faites],
        "attente": transmissions.ATTENTE_JOURS,
        "refus": refus,
    }
    return page(request, regie, "transmission", contexte, onglet=IMPAYES, statut=statut)
