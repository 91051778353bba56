"""Whether the ledger says true: numbers without gaps, digests that follow, lines that make their invoice, nothing paid twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, Sum

from marelle.regles.argent import euros

from . import emission, encaissement
from .models import Compteur, Facture, LigneFacture, Paiement, Ventilation
from .numeros import chainer
from .soldes import avec_restes


def verifier() -> list[str]:
    """One French sentence for each thing that is wrong."""
    return [*_series(), *_lignes(), *_restes(), *_ventilations()]


def _series() -> Iterator[str]:
    for compteur in Compteur.objects.filter(serie__in=(emission.SERIE, encaissement.SERIE)).select_related("regie"):
        modele: Any = Facture if compteur.serie == emission.SERIE else Paiement
        lignes = modele.objects.filter(regie=compteur.regie, exercice=compteur.exercice).order_by("rang")
        if modele is Facture:
            lignes = lignes.prefetch_related("lignes")
        yield from suivre(compteur, lignes.iterator(500), _contenu)


def suivre(compteur: Compteur, lignes: Iterable[Any], contenu: Callable[[Any], Mapping[str, Any]]) -> Iterator[str]:
    """The rows of one counter, by rank: numbers from 1 without gaps, each digest (of `contenu`) following the one before, to
    the last of the counter."""
    ou = f"{compteur.regie.nom}, {compteur.serie} {compteur.exercice}"
    empreinte, attendu = "", 0
    for ligne in lignes:
        attendu += 1
        if ligne.rang != attendu:
            yield f"{ou} : le numéro {attendu} manque, ou n’est pas à son rang."
            attendu = ligne.rang
        empreinte = chainer(empreinte, contenu(ligne))
        if empreinte != ligne.empreinte:
            yield f"{ou} : le numéro {ligne.numero} a été réécrit, ou ceux d’avant."
            empreinte = ligne.empreinte
    if attendu != compteur.dernier:
        yield f"{ou} : le compteur dit {compteur.dernier}, le dernier numéro est {attendu}."
    elif empreinte != compteur.empreinte:
        yield f"{ou} : la chaîne ne finit pas comme le compteur le dit."


def _contenu(ligne: Facture | Paiement) -> dict[str, object]:
    if isinstance(ligne, Paiement):
        return encaissement.contenu(ligne)
    return emission.contenu(ligne, sorted(ligne.lignes.all(), key=lambda une: une.rang))


def _lignes() -> Iterator[str]:
    fausses = Facture.objects.annotate(somme=Sum("lignes__montant_centimes")).exclude(somme=F("montant_centimes"))
    for facture in fausses.order_by("pk"):
        yield f"Facture {facture.numero} : ses lignes ne font pas {euros(facture.montant_centimes)}."
    for pk in LigneFacture.objects.exclude(payeur=F("facture__payeur")).order_by("pk").values_list("pk", flat=True):
        yield f"Ligne de facture {pk} : elle n’a pas le payeur de sa facture."


def _restes() -> Iterator[str]:
    for facture in avec_restes(Facture.objects.order_by("pk")):
        percu = facture.percu_centimes  # type: ignore[attr-defined]
        trop = percu < 0 or percu > facture.montant_centimes
        if facture.est_avoir:
            trop = percu > 0 or percu < facture.montant_centimes
        if trop:
            yield f"{facture} : {euros(percu)} ventilés pour {euros(facture.montant_centimes)}."


def _ventilations() -> Iterator[str]:
    utilises = Paiement.objects.annotate(ventile=Sum("ventilations__montant_centimes")).order_by("pk")
    for paiement in utilises:
        ventile = paiement.ventile or 0
        if abs(ventile) > abs(paiement.montant_centimes) or ventile * paiement.montant_centimes < 0:
            yield f"Paiement {paiement.numero} : {euros(ventile)} ventilés."
    autres = Ventilation.objects.exclude(paiement__isnull=True).exclude(paiement__payeur=F("facture__payeur"))
    for pk in autres.order_by("pk").values_list("pk", flat=True):
        yield f"Ventilation {pk} : le paiement d’un payeur paie la facture d’un autre."
