"""What is certified to whom for a year: the ledger read in a few queries, whatever the number of payers, then the pure rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from marelle.creances.models import Facture, LigneFacture, Paiement, Payeur, Restitution, Ventilation
from marelle.familles.models import Enfant
from marelle.regles import fiscal

Objet = tuple[int, str]
Lues = dict[
    int, tuple[int, int, date, int | None]
]  # the oldest first: payer, régie, end of the period, invoice corrected


@dataclass(frozen=True, slots=True)
class LigneCertifiee:
    """The care of one child in one activity (its code), paid in the year: centimes, of which CESU, and the days it is for."""

    enfant: Enfant
    activite: str
    centimes: int
    cesu_centimes: int
    debut: date
    fin: date


def a_certifier(annee: int, payeurs: Iterable[int] | None = None) -> dict[int, list[LigneCertifiee]]:
    """What each payer (all of them without `payeurs`) paid for the care of children under six, by its key; those who paid
    nothing for them are not there. Organisms are given no certificate. Six queries."""
    choisies = _choisies(annee, None if payeurs is None else list(payeurs))
    factures = _factures(choisies)
    if not factures:
        return {}
    lignes, versements = _lignes(choisies, factures), _versements(choisies)
    comptes: dict[tuple[int, int], list[fiscal.Facture]] = defaultdict(list)
    for cle, (payeur, regie, *_) in factures.items():
        if cle in lignes or cle in versements:
            comptes[payeur, regie].append(fiscal.Facture(lignes.get(cle, ()), versements.get(cle, ())))
    return _par_payeur(annee, comptes, _rendu(choisies))


def _rendu(choisies: QuerySet[Facture]) -> dict[tuple[int, int], int]:
    """What refunds gave back of the avoirs of each payer, by régie: the money that had paid what they correct. A refund of money
    that paid no invoice changes nothing: it was never counted."""
    rendus = Restitution.objects.filter(avoir__in=choisies.order_by().values("pk")).order_by()
    sommes = rendus.values_list("avoir__payeur_id", "avoir__regie_id").annotate(total=Sum("montant_centimes"))
    return {(payeur, regie): total for payeur, regie, total in sommes}


def _par_payeur(
    annee: int, comptes: dict[tuple[int, int], list[fiscal.Facture]], rendu: dict[tuple[int, int], int]
) -> dict[int, list[LigneCertifiee]]:
    bruts: dict[int, list[tuple[Any, fiscal.Certifie]]] = defaultdict(list)
    for cle, siennes in comptes.items():
        payeur, _ = cle
        for (pour, objet), certifie in fiscal.certifier(siennes, rendu.get(cle, 0)).items():
            if pour == annee and objet is not None:
                bruts[payeur].append((objet, certifie))
    enfants = Enfant.objects.in_bulk({objet[0] for lignes in bruts.values() for objet, _ in lignes})
    resultat: dict[int, list[LigneCertifiee]] = {}
    for payeur, lignes in bruts.items():
        siennes_ = [
            LigneCertifiee(enfants[objet[0]], objet[1], un.centimes, un.cesu_centimes, un.debut, un.fin)
            for objet, un in lignes
            if fiscal.est_concerne(enfants[objet[0]].date_naissance, annee)
        ]
        if siennes_:
            resultat[payeur] = sorted(
                siennes_, key=lambda une: (une.enfant.date_naissance, une.enfant.pk, une.activite)
            )
    return resultat


def _choisies(annee: int, payeurs: list[int] | None) -> QuerySet[Facture]:
    """The invoices that the year may count: those of the year and of the one before, and the older ones paid since."""
    payees = Ventilation.objects.filter(paiement__date_paiement__gte=date(annee, 1, 1)).order_by().values("facture")
    choisies = Facture.objects.exclude(payeur__sorte=Payeur.Sorte.TIERS)
    choisies = choisies.filter(Q(date_emission__gte=date(annee - 1, 1, 1)) | Q(pk__in=payees))
    return choisies if payeurs is None else choisies.filter(payeur__in=payeurs)


def _factures(choisies: QuerySet[Facture]) -> Lues:
    lues = choisies.order_by("date_emission", "rang", "pk")
    champs = ("pk", "payeur_id", "regie_id", "periode_fin", "corrige_id")
    return {cle: (payeur, regie, fin, corrige) for cle, payeur, regie, fin, corrige in lues.values_list(*champs)}


def _lignes(choisies: QuerySet[Facture], factures: Lues) -> dict[int, list[fiscal.Ligne]]:
    """What stands billed of each thing, at the invoice that billed it first: its later corrections are in it."""
    lignes: dict[int, list[fiscal.Ligne]] = defaultdict(list)
    objets: dict[Objet, Hashable] = {}
    champs = ("facture_id", "enfant_id", "activite", "date", "montant_centimes", "eligible_centimes")
    siennes = LigneFacture.objects.filter(facture__in=choisies.order_by().values("pk")).order_by()
    for facture, enfant, activite, jour, montant, eligible in (
        siennes.filter(tour=1).values_list(*champs).iterator(2000)
    ):
        _, _, fin, corrige = factures[facture]
        objet = objets.setdefault((enfant, activite), (enfant, activite)) if enfant else None
        lignes[corrige if corrige in factures else facture].append(fiscal.Ligne(jour or fin, objet, montant, eligible))
    for facture, ligne in _corrections(factures, siennes):
        lignes[facture].append(ligne)
    return lignes


def _corrections(factures: Lues, siennes: QuerySet[LigneFacture]) -> Iterable[tuple[int, fiscal.Ligne]]:
    champs = (
        "facture_id",
        "payeur_id",
        "cle",
        "enfant_id",
        "activite",
        "date",
        "montant_centimes",
        "eligible_centimes",
    )
    suivantes = list(siennes.filter(tour__gt=1).values_list(*champs))
    premieres = LigneFacture.objects.filter(tour=1, cle__in={une[2] for une in suivantes}).order_by()
    ou = {(payeur, cle): facture for payeur, cle, facture in premieres.values_list("payeur_id", "cle", "facture_id")}
    for facture, payeur, cle, enfant, activite, jour, montant, eligible in suivantes:
        _, _, fin, corrige = factures[facture]
        premiere = ou.get((payeur, cle), corrige or facture)
        objet = (enfant, activite) if enfant else None
        yield premiere if premiere in factures else facture, fiscal.Ligne(jour or fin, objet, montant, eligible)


def _versements(choisies: QuerySet[Facture]) -> dict[int, list[fiscal.Versement]]:
    """The money that pays each invoice; a payment that was taken back never came."""
    recues = Ventilation.objects.filter(
        facture__in=choisies.order_by().values("pk"), paiement__isnull=False,
        paiement__annule__isnull=True, paiement__contrepassation__isnull=True,
    ).order_by()  # fmt: skip
    versements: dict[int, list[fiscal.Versement]] = defaultdict(list)
    champs = ("facture_id", "paiement__date_paiement", "montant_centimes", "paiement__mode")
    for facture, jour, montant, mode in recues.values_list(*champs):
        versements[facture].append(fiscal.Versement(jour, montant, mode == Paiement.Mode.CESU))
    return versements
