"""What the pages of the accounts show: régies and what waits in each, past transmissions, organisations to describe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import nom_de
from marelle.creances.regies import options_de, regies
from marelle.journal.service import noter
from marelle.regles.regies import OptionsRegie
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui

from .models import CategorieTiers, Export, PieceExportee
from .pes.controles_tiers import COUPLES
from .pes.fichier import ANNULATIONS, Anomalie
from .preparation import Prepare
from .selection import ATransmettre, Tri, trier

MONTREES = 50
# (CatTiers, NatJur) → what a person reads. From 50 on, only the accountant can say: the two documents of the DGFiP differ.
ORGANISMES = (
    ("26-09", "CCAS ou CIAS"),
    ("23-09", "Commune"),
    ("24-09", "Communauté de communes, syndicat"),
    ("22-09", "Département"),
    ("25-09", "Caisse des écoles"),
    ("20-07", "État"),
    ("20-08", "Établissement public national"),
    ("50-06", "Association, comité social et économique (50)"),
    ("60-06", "Association, comité social et économique (60)"),
    ("50-03", "Société (50)"),
    ("60-03", "Société (60)"),
    ("61-11", "Caf (61)"),
    ("62-04", "MSA (62)"),
)


@dataclass(frozen=True, slots=True)
class EtatRegie:
    """One régie on the first page: how much waits to go, and in which form."""

    regie: Regie
    options: OptionsRegie
    titres: int
    total_centimes: int
    annulations: int
    autrement: int


def etats() -> list[EtatRegie]:
    """Every régie in force, with what it has not sent to the Treasury."""
    lignes = {une.code: une for une in Regie.objects.order_by("code")}
    trouves = []
    for options in regies():
        tri = trier(lignes[options.code], aujourdhui().year)
        total = sum(une.montant_centimes for une in tri.titres)
        nombres = (len(tri.titres), total, len(tri.annulations), len(tri.autrement))
        trouves.append(EtatRegie(lignes[options.code], options, *nombres))
    return trouves


def une_regie(code: int) -> Regie:
    regie = Regie.objects.filter(code=code).first()
    if regie is None or all(une.code != code for une in regies()):
        raise Introuvable("Cette régie n’existe pas.")
    return regie


def forme_de(regie: Regie) -> str:
    """The kind of file of its titres: `ormc` or `titre`."""
    return options_de(regie).pes.forme


@dataclass(frozen=True, slots=True)
class Signalee:
    """An anomaly, with the invoice it comes from when there is one, to open the file of its family."""

    anomalie: Anomalie
    facture: Facture | None


def signalees(prepare: Prepare, choses: Sequence[ATransmettre]) -> tuple[list[Signalee], list[Signalee]]:
    """What blocks, then what is only to be known."""
    factures = {une.facture.numero: une.facture for une in choses}
    toutes = [Signalee(une, factures.get(une.facture)) for une in prepare.anomalies]
    return [une for une in toutes if une.anomalie.est_bloquante], [u for u in toutes if not u.anomalie.est_bloquante]


def choses_de(tri: Tri, sorte: str) -> list[ATransmettre]:
    return tri.annulations if sorte == ANNULATIONS else tri.titres


def payeur_ecrit(facture: Facture) -> str:
    """« Camille Roussel », as the invoice says it."""
    return nom_de(facture.destinataire) or "Payeur sans nom"


def exports() -> QuerySet[Export]:
    """Every transmission, the last first, with its file and its cancelling."""
    return Export.objects.select_related("regie", "fait_par", "annulation", "fichier").order_by("-fait_le", "-pk")


def un_export(cle: int) -> Export:
    export = exports().filter(pk=cle).first()
    if export is None:
        raise Introuvable("Cet export n’existe pas.")
    return export


def contenu_de(export: Export) -> QuerySet[PieceExportee]:
    """What it holds, in the order of the file."""
    return export.contenu.select_related("facture").order_by("id_pce", "facture__numero")


def organismes() -> list[tuple[Payeur, str]]:
    """The third parties that are billed, each with its category (empty: to be said)."""
    tiers = Payeur.objects.filter(sorte=Payeur.Sorte.TIERS).select_related("categorie").order_by("nom", "pk")
    return [(un, _couple(un)) for un in tiers]


def _couple(payeur: Payeur) -> str:
    categorie: CategorieTiers | None = getattr(payeur, "categorie", None)
    return f"{categorie.categorie}-{categorie.nature_juridique}" if categorie else ""


def dire_organisme(payeur_id: int, couple: str, agent: Agent) -> Payeur:
    """Say what an organisation is for the Treasury."""
    payeur = Payeur.objects.filter(pk=payeur_id, sorte=Payeur.Sorte.TIERS).first()
    if payeur is None:
        raise Introuvable("Cet organisme n’existe pas.")
    categorie, _, nature = couple.partition("-")
    if couple not in dict(ORGANISMES) or nature not in COUPLES.get(categorie, set()):
        raise Refus("Choisissez une des catégories de la liste.")
    with transaction.atomic():
        CategorieTiers.objects.update_or_create(
            payeur=payeur, defaults={"categorie": categorie, "nature_juridique": nature}
        )
        noter(agent.compte, "organisme.categorie", payeur, couple=couple)
    return payeur


def trimestre_passe(jour: date) -> tuple[date, date]:
    """The last calendar quarter that has ended: what is declared to the Caf."""
    debut_du_courant = date(jour.year, 3 * ((jour.month - 1) // 3) + 1, 1)
    fin = debut_du_courant - timedelta(days=1)
    return date(fin.year, fin.month - 2, 1), fin
