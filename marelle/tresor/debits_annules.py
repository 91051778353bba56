"""Debits that were announced and will not be made: the Treasury refused their file, and no other one carries them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet, Sum

from marelle.courriels.models import Courriel
from marelle.courriels.service import ecrire
from marelle.creances.models import Facture
from marelle.creances.payeurs import destinataires, nom_de
from marelle.creances.regies import options_de
from marelle.creances.soldes import avec_restes
from marelle.facturation.comment_payer import adresse_des_finances, moyens_du_titre
from marelle.regles.argent import euros
from marelle.socle.francais import date_longue
from marelle.socle.horloge import aujourdhui, jour_a_paris

from .models import Export, PieceExportee
from .references import references_des
from .selection import PES, vivantes

PENDANT = timedelta(days=30)  # a worker that was stopped for longer tells nobody: the day of the debit is long past
PAR_LOT = 50  # e-mails written in one transaction


def sans_debit(factures: Iterable[int] | None = None) -> QuerySet[PieceExportee]:
    """The last debit announced for each of these invoices (all, by default) that is annulled for certain.

    It is once the day of the annulment is over in Paris: an annulment is never undone, but until then the file may be made again
    with the same debit, of which the family was told (a file of the next day debits another day, and announces it). What was
    sent again with a debit stands; sent again without one, or not sent, it does not."""
    debits = PieceExportee.objects.filter(canal=PES, mandat__isnull=False)
    tiennent = vivantes().filter(mandat__isnull=False)
    if factures is not None:
        voulues = list(factures)
        debits, tiennent = debits.filter(facture__in=voulues), tiennent.filter(facture__in=voulues)
    annules = debits.exclude(facture__in=tiennent.order_by().values("facture"))
    derniers = annules.order_by().values("facture").annotate(dernier=Max("pk")).values("dernier")
    return PieceExportee.objects.filter(pk__in=derniers, export__annulation__faite_le__date__lt=aujourdhui())


def prevenir_des_debits_annules() -> int:
    """The job of the morning: one e-mail to each payer whose announced debit was annulled the day before, or since the worker
    stopped; returns how many. Told once each, whatever its address becomes."""
    recents = sans_debit().filter(export__annulation__faite_le__date__gte=aujourdhui() - PENDANT)
    cles = list(recents.order_by("pk").values_list("pk", flat=True))
    dites = _dites(cles)
    restent = [cle for cle in cles if cle not in dites]
    return sum(_prevenir(restent[debut : debut + PAR_LOT]) for debut in range(0, len(restent), PAR_LOT))


@transaction.atomic
def _prevenir(cles: Sequence[int]) -> int:
    pieces = list(
        sans_debit().filter(pk__in=cles).select_related("facture__regie", "facture__payeur", "mandat", "export")
    )
    dues: QuerySet[Any] = avec_restes(Facture.objects.filter(pk__in=[une.facture_id for une in pieces]))
    restes = dict(dues.values_list("pk", "reste_centimes"))
    ecrits = destinataires({une.facture.payeur_id: une.facture.payeur for une in pieces}.values())
    references = references_des(une.facture_id for une in pieces)
    montants = _annonces(pieces)
    return sum(
        _ecrire(une, montants[une.pk], ecrits[une.facture.payeur_id].get("courriel", ""), moyens)
        for une in pieces
        for moyens in [_moyens(une, restes[une.facture_id], references.get(une.facture_id, ""))]
    )


def _moyens(piece: PieceExportee, reste_centimes: int, reference: str) -> list[str]:
    """How to pay what is left; empty when nothing is."""
    return moyens_du_titre(options_de(piece.facture.regie), reference) if reste_centimes > 0 else []


def _ecrire(piece: PieceExportee, montant_centimes: int, courriel: str, moyens: list[str]) -> int:
    mandat, facture = piece.mandat, piece.facture
    assert mandat is not None
    assert piece.preleve_le is not None
    contexte = {
        "montant": euros(montant_centimes),
        "le": date_longue(piece.preleve_le, 0),
        "numero": facture.numero,
        "fin": mandat.iban_fin,
        "rum": mandat.rum,
        "moyens": moyens,
        "lien": adresse_des_finances(),
    }
    dossier = f"famille:{facture.payeur.famille_id}" if facture.payeur.famille_id else ""
    return len(ecrire("prelevement_tresor_annule", [courriel], contexte, cle=_cle(piece.pk), dossier=dossier))


def _annonces(pieces: Sequence[PieceExportee]) -> dict[int, int]:
    """What each of them was to debit, as it was announced: its titre less the avoirs that went with it, under one number."""
    lignes = PieceExportee.objects.filter(export__in={une.export_id for une in pieces}).order_by()
    sommes = lignes.values_list("export_id", "id_pce").annotate(total=Sum("montant_centimes"))
    totaux = {(export, numero): total for export, numero, total in sommes}
    return {une.pk: totaux[une.export_id, une.id_pce] for une in pieces}


def annules_dits(factures: Iterable[int]) -> dict[int, int]:
    """How many times the payer of each of these invoices was told that its debit is annulled; those never told are not there."""
    debits = PieceExportee.objects.filter(
        facture__in=list(factures), mandat__isnull=False, export__annulation__isnull=False
    )
    facture_de = dict(debits.order_by("pk").values_list("pk", "facture_id"))
    nombres: dict[int, int] = {}
    for piece in _dites(facture_de):
        nombres[facture_de[piece]] = nombres.get(facture_de[piece], 0) + 1
    return nombres


def _dites(pieces: Iterable[int]) -> set[int]:
    """Those of these pieces whose payer was told already."""
    par_cle = {_cle(une): une for une in pieces}
    connues = Courriel.objects.filter(cle__in=par_cle).order_by().values_list("cle", flat=True)
    return {par_cle[cle] for cle in connues if cle}


def _cle(piece: int) -> str:
    return f"tresor:prelevement-annule:{piece}"


@dataclass(frozen=True, slots=True)
class ADire:
    """The debits announced by that file that no other one carries: how many were by e-mail, and to whom an agent writes, by name.
    `est_a_dire`: the e-mails that say that they are annulled have not left yet."""

    par_courriel: int
    par_courrier: tuple[str, ...]
    est_a_dire: bool


def a_prevenir(export: Export) -> ADire:
    """What the agent who annuls that file has to know."""
    pieces = PieceExportee.objects.filter(export=export, mandat__isnull=False).select_related("facture__payeur")
    debitees = vivantes().filter(mandat__isnull=False, facture__in=pieces.order_by().values("facture"))
    siennes = list(pieces.exclude(facture__in=debitees.order_by().values("facture")).order_by("id_pce", "pk"))
    ecrits = destinataires({une.facture.payeur_id: une.facture.payeur for une in siennes}.values()) if siennes else {}
    sans = [une for une in siennes if not ecrits[une.facture.payeur_id].get("courriel")]
    noms = tuple(f"{nom_de(ecrits[une.facture.payeur_id])} (facture {une.facture.numero})" for une in sans)
    annulation = getattr(export, "annulation", None)
    est_a_dire = annulation is None or jour_a_paris(annulation.faite_le) == aujourdhui()
    return ADire(len(siennes) - len(sans), noms, est_a_dire)
