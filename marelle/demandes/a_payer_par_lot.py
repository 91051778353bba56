"""What accepting many demandes at once asks of the families: each demande beside its sums, read for all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marelle.facturation.models import PriseEnCharge
from marelle.facturation.qui_paie import AidesDuJour
from marelle.familles.models import Famille
from marelle.regles.echeances import Somme
from marelle.tarification.devis import devis_des
from marelle.tarification.identite import tarifs

from .a_payer import presences_demandees, sommes_des_jours
from .devis import est_tardif
from .models import Demande


@dataclass(frozen=True, slots=True)
class SommesDuLot:
    """What accepting many demandes at once will ask: the sums of each demande that is asked some, and how many households."""

    par_demande: Mapping[int, tuple[Somme, ...]]
    familles: int

    @property
    def toutes(self) -> list[Somme]:
        return [une for siennes in self.par_demande.values() for une in siennes]


def sommes_du_lot(demandes: Sequence[Demande]) -> SommesDuLot:
    """What accepting all these demandes, read as for their page, will ask. As many queries whatever their number (two more for
    each household that a third party helps for so many days a year); none where the tariffs ask for nothing."""
    lus = tarifs()
    reservations = [une for une in demandes if une.nature == "reservation"]
    if lus is None or not lus.a_des_paiements or not reservations:
        return SommesDuLot({}, 0)
    familles = {une.famille_id: une.famille for une in reservations}
    devis = devis_des(familles.values(), _aides(familles), est_tardif)
    for une in reservations:  # all together: a brother that is accepted too may lower the price
        devis[une.famille_id].compter(presences_demandees(une))
    sommes = {une.pk: sommes_des_jours(une, devis[une.famille_id])[0] for une in reservations}
    demandees = {cle: siennes for cle, siennes in sommes.items() if siennes}
    return SommesDuLot(demandees, len({une.famille_id for une in reservations if une.pk in demandees}))


class _Aides(AidesDuJour):
    """The aides of a household, read with those of the others."""

    def __init__(self, famille: Famille, prises: list[PriseEnCharge]) -> None:
        super().__init__(famille)
        self._prises = prises


def _aides(familles: Mapping[int, Famille]) -> dict[int, AidesDuJour]:
    """Only of the households that a third party helps."""
    prises: dict[int, list[PriseEnCharge]] = {}
    for une in PriseEnCharge.objects.filter(famille__in=familles).order_by("pk"):
        prises.setdefault(une.famille_id, []).append(une)
    return {cle: _Aides(familles[cle], siennes) for cle, siennes in prises.items()}
