"""Which invoices the Treasury may debit itself: those of payers who signed a mandate for a budget whose titres it collects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regie.mandats_sepa import en_vigueur
from marelle.socle.horloge import aujourdhui

from .models import PieceExportee
from .pes.fichier import ROLE, TITRES, Prelevement
from .selection import ATransmettre, vivantes

PREMIER, SUIVANT = "FRST", "RCUR"


def prelevements_du_tresor(regie: Regie, choses: Sequence[ATransmettre], jour: date) -> dict[int, Prelevement]:
    """The debit of each invoice whose payer has a mandate in force, by the invoice's key; none for a régie that cashes: it
    debits itself. Families are told so many days before: they are counted from today when the bordereau is dated earlier.

    The first piece ever sent with a mandate carries FRST, all the next ones RCUR, in the same bordereau too."""
    options = options_de(regie)
    if not options.est_titre:
        return {}
    payeurs = {une.facture.payeur_id for une in choses}
    mandats = {un.payeur_id: un for un in en_vigueur(regie).filter(payeur__in=payeurs)}
    if not mandats:
        return {}
    partis = _derniers_envois(mandats)
    serves = {pk for pk, mandat in mandats.items() if pk in partis and partis[pk] > mandat.saisi_le}
    le = max(jour, aujourdhui()) + timedelta(days=options.sepa.preavis_jours)
    trouves: dict[int, Prelevement] = {}
    for chose in choses:
        pk = chose.facture.payeur_id
        if pk not in mandats:
            continue
        mandat = mandats[pk]
        trouves[chose.facture.pk] = Prelevement(
            rum=mandat.rum, signe_le=mandat.signe_le, sequence=SUIVANT if pk in serves else PREMIER, date=le,
            iban=mandat.iban, titulaire=mandat.titulaire, bic=mandat.bic,
        )  # fmt: skip
        serves.add(pk)
    return trouves


def _derniers_envois(payeurs: Iterable[int]) -> dict[int, datetime]:
    """When a file with titres of each of these payers was last made; one that entered its mandate later was not debited by it."""
    titres = vivantes().filter(
        role=PieceExportee.Role.TITRE, export__sorte__in=(ROLE, TITRES), facture__payeur__in=list(payeurs)
    )
    return dict(titres.order_by("export__fait_le").values_list("facture__payeur_id", "export__fait_le"))
