"""What stands billed already: for each thing and each payer, the sum of its lines, and how it stood when it was billed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from marelle.creances.models import LigneFacture, Payeur

from .selection import Selection, enfants_de

GESTE = "geste:"  # what an agent gave back by hand: `geste:resa:51` is taken from `resa:51`


@dataclass(slots=True)
class Deja:
    """Of one key, for one payer: `facture` by the runs, `rendu` by agents (≤ 0), centimes; the same of its part of care.
    `ligne`: its last line; `payeurs`: how many owed that thing together (packages, fees; days billed before their sharing was
    kept). `partage`: how the day was shared when that line was issued, as its price keeps it; empty, one payer had all of it.
    `quotient`, `tarifs_du`: of its price, where it was kept (packages, fees)."""

    ligne: int = 0
    facture: int = 0
    rendu: int = 0
    eligible: int = 0
    eligible_rendu: int = 0
    situation: str = ""
    payeurs: int = 1
    partage: str = ""
    quotient: int | None = None
    tarifs_du: date | None = None

    @property
    def tient(self) -> int:
        """What that payer still owes, or has paid, of it."""
        return self.facture + self.rendu

    def reste_a_ecrire(self, du: int) -> int:
        """What to bill (or give back) so that `du` stands, on top of what agents gave back; never under nothing."""
        return max(du - self.facture, -self.tient)

    def garde_a_ecrire(self, due: int, ecrit: int) -> int:
        """The same for the part of care, when `ecrit` is billed beside it."""
        tient = self.eligible + self.eligible_rendu
        return -tient if self.tient + ecrit == 0 else max(due - self.eligible, -tient)


Dejas = dict[str, dict[int, Deja]]  # by key, then by payer

LOT = 5000
LUS = ("situation", "payeurs", "partage")  # of `prix`
DU_PRIX = ("quotient", "en_vigueur_le")
CHAMPS = ("pk", "payeur_id", "cle", "montant_centimes", "eligible_centimes")


def est_entier(deja: Mapping[int, Deja]) -> bool:
    """Whether all those who owed that thing together were billed: none was set aside, or put off."""
    return bool(deja) and len(deja) >= max(une.payeurs for une in deja.values())


def deja_factures(selection: Selection, enfants: Iterable[int]) -> Dejas:
    """The days of the selection that were billed; for some households only, those of these children, of theirs and of their
    payers. One query, three for some households."""
    jours = (selection.premier_jour, selection.fin)
    lignes = LigneFacture.objects.filter(activite__in=list(selection.activites), date__range=jours)
    return _lire(_les_leurs(lignes, selection, enfants))


def deja_par_prefixe(prefixe: str, selection: Selection, enfants: Iterable[int]) -> Dejas:
    """What was billed under keys that begin so (packages, yearly fees), the same."""
    lignes = LigneFacture.objects.filter(Q(cle__startswith=prefixe) | Q(cle__startswith=f"{GESTE}{prefixe}"))
    return _lire(_les_leurs(lignes, selection, enfants), (*LUS, *DU_PRIX))


def _les_leurs(lignes: QuerySet[LigneFacture], selection: Selection, enfants: Iterable[int]) -> QuerySet[LigneFacture]:
    """A lot of a run does not read what was billed to everybody."""
    if selection.familles is None:
        return lignes
    payeurs = Payeur.objects.filter(famille__in=selection.familles).order_by().values_list("pk", flat=True)
    siens = enfants_de(selection.familles).union(enfants)
    return lignes.filter(Q(enfant__in=siens) | Q(payeur__in=list(payeurs)))


def _lire(lignes: QuerySet[LigneFacture], lus: Iterable[str] = LUS) -> Dejas:
    trouves: Dejas = {}
    lues = lignes.order_by("pk").values_list(
        *CHAMPS,
        *(KT(f"prix__{nom}") for nom in lus),
    )
    for pk, payeur, cle, montant, eligible, situation, payeurs, partage, *prix in lues.iterator(5000):
        deja = trouves.setdefault(cle.removeprefix(GESTE), {}).setdefault(payeur, Deja())
        if cle.startswith(GESTE):
            deja.rendu += montant
            deja.eligible_rendu += eligible
            continue
        deja.ligne, deja.situation, deja.payeurs = pk, situation or "", int(payeurs or 1)
        deja.partage = partage or ""
        if prix and prix[1]:
            sans = prix[0] in (None, "null")  # what was kept as unknown: SQLite says the word
            deja.quotient, deja.tarifs_du = None if sans else int(prix[0]), date.fromisoformat(prix[1])
        deja.facture += montant
        deja.eligible += eligible
    return trouves


def lignes_relues(lignes: Iterable[int]) -> dict[int, LigneFacture]:
    """These lines whole, by key: what was known of the household is read again when their day is priced anew."""
    cles = list(lignes)
    lues: dict[int, LigneFacture] = {}
    for debut in range(0, len(cles), LOT):
        siennes = LigneFacture.objects.filter(pk__in=cles[debut : debut + LOT]).select_related("facture")
        lues |= {une.pk: une for une in siennes.order_by("pk")}
    return lues
