"""What a family is written when a booking fell because it was not paid in time."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from marelle.appels.models import Appel
from marelle.courriels.service import ecrire
from marelle.familles.selection import adresses_de

from .courrier import lignes_du_courriel, qui
from .models import Demande, JourDemande


def annoncer_les_non_payees(tombees: Sequence[tuple[Demande, Sequence[JourDemande]]], finis: Sequence[Appel]) -> None:
    """One e-mail per household: the days that are no longer booked, and why."""
    par_famille: dict[int, list[dict[str, object]]] = {}
    for demande, jours in tombees:
        dite: dict[str, object] = {
            "qui": qui(demande),
            "activite": demande.activite.nom if demande.activite else "",
            "lignes": lignes_du_courriel(demande, jours),
        }
        par_famille.setdefault(demande.famille_id, []).append(dite)
    adresses = adresses_de(par_famille)
    for famille, dites in par_famille.items():
        siens = [un for un in finis if un.famille_id == famille]
        contexte = {
            "demandes": dites,
            "sommes": [(un.reste_centimes, un.avant) for un in siens],  # type: ignore[attr-defined]
            "lien": settings.BASE_URL + reverse("espace_famille:inscription"),
        }
        ecrire("non_payee", adresses.get(famille, []), contexte, dossier=f"famille:{famille}")
