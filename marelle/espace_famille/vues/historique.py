"""*Historique des inscriptions*: the accepted bookings of days gone by, filtered, page by page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marelle.demandes.absences import dire_le_motif
from marelle.reservations.historique import Choix, Filtre, choix, passees
from marelle.reservations.models import Absence, Reservation
from marelle.socle.formulaires import ChampDate

from ..personne import RequeteFamille, famille_requise

PAR_PAGE = 50


class FiltreForm(forms.Form):
    """Nothing is mandatory; lists hold only what this household has had."""

    enfant = forms.TypedChoiceField(label="Enfant", required=False, coerce=int, empty_value=None)
    activite = forms.TypedChoiceField(label="Activité", required=False, coerce=int, empty_value=None)
    annee = forms.TypedChoiceField(label="Année scolaire", required=False, coerce=int, empty_value=None)
    du = ChampDate(label="Du", required=False)
    au = ChampDate(label="Au", required=False)

    def __init__(self, donnees: Any, quoi: Choix) -> None:
        super().__init__(donnees)
        annees = [(annee, f"{annee}-{annee + 1}") for annee in quoi.annees]
        for nom, tous, lignes in (
            ("enfant", "Tous", quoi.enfants),
            ("activite", "Toutes", quoi.activites),
            ("annee", "Toutes", annees),
        ):
            self.fields[nom].choices = [("", tous), *lignes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("du") and donnees.get("au") and donnees["au"] < donnees["du"]:
            self.add_error("au", "La fin vient avant le début : inversez les deux dates.")
        return donnees


@require_safe
@famille_requise
def historique(request: RequeteFamille) -> HttpResponse:
    formulaire = FiltreForm(request.GET, choix(request.famille))
    filtre = Filtre(**formulaire.cleaned_data) if formulaire.is_valid() else Filtre()
    page = Paginator(passees(request.famille, filtre), PAR_PAGE).get_page(request.GET.get("page"))
    gardee = request.GET.copy()
    gardee.pop("page", None)
    contexte = {
        "form": formulaire,
        "page": page,
        "lignes": [(une, *_etat(une)) for une in page.object_list],
        "requete": f"{gardee.urlencode()}&" if gardee else "",
        "est_filtree": any(valeur for valeur in gardee.values()),
    }
    return render(request, "espace_famille/historique.html", contexte, status=200 if formulaire.is_valid() else 422)


def _etat(reservation: Reservation) -> tuple[str, str, str]:
    """Tone, symbol and words of a booking gone by."""
    absence: Absence | None = getattr(reservation, "absence", None)
    if absence is not None and absence.etat == Absence.Etat.DECLAREE:
        motif = dire_le_motif(absence.motif)
        return "neutre", "absent", f"Absence déclarée{f', {motif}' if motif else ''}"
    if reservation.est_directe:
        return "bleu", "centre", "Inscrit par le centre"
    return "vert", "coche", "Acceptée"
