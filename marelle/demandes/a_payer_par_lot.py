"""What accepting many demandes at once asks of the families: each demande beside its sums, read for all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marelle.appels.credit import Credits
from marelle.facturation.models import PriseEnCharge
from marelle.facturation.qui_paie import AidesDuJour
from marelle.familles.models import Famille
from marelle.regles.echeances import Somme, sommes_a_payer
from marelle.socle.horloge import maintenant
from marelle.tarification.devis import devis_des
from marelle.tarification.identite import tarifs

from .a_payer import JoursAPayer, jours_demandes, presences_demandees
from .devis import est_tardif
from .models import Demande


@dataclass(frozen=True, slots=True)
class SommesDuLot:
    """What accepting many demandes at once will ask: the sums of each demande that is asked some, how many households they come
    from; what is in credit and pays the rest of it (centimes), for each demande."""

    par_demande: Mapping[int, tuple[Somme, ...]]
    familles: int
    credits: Mapping[int, int]

    @property
    def toutes(self) -> list[Somme]:
        return [une for siennes in self.par_demande.values() for une in siennes]


def sommes_du_lot(demandes: Sequence[Demande]) -> SommesDuLot:
    """What accepting all these demandes, read as for their page, will ask. As many queries whatever their number (two more for
    each household that a third party helps for so many days a year); none where the tariffs ask for nothing."""
    lus = tarifs()
    reservations = [une for une in demandes if une.nature == "reservation"]
    if lus is None or not lus.a_des_paiements or not reservations:
        return SommesDuLot({}, 0, {})
    familles = {une.famille_id: une.famille for une in reservations}
    devis = devis_des(familles.values(), _aides(familles), est_tardif)
    for une in reservations:  # all together: a brother that is accepted too may lower the price
        devis[une.famille_id].compter(presences_demandees(une))
    voulus: dict[int, list[tuple[int, JoursAPayer]]] = {}
    for une in reservations:
        voulus.setdefault(une.famille_id, []).append((une.pk, jours_demandes(une, devis[une.famille_id])))
    return _deduites(voulus)


def _deduites(voulus: Mapping[int, Sequence[tuple[int, JoursAPayer]]]) -> SommesDuLot:
    """The sums of each demande, less the credit of its household, by its key. A household is asked for all of its demandes at
    once, so its credit pays first what keeps the places of all of them, then the rests: each centime of it once."""
    credits = Credits(voulus, des_adultes_apart=True)
    restent: dict[int, tuple[Somme, ...]] = {}
    pris: dict[int, int] = {}
    for famille, siennes in voulus.items():
        demande_de = {jour.cle: cle for cle, un in siennes for jour in un.jours}
        regies = {cle: code for _, un in siennes for cle, code in un.regies.items()}
        for somme in sommes_a_payer([jour for _, un in siennes for jour in un.jours], maintenant()):
            for une in _par_demande(somme, demande_de):
                cle = demande_de[une.parts[0][0]]
                reste, combien = credits.deduire(famille, [une], regies)
                restent[cle] = (*restent.get(cle, ()), *reste)
                pris[cle] = pris.get(cle, 0) + combien
    demandees = {cle: siennes for cle, siennes in restent.items() if siennes}
    familles = [famille for famille, siennes in voulus.items() if any(cle in demandees for cle, _ in siennes)]
    return SommesDuLot(demandees, len(familles), {cle: combien for cle, combien in pris.items() if combien})


def _par_demande(somme: Somme, demande_de: Mapping[int, int]) -> list[Somme]:
    """What of that sum each demande asks."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for cle, centimes in somme.parts:
        parts.setdefault(demande_de[cle], []).append((cle, centimes))
    return [replace(somme, parts=tuple(siennes)) for siennes in parts.values()]


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
