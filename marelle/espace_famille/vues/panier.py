"""The cart: read again, take out, send."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.demandes.apercu import LignePanier, lignes_examinees
from marelle.demandes.depot import JourRefuse, deposer_panier, panier_de
from marelle.demandes.panier import retirer_ligne, vider
from marelle.regles.phrases import accorder, dire_date
from marelle.socle.erreurs import Refus

from ..personne import RequeteFamille, auteur, famille_requise
from ..portail import oublier_le_panier
from ..prix import a_payer_en_plus, devis_de, recapituler
from ..reservations_a_payer import a_payer_en_reservant


@require_safe
@famille_requise
def panier(request: RequeteFamille) -> HttpResponse:
    return _page(request)


def _page(
    request: RequeteFamille, refuses: Sequence[JourRefuse] = (), statut: int = 200, refus: str = ""
) -> HttpResponse:
    lignes = lignes_examinees(request.famille, {r.jour.pk: r.verdict for r in refuses}, devis_de(request))
    contexte: dict[str, Any] = {
        "groupes": _grouper(lignes),
        "lignes": lignes,
        "reservations": sum(1 for ligne in lignes if ligne.est_reservation and ligne.est_possible),
        "annulations": sum(1 for ligne in lignes if not ligne.est_reservation and ligne.est_possible),
        "impossibles": sum(1 for ligne in lignes if not ligne.est_possible),
        "sommes": recapituler(lignes),
        "en_plus": a_payer_en_plus(request, lignes),
        "en_reservant": a_payer_en_reservant(lignes, devis_de(request)),
        "est_maximum": any(ligne.prix and ligne.prix.est_maximum for ligne in lignes),
        "est_estimation": any(un.prix and un.prix.suit_la_facture and not un.prix.est_maximum for un in lignes),
        "jeton": panier_de(request.famille).jeton,
        "refus": refus,
    }
    return render(request, "espace_famille/panier.html", contexte, status=statut)


def _grouper(lignes: Sequence[LignePanier]) -> list[dict[str, Any]]:
    groupes: dict[tuple[int, int], dict[str, Any]] = {}
    for ligne in lignes:
        cle = (ligne.enfant.pk, ligne.activite.pk)
        groupe = groupes.setdefault(cle, {"enfant": ligne.enfant, "activite": ligne.activite, "lignes": []})
        groupe["lignes"].append(ligne)
    return list(groupes.values())


@require_POST
@famille_requise
def envoi(request: RequeteFamille) -> HttpResponse:
    """*Valider*: one transaction, one receipt; the same cart posted twice is sent once."""
    try:
        jeton = uuid.UUID(request.POST.get("jeton", ""))
    except ValueError:
        return _page(request, statut=400, refus="Le panier n’a pas pu être lu : relisez-le, puis validez de nouveau.")
    try:
        depot = deposer_panier(request.famille, jeton, auteur(request))
    except Refus as refus:
        return _page(request, statut=refus.statut, refus=refus.phrase)
    oublier_le_panier(request)
    if depot.envoi is None:
        phrase = "Rien n’a pu être envoyé : chaque jour dit pourquoi."
        return _page(request, depot.refuses, statut=409, refus=phrase)
    if depot.refuses:
        reste = accorder(len(depot.refuses), "jour")
        messages.warning(
            request, f"{reste} au panier sans pouvoir partir : ouvrez le panier, chaque jour dit pourquoi."
        )
    return redirect("espace_famille:accuse", depot.envoi.pk)


@require_POST
@famille_requise
def retrait(request: RequeteFamille, ligne_id: int) -> HttpResponse:
    """Take one day out."""
    ligne = retirer_ligne(request.famille, ligne_id)
    oublier_le_panier(request)
    messages.success(request, f"{dire_date(ligne.date).capitalize()} n’est plus dans votre panier.")
    return redirect("espace_famille:panier")


@require_POST
@famille_requise
def vidage(request: RequeteFamille) -> HttpResponse:
    """Empty the cart."""
    nombre = vider(request.famille)
    messages.success(request, f"Panier vidé : {accorder(nombre, 'jour')} en moins. Rien n’a été envoyé.")
    return redirect("espace_famille:panier")
