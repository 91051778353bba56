"""The journal des encaissements: every payment, refund and counter-entry of a régie by its number, filtered, with totals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localdate

from marelle.creances.models import Facture, Paiement, Payeur, Regie, Restitution
from marelle.creances.payeurs import destinataires, nom_de
from marelle.regles.argent import euros
from marelle.socle.erreurs import Introuvable

from .models import Bordereau, Versement

COLONNES = (
    *("Numéro", "Enregistré le", "Reçu le", "Payeur", "Dossier", "Mode", "Banque ou émetteur", "Référence"),
    *("Montant", "Annule", "Motif", "Enregistré par", "Bordereau", "Versement", "Nature"),
)
REMBOURSEMENTS = "Remboursements"
_FORMULES = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Filtre:
    """Both days included, by the day of recording: the order of the numbers."""

    du: date | None = None
    au: date | None = None
    mode: str = ""


def paiements_de(regie: Regie, filtre: Filtre) -> QuerySet[Paiement]:
    """The newest first."""
    lignes = Paiement.objects.filter(regie=regie)
    if filtre.du:
        lignes = lignes.filter(enregistre_le__date__gte=filtre.du)
    if filtre.au:
        lignes = lignes.filter(enregistre_le__date__lte=filtre.au)
    if filtre.mode:
        lignes = lignes.filter(mode=filtre.mode)
    return lignes.select_related(
        "payeur__famille", "annule", "contrepassation", "enregistre_par", "depot__bordereau", "versement__versement"
    ).order_by("-exercice", "-rang")


@dataclass(frozen=True, slots=True)
class Total:
    libelle: str
    nombre: int
    montant_centimes: int


def totaux(lignes: QuerySet[Paiement]) -> list[Total]:
    """What was received by means, what was given back, then everything."""
    libelles = dict(Paiement.Mode.choices)
    sommes = lignes.order_by().values_list("mode", "est_remboursement")
    comptees = sommes.annotate(n=Count("pk"), total=Sum("montant_centimes"))
    par_mode = {mode: Total(libelles[mode], n, total) for mode, rendu, n, total in comptees if not rendu}
    trouves = [par_mode[mode] for mode in libelles if mode in par_mode]
    rendus = [(n, total) for _, rendu, n, total in comptees if rendu]
    if rendus:
        trouves.append(Total(REMBOURSEMENTS, sum(n for n, _ in rendus), sum(total for _, total in rendus)))
    tout = Total("Total", sum(un.nombre for un in trouves), sum(un.montant_centimes for un in trouves))
    return [*trouves, tout]


def noms_des_payeurs(payeurs: Iterable[Payeur]) -> dict[int, str]:
    """How each is called today, by its key."""
    return {pk: nom_de(ecrit) for pk, ecrit in destinataires(payeurs).items()}


@dataclass(frozen=True, slots=True)
class Ecriture:
    """A line of the journal for a page: a payment, whose, and what became of it."""

    paiement: Paiement
    nom: str
    contraire: Paiement | None
    bordereau: Bordereau | None
    versement: Versement | None


def ecritures(paiements: Iterable[Paiement]) -> list[Ecriture]:
    """These payments, in the same order, for a page."""
    tous = list(paiements)
    noms = noms_des_payeurs({un.payeur_id: un.payeur for un in tous}.values())
    return [_ecriture(un, noms.get(un.payeur_id, "")) for un in tous]


def _ecriture(un: Paiement, nom: str) -> Ecriture:
    depot, versement = getattr(un, "depot", None), getattr(un, "versement", None)
    return Ecriture(
        un, nom, getattr(un, "contrepassation", None), depot.bordereau if depot else None,
        versement.versement if versement else None,
    )  # fmt: skip


def un_paiement(regie: Regie, cle: int) -> Paiement:
    """A payment of that régie, or `Introuvable`."""
    trouve = paiements_de(regie, Filtre()).filter(pk=cle).first()
    if trouve is None:
        raise Introuvable("Ce paiement n’existe pas dans cette régie.")
    return trouve


def restitutions(un: Paiement) -> list[tuple[Paiement, Facture | Paiement, int]]:
    """What of that payment refunds gave back, or what that refund gave back: the refund, the source, centimes."""
    sommes: dict[tuple[Paiement, Facture | Paiement], int] = {}
    lues = Restitution.objects.filter(Q(remboursement=un) | Q(paiement=un))
    for une in lues.select_related("remboursement", "paiement", "avoir").order_by("pk"):
        source = une.paiement or une.avoir
        assert source is not None
        sommes[une.remboursement, source] = sommes.get((une.remboursement, source), 0) + une.montant_centimes
    return [(rendu, source, montant) for (rendu, source), montant in sommes.items() if montant]


def derniers(regie: Regie, combien: int = 5) -> list[Paiement]:
    """The last that were recorded: what the agent has just done."""
    return list(paiements_de(regie, Filtre())[:combien])


def en_csv(lignes: Iterable[Paiement]) -> bytes:
    """As a spreadsheet reads it in French: semicolons, commas in amounts, a mark of UTF-8."""
    toutes = list(lignes)
    noms = noms_des_payeurs({un.payeur_id: un.payeur for un in toutes}.values())
    return ecrire_csv(COLONNES, (_colonnes(un, noms) for un in toutes))


def ecrire_csv(colonnes: Iterable[str], lignes: Iterable[Iterable[object]]) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(colonnes)
    for ligne in lignes:
        ecrivain.writerow([_sans_formule(valeur) for valeur in ligne])
    return b"\xef\xbb\xbf" + sortie.getvalue().encode()


def montant_csv(centimes: int) -> str:
    """« -48,60 »."""
    entier, reste = divmod(abs(centimes), 100)
    return f"{'-' if centimes < 0 else ''}{entier},{reste:02}"


def _sans_formule(valeur: object) -> str:
    """What a family wrote never becomes a formula in the spreadsheet; amounts keep their sign."""
    texte = str(valeur)
    est_montant = texte[:1] == "-" and texte[1:].replace(",", "").isdigit()
    return f"'{texte}" if texte.startswith(_FORMULES) and not est_montant else texte


def _colonnes(un: Paiement, noms: dict[int, str]) -> Iterator[object]:
    yield un.numero
    yield f"{localdate(un.enregistre_le):%d/%m/%Y}"
    yield f"{un.date_paiement:%d/%m/%Y}"
    yield noms.get(un.payeur_id, "")
    yield un.payeur.famille.numero if un.payeur.famille else un.payeur.code
    yield un.get_mode_display()
    yield un.emetteur
    yield un.reference
    yield montant_csv(un.montant_centimes)
    yield un.annule.numero if un.annule else ""
    yield un.motif
    yield un.enregistre_par or "automatique"
    depot, versement = getattr(un, "depot", None), getattr(un, "versement", None)
    yield depot.bordereau.numero if depot else ""
    yield versement.versement.numero if versement else ""
    yield f"{'annulation de ' if un.annule_id else ''}{un.nom_courant}"


def dire_les_totaux(lignes: Iterable[Total]) -> list[list[str]]:
    """For a printed page: means, number, amount."""
    return [[un.libelle, str(un.nombre), euros(un.montant_centimes)] for un in lignes]
