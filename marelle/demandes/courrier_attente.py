"""What those who wait are written: a place offered, with the link of one tap; a place that passed without an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from marelle.courriels.service import ecrire
from marelle.familles.selection import adresses_de

from .courrier import lignes_du_courriel, qui
from .models import Demande, JourDemande, OffreDePlace


def annoncer_offres(offres: Sequence[tuple[OffreDePlace, str]], jours_de: Mapping[int, Sequence[JourDemande]]) -> None:
    """One e-mail per offer, with its secret link; it leaves once the quiet hours are over."""
    adresses = adresses_de({offre.demande.famille_id for offre, _ in offres})
    for offre, secret in offres:
        demande = offre.demande
        contexte = {
            "qui": qui(demande),
            "activite": demande.activite.nom if demande.activite else "",
            "lignes": lignes_du_courriel(demande, jours_de[demande.pk]),
            "fin_le": offre.fin_le,
            "lien": settings.BASE_URL + reverse("espace_famille:offre", args=[secret]),
        }
        ecrire(
            "offre",
            adresses.get(demande.famille_id, []),
            contexte,
            dossier=f"famille:{demande.famille_id}",
            confidentiel=True,
            pas_avant=offre.debut_le,
        )


def annoncer_sans_reponse(
    demandes: Sequence[Demande],
    suites: Mapping[int, str],
    jours_de: Mapping[int, Sequence[JourDemande]],
    quand: datetime,
) -> None:
    """The place went to the next; `suites` says what became of each demande."""
    adresses = adresses_de({demande.famille_id for demande in demandes})
    for demande in demandes:
        contexte = {
            "qui": qui(demande),
            "activite": demande.activite.nom if demande.activite else "",
            "lignes": lignes_du_courriel(demande, jours_de[demande.pk]),
            "suite": suites[demande.pk],
            "lien": settings.BASE_URL + reverse("espace_famille:demandes"),
        }
        ecrire(
            "sans_reponse",
            adresses.get(demande.famille_id, []),
            contexte,
            dossier=f"famille:{demande.famille_id}",
            pas_avant=quand,
        )
