"""« Finances »: what is left to pay, the invoices, one of them, its PDF; the statement, the payments; invoices by e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.models import Compte
from marelle.editions import produire
from marelle.facturation import consultation, documents
from marelle.facturation.consultation import adulte_ecrit, dit_les_paiements, etats, factures_visibles, releve_de
from marelle.regie import papiers
from marelle.regie.transmissions import transmises
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import aujourdhui

from ..finances import carte, dire_operation, dire_paiement, onglets, quittance, rang, sans_quittance
from ..personne import RequeteFamille, famille_requise
from ..reservations_a_payer import a_garder

PAR_PAGE = 12
OPERATIONS_PAR_PAGE = 40


@require_safe
@famille_requise
def finances(request: RequeteFamille) -> HttpResponse:
    page = Paginator(factures_visibles(request.acces), PAR_PAGE).get_page(request.GET.get("page"))
    parties = transmises(page.object_list)
    rangs = [rang(une, payable=une.pk not in parties) for une in page.object_list]
    contexte = {
        "onglets": _onglets("finances", [un.facture.regie for un in rangs]),
        "cartes": [carte(un) for un in etats(request.acces)],
        "page": page,
        "rangs": rangs,
        "avec_paiements": any(un.dit_les_paiements for un in rangs),
        "transmises": parties,
        "adulte": adulte_ecrit(request.acces),
        "a_garder": a_garder(request.acces),
    }
    return render(request, "espace_famille/finances/finances.html", contexte)


def _onglets(courant: str, regies: list[object]) -> list[dict[str, object]]:
    return onglets(courant, avec_les_paiements=not regies or any(dit_les_paiements(une) for une in regies))  # type: ignore[arg-type]


@require_safe
@famille_requise
def releve(request: RequeteFamille) -> HttpResponse:
    operations = releve_de(request.acces)
    page = Paginator(operations, OPERATIONS_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "onglets": onglets("releve"),
        "page": page,
        "operations": [(une, dire_operation(une)) for une in page.object_list],
        "solde_centimes": operations[0].solde_centimes if operations else 0,
        "credit_centimes": -operations[0].solde_centimes if operations else 0,
    }
    return render(request, "espace_famille/finances/releve.html", contexte)


@require_safe
@famille_requise
def releve_pdf(request: RequeteFamille) -> HttpResponse:
    """The whole statement, to print or to keep."""
    lignes = [(une, dire_operation(une)) for une in reversed(releve_de(request.acces))]
    return _pdf(documents.pdf_du_releve(request.famille, lignes), f"releve-{aujourdhui()}.pdf")


@require_safe
@famille_requise
def paiements(request: RequeteFamille) -> HttpResponse:
    tous = consultation.paiements_visibles(request.acces)
    page = Paginator(tous, OPERATIONS_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "onglets": onglets("mes_paiements"),
        "page": page,
        "paiements": [(un, dire_paiement(un), quittance(un)) for un in page.object_list],
    }
    return render(request, "espace_famille/finances/paiements.html", contexte)


@require_safe
@famille_requise
def quittance_pdf(request: RequeteFamille, paiement_id: int) -> HttpResponse:
    """The receipt of a payment."""
    paiement = consultation.paiement_visible(request.acces, paiement_id)
    if sans_quittance(paiement):
        raise Introuvable("Ce paiement n’a pas de quittance.")
    return _pdf(produire("quittance", papiers.quittance(paiement)), f"quittance-{paiement.numero}.pdf")


@require_safe
@famille_requise
def facture(request: RequeteFamille, numero: str) -> HttpResponse:
    """One invoice on screen: the same words as its PDF."""
    une = consultation.facture_visible(request.acces, numero)
    contexte = {
        "facture": une,
        "rang": rang(une, payable=not transmises([une])),
        "dite": documents.decrire(une),
        "titre_transmis": bool(transmises([une])),
    }
    return render(request, "espace_famille/finances/facture.html", contexte)


@require_safe
@famille_requise
def facture_pdf(request: RequeteFamille, numero: str) -> HttpResponse:
    une = consultation.facture_visible(request.acces, numero)
    return _pdf(documents.pdf(une), documents.nom_de_fichier(une))


def _pdf(octets: bytes, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_POST
@famille_requise
def accord(request: RequeteFamille) -> HttpResponse:
    """Invoices by e-mail, or not: in force at once."""
    adulte = adulte_ecrit(request.acces)
    if adulte is None:
        raise Introuvable("Ce réglage n’est pas le vôtre.")
    assert isinstance(request.user, Compte)
    accepte = "accord" in request.POST
    consultation.accorder(adulte, accepte=accepte, par=request.user)
    dit = "Vos factures vous seront envoyées par e-mail." if accepte else "Vos factures vous arriveront par courrier."
    messages.success(request, dit)
    return redirect("espace_famille:finances")
