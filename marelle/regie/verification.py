"""Whether the régie's books say true: bordereaux and versements without gaps, that add up, made of what they should hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from marelle.creances.models import Compteur, Paiement
from marelle.creances.verification import suivre
from marelle.regles.argent import euros

from . import depots
from .models import Bordereau, LigneBordereau, LigneVersement, Transmission, Versement


def verifier() -> list[str]:
    """One French sentence for each thing that is wrong."""
    return [*_series(depots.BORDEREAUX, Bordereau), *_series(depots.VERSEMENTS, Versement), *_lignes(), *_transmises()]


def _series(serie: str, modele: Any) -> Iterator[str]:
    for compteur in Compteur.objects.filter(serie=serie).select_related("regie").order_by("pk"):
        lots = modele.objects.filter(regie=compteur.regie, exercice=compteur.exercice).order_by("rang")
        tenus = list(lots.prefetch_related("lignes__paiement"))
        for lot in tenus:
            paiements = _paiements(lot)
            if sum(un.montant_centimes for un in paiements) != lot.montant_centimes or len(paiements) != lot.nombre:
                yield f"{lot.numero} : ses paiements ne font pas {euros(lot.montant_centimes)} en {lot.nombre} lignes."
        yield from suivre(compteur, tenus, lambda lot: depots.contenu(lot, _paiements(lot)))


def _paiements(lot: Any) -> list[Paiement]:
    return [ligne.paiement for ligne in lot.lignes.all()]


def _lignes() -> Iterator[str]:
    d_ailleurs = ~Q(paiement__regie=F("bordereau__regie")) | ~Q(paiement__mode=F("bordereau__mode"))
    for ligne in LigneBordereau.objects.filter(d_ailleurs).select_related("bordereau", "paiement").order_by("pk"):
        yield f"{ligne.bordereau.numero} : le paiement {ligne.paiement.numero} n’est pas de cette régie, ou de ce mode."
    autre_regie = ~Q(paiement__regie=F("versement__regie"))
    for une in LigneVersement.objects.filter(autre_regie).select_related("versement", "paiement").order_by("pk"):
        yield f"{une.versement.numero} : le paiement {une.paiement.numero} est d’une autre régie."


def _transmises() -> Iterator[str]:
    """Money that the régie took for an invoice after the Treasury had it."""
    apres = Q(
        facture__ventilations__paiement__enregistre_le__gt=F("transmise_le"),
        facture__ventilations__paiement__annule__isnull=True,
        facture__ventilations__montant_centimes__gt=0,
    )
    recus = Transmission.objects.filter(apres).exclude(facture__ventilations__paiement__mode=Paiement.Mode.TRESOR)
    for une in recus.select_related("facture").order_by("pk").distinct():
        yield f"Facture {une.facture.numero} : un paiement est reçu ici après sa transmission au Trésor."
