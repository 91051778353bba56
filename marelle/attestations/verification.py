"""Whether the certificates say true: numbers without gaps, digests that follow, versions in order."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from marelle.creances.models import Compteur
from marelle.creances.verification import suivre

from .emission import SERIE, a_sceller
from .models import Attestation


def verifier() -> list[str]:
    """One French sentence for each thing that is wrong."""
    return [*_series(), *_versions()]


def _series() -> Iterator[str]:
    for compteur in Compteur.objects.filter(serie=SERIE).select_related("regie").order_by("pk"):
        lignes = Attestation.objects.filter(regie=compteur.regie, annee=compteur.exercice).order_by("rang")
        yield from suivre(compteur, lignes.iterator(500), a_sceller)


def _versions() -> Iterator[str]:
    fausses = Attestation.objects.filter(remplace__isnull=False).exclude(version=F("remplace__version") + 1)
    for une in fausses.order_by("pk"):
        yield f"Attestation {une.numero} : elle ne suit pas la version qu’elle remplace."
