"""What the days of a household cost, as the portal shows it before anything is asked, and as it will be billed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from marelle.activites.models import Unite
from marelle.familles.models import Famille
from marelle.regles.presences import Absence, AideAccordee
from marelle.regles.prix import LigneDePrix, Prix
from marelle.regles.tarifs import Faits, Tarifs, calculer
from marelle.socle.horloge import annee_scolaire, aujourdhui

from .cotisations import cotisations_a_venir
from .foyer import FoyerTarifaire, Quotient, foyer_tarifaire, foyers_tarifaires
from .identite import tarifs
from .retenus import Retenu, quotients_retenus_de
from .situation import Presences, compte_des_presences, faits_du_foyer, minutes_de, presences_des

__all__ = ["AidesDuJour", "Devis", "PrixDepuis", "devis_des", "minutes_de"]


class AidesDuJour(Protocol):
    """The aides that a child has on a day of an activity: given by who knows them, and told what the cart asks for."""

    def __call__(self, enfant_id: int, activite: str, jour: date, /) -> tuple[AideAccordee, ...]: ...

    def compter(self, presences: Iterable[tuple[int, date]], /) -> None: ...


# Whether booking (or, with True, cancelling) that unité on that day would pass under the late regime of the règlement, now.
EstTardif = Callable[[Unite, date, bool], bool]


@dataclass(frozen=True, slots=True)
class PrixDepuis:
    """A price that holds from a day on, among the days looked at."""

    depuis: date
    prix: Prix


class Devis:
    """The prices of one household: read once, then computed. Without tariffs, every price is None. `foyer`, `reservees`: what
    was read of it with others (`devis_des`)."""

    def __init__(
        self,
        famille: Famille,
        aides: AidesDuJour | None = None,
        est_tardif: EstTardif | None = None,
        *,
        foyer: FoyerTarifaire | None = None,
        reservees: Presences | None = None,
    ) -> None:
        self.famille = famille
        self.tarifs: Tarifs | None = tarifs()
        self.foyer: FoyerTarifaire | None = (foyer or foyer_tarifaire(famille)) if self.tarifs else None
        self._aides = aides
        self._est_tardif = est_tardif
        self._a_des_tardives = est_tardif is not None and self.tarifs is not None and self.tarifs.a_des_tardives
        self._connus: dict[tuple[date, Faits], Prix | None] = {}
        self._retenus: dict[int, Retenu] | None = None
        self._reservees = reservees
        self._presences: Presences | None = None
        self._au_panier: list[tuple[int, date]] = []

    def compter(self, presences: Iterable[tuple[int, date]]) -> None:
        """Children and days that the cart asks for: a discount for brothers and sisters present counts them as booked, an aide
        with so many days a year as used."""
        siennes = list(presences)
        self._au_panier += siennes
        self._presences = None
        if self._aides is not None:
            self._aides.compter(siennes)

    def quotient_du(self, jour: date) -> Quotient | None:
        return self.foyer.quotient_du(jour, self.tarifs) if self.foyer and self.tarifs else None

    def prix(
        self,
        enfant_id: int,
        activite: str,
        unite: Unite,
        jour: date,
        *,
        annulee: bool = False,
        tard: bool = False,
        reservation_id: int | None = None,
        evenements: Sequence[str] = (),
    ) -> Prix | None:
        """The price of that unité (of the activity of that code) on that day for that child; `annulee`: what is left of it when
        the day is cancelled in time (or `tard`); `reservation_id`: the booking there is; `evenements`: what the day has besides,
        by code (an ouverture says it). None: no price is known."""
        if self.tarifs is None or self.foyer is None:
            return None
        version = self.tarifs.version_du(jour)
        if version is None:
            return None
        faits = self._faits(self.tarifs, self.foyer, enfant_id, activite, unite, jour, reservation_id)
        if evenements:
            faits = faits.avec_les_evenements(version, evenements)
        if annulee:
            faits = replace(faits, absence=Absence(est_prevenue=not tard))
        cle = (version.en_vigueur_le, faits)
        if cle not in self._connus:
            self._connus[cle] = calculer(self.tarifs, version, faits)
        return self._connus[cle]

    def _faits(
        self,
        tarifs: Tarifs,
        foyer: FoyerTarifaire,
        enfant_id: int,
        activite: str,
        unite: Unite,
        jour: date,
        reservation_id: int | None,
    ) -> Faits:
        quotient = foyer.quotient_du(jour, tarifs)
        faits = faits_du_foyer(
            foyer, tarifs, enfant_id, unite, activite, jour, quotient, presences=self._presences_du(tarifs)
        )
        if retenu := self._retenu(tarifs, reservation_id):
            faits = replace(faits, quotient=retenu.valeur, regime=retenu.regime)
        if self._est_tardif is not None and self._a_des_tardives and reservation_id is None:
            faits = replace(faits, est_tardive=self._est_tardif(unite, jour, False))
        if self._aides is not None:
            faits = replace(faits, aides=self._aides(enfant_id, activite, jour))
        return faits

    def _retenu(self, tarifs: Tarifs, reservation_id: int | None) -> Retenu | None:
        if reservation_id is None or tarifs.quotient.moment != "reservation":
            return None
        if self._retenus is None:
            self._retenus = quotients_retenus_de(self.famille.pk)
        return self._retenus.get(reservation_id)

    def _presences_du(self, tarifs: Tarifs) -> Presences | None:
        if self._presences is None and compte_des_presences(tarifs):
            if self._reservees is None:
                self._reservees = _reservees([self.famille.pk])[self.famille.pk]
            self._presences = Presences({jour: set(qui) for jour, qui in self._reservees.jours.items()})
            for enfant_id, jour in self._au_panier:
                self._presences.ajouter(enfant_id, jour)
        return self._presences

    def rendu_centimes(
        self,
        enfant_id: int,
        activite: str,
        unite: Unite,
        jour: date,
        reservation_id: int | None = None,
        evenements: Sequence[str] = (),
    ) -> int | None:
        """What the family will not owe when that day is cancelled now; `evenements`: those that its booking owes."""
        tard = self._est_tardif is not None and self._est_tardif(unite, jour, True)
        quoi = (enfant_id, activite, unite, jour)
        plein = self.prix(*quoi, reservation_id=reservation_id, evenements=evenements)
        reste = self.prix(*quoi, annulee=True, tard=tard, reservation_id=reservation_id, evenements=evenements)
        return plein.total_centimes - reste.total_centimes if plein and reste else None

    def prix_des_jours(
        self, enfant_id: int, activite: str, unite: Unite, jours: Iterable[date], evenements: Sequence[str] = ()
    ) -> list[PrixDepuis]:
        """Each price of these days once, with the first day of each: more than one when something changes between them.
        `evenements`: what each of them has besides."""
        trouves: list[PrixDepuis] = []
        for jour in sorted(jours):
            prix = self.prix(enfant_id, activite, unite, jour, evenements=evenements)
            if prix is not None and (not trouves or trouves[-1].prix != prix):
                trouves.append(PrixDepuis(jour, prix))
        return trouves

    def cotisations(self, jours: Iterable[tuple[int, date]]) -> list[LigneDePrix]:
        """The yearly fees that these first bookings (child, day) will bring with them."""
        if self.tarifs is None or self.foyer is None:
            return []
        return cotisations_a_venir(self.famille.pk, self.foyer, self.tarifs, jours)


def devis_des(
    familles: Iterable[Famille], aides: Mapping[int, AidesDuJour], est_tardif: EstTardif | None = None
) -> dict[int, Devis]:
    """The quotes of many households, by key, in as many queries as one. `aides`: what each of them has, by key."""
    par_cle = {une.pk: une for une in familles}
    lus = tarifs()
    foyers = foyers_tarifaires(par_cle) if lus else {}
    reservees = _reservees(par_cle) if lus and compte_des_presences(lus) else {}
    return {
        cle: Devis(une, aides.get(cle), est_tardif, foyer=foyers.get(cle), reservees=reservees.get(cle))
        for cle, une in par_cle.items()
    }


def _reservees(familles: Iterable[int]) -> dict[int, Presences]:
    return presences_des(familles, annee_scolaire(aujourdhui())[0])
