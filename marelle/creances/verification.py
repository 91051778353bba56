"""Whether the ledger says true: numbers without gaps, digests that follow, lines that make their invoice, nothing paid twice,
nothing given back that still pays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, Q, Sum

from marelle.regles.argent import euros

from . import emission, encaissement
from .models import Compteur, Facture, LigneFacture, Paiement, Restitution, Ventilation
from .numeros import chainer
from .soldes import avec_emplois, avec_restes


def verifier() -> list[str]:
    """One French sentence for each thing that is wrong."""
    return [*_series(), *_lignes(), *_restes(), *_ventilations(), *_restitutions()]


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
    for paiement in avec_emplois(Paiement.objects.order_by("pk")):
        ventile, rendu = paiement.ventile_centimes, paiement.rendu_centimes
        if (
            abs(ventile + rendu) > abs(paiement.montant_centimes)
            or ventile * paiement.montant_centimes < 0
            or rendu < 0
        ):
            yield f"Paiement {paiement.numero} : {euros(ventile)} ventilés, {euros(rendu)} rendus."
    autres = Ventilation.objects.exclude(paiement__isnull=True).exclude(paiement__payeur=F("facture__payeur"))
    for pk in autres.order_by("pk").values_list("pk", flat=True):
        yield f"Ventilation {pk} : le paiement d’un payeur paie la facture d’un autre."


def _restitutions() -> Iterator[str]:
    """A refund gives back what its payer had in credit, all of it and once; taken back, nothing. Only money that was taken back
    since may leave it uncovered; nothing is given back of such money."""
    perdus = set(
        Restitution.objects.filter(montant_centimes__lt=0, paiement__contrepassation__isnull=False)
        .order_by()
        .values_list("remboursement_id", flat=True)
    )
    rembourses = Paiement.objects.filter(est_remboursement=True, annule__isnull=True).select_related("contrepassation")
    for un in avec_emplois(rembourses.order_by("pk")):
        donne = 0 if un.est_annule else -un.montant_centimes
        couvert = un.couvert_centimes
        if un.ventile_centimes or couvert < 0 or couvert > donne or (couvert < donne and un.pk not in perdus):
            yield f"Remboursement {un.numero} : {euros(couvert)} pris sur ce qui était en crédit, pour {euros(donne)}."
    repris = avec_emplois(Paiement.objects.filter(contrepassation__isnull=False)).exclude(rendu_centimes=0)
    for numero in repris.order_by("pk").values_list("numero", flat=True):
        yield f"Paiement {numero} : annulé, il est encore compté dans un remboursement."
    du, de = F("remboursement__payeur"), F("remboursement__regie")
    paiement = Q(paiement__isnull=False) & (~Q(paiement__payeur=du) | ~Q(paiement__regie=de))
    avoir = Q(avoir__isnull=False) & (~Q(avoir__payeur=du) | ~Q(avoir__regie=de))
    ailleurs = Q(remboursement__est_remboursement=False) | paiement | avoir
    for pk in Restitution.objects.filter(ailleurs).order_by("pk").values_list("pk", flat=True):
        yield f"Restitution {pk} : elle rend le crédit d’un autre payeur, ou d’une autre régie."
