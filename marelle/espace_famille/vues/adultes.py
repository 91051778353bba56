"""An adult's sheet: identity, addresses, telephones, invoices by e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from marelle.demandes.natures import Sujet
from marelle.familles.selection import adulte_de
from marelle.socle.francais import de

from ..fiches import Fiche
from ..personne import RequeteFamille, auteur, famille_requise
from .fiches import donnees, garder, montrer


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
def adulte(request: RequeteFamille, responsable_id: int) -> HttpResponse:
    """Shown, kept as draft, or validated."""
    personne = adulte_de(request.famille, responsable_id)
    sujet = Sujet(request.famille, None, personne)
    page = Fiche(sujet, ["fiche_responsable"], f"la fiche {de(personne.prenom)}", donnees(request))
    if request.method == "POST":
        if "brouillon" in request.POST:
            return garder(request, page)
        if page.est_valide():
            page.envoyer(auteur(request))
            messages.success(
                request, f"La fiche {de(personne.prenom)} est envoyée : le service la vérifie et vous écrit."
            )
            return redirect("espace_famille:dossier")
    return montrer(request, "espace_famille/dossier/adulte.html", page, {"adulte": personne})
