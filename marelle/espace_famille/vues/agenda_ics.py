"""The household's bookings in its own calendar: the secret address, how it is made, renewed and revoked."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marelle.collectivite.identite import identite
from marelle.reservations import flux
from marelle.socle.horloge import maintenant

from ..personne import RequeteFamille, famille_requise


@login_not_required
@require_safe
def lire(request: HttpRequest, jeton: str) -> HttpResponse:
    """Public by its secret; unknown and revoked are the same 404."""
    famille = flux.famille_du_jeton(jeton)
    if famille is None:
        raise Http404
    contenu = flux.calendrier(famille, f"Accueils {identite().sigle}", maintenant())
    reponse = HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'inline; filename="marelle.ics"'
    reponse["Cache-Control"] = "private, max-age=900"
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@require_safe
@famille_requise
def page(request: RequeteFamille) -> HttpResponse:
    return render(request, "espace_famille/agenda_ics.html", {"flux": flux.flux_de(request.famille), "adresse": ""})


@require_POST
@famille_requise
def renouveler(request: RequeteFamille) -> HttpResponse:
    """A new address, shown this once: only its digest is kept, and the former one is dead already."""
    jeton = flux.renouveler(request.famille)
    adresse = f"{settings.BASE_URL.rstrip('/')}{reverse('espace_famille:flux', args=[jeton])}"
    contexte = {"flux": flux.flux_de(request.famille), "adresse": adresse}
    reponse = render(request, "espace_famille/agenda_ics.html", contexte)
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_POST
@famille_requise
def revoquer(request: RequeteFamille) -> HttpResponse:
    if flux.revoquer(request.famille):
        messages.success(request, "L’adresse ne répond plus : les agendas qui la lisaient cessent de se mettre à jour.")
    return redirect("espace_famille:agenda_ics")
