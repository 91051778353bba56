"""What the days of a household cost, as the portal shows it before anything is asked, and as it will be billed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from marelle.activites.models import Unite
from marelle.familles.models import Famille
from marelle.regles.presences import Absence
from marelle.regles.prix import Prix
from marelle.regles.tarifs import Faits, Tarifs, calculer

from .foyer import FoyerTarifaire, Quotient, foyer_tarifaire
from .identite import tarifs


@dataclass(frozen=True, slots=True)
class PrixDepuis:
    """A price that holds from a day on, among the days looked at."""

    depuis: date
    prix: Prix


class Devis:
    """The prices of one household: read once, then computed. Without tariffs, every price is None."""

    def __init__(self, famille: Famille) -> None:
        self.tarifs: Tarifs | None = tarifs()
        self.foyer: FoyerTarifaire | None = foyer_tarifaire(famille) if self.tarifs else None
        self._connus: dict[tuple[int, int, date, int | None, bool], Prix | None] = {}

    def quotient_du(self, jour: date) -> Quotient | None:
        return self.foyer.quotient_du(jour, self.tarifs) if self.foyer and self.tarifs else None

    def prix(self, enfant_id: int, activite: str, unite: Unite, jour: date, *, annulee: bool = False) -> Prix | None:
        """The price of that unité (of the activity of that code) on that day for that child; `annulee`: what is left of it when
        the day is cancelled in time. None: no price is known."""
        if self.tarifs is None or self.foyer is None:
            return None
        version = self.tarifs.version_du(jour)
        if version is None:
            return None
        quotient = self.foyer.quotient_du(jour, self.tarifs)
        valeur = quotient.valeur if quotient else None
        cle = (enfant_id, unite.pk, version.en_vigueur_le, valeur, annulee)
        if cle not in self._connus:
            faits = faits_de(self.tarifs, self.foyer, enfant_id, activite, unite, valeur)
            if annulee:
                faits = replace(faits, absence=Absence(est_prevenue=True))
            self._connus[cle] = calculer(self.tarifs, version, faits)
        return self._connus[cle]

    def rendu_centimes(self, enfant_id: int, activite: str, unite: Unite, jour: date) -> int | None:
        """What the family will not owe when that day is cancelled in time."""
        plein = self.prix(enfant_id, activite, unite, jour)
        reste = self.prix(enfant_id, activite, unite, jour, annulee=True)
        return plein.total_centimes - reste.total_centimes if plein and reste else None

    def prix_des_jours(self, enfant_id: int, activite: str, unite: Unite, jours: Iterable[date]) -> list[PrixDepuis]:
        """Each price of these days once, with the first day of each: more than one when something changes between them."""
        trouves: list[PrixDepuis] = []
        for jour in sorted(jours):
            prix = self.prix(enfant_id, activite, unite, jour)
            if prix is not None and (not trouves or trouves[-1].prix != prix):
                trouves.append(PrixDepuis(jour, prix))
        return trouves


def faits_de(
    tarifs: Tarifs, foyer: FoyerTarifaire, enfant_id: int, activite: str, unite: Unite, quotient: int | None
) -> Faits:
    """What is known of a child of that household before the day: what is shown, then billed, starts from here."""
    return Faits(
        activite=activite,
        unite=unite.code,
        quotient=quotient,
        rang=foyer.rangs.get(enfant_id, 1),
        est_resident=foyer.est_resident(tarifs),
        minutes=minutes_de(unite),
        a_panier_repas=foyer.repas.get(enfant_id, "") in tarifs.repas_fournis,
    )


def minutes_de(unite: Unite) -> int:
    """How long the unité lasts, as it is written: what is booked, not what is done."""
    jour = date(2000, 1, 1)
    duree = datetime.combine(jour, unite.heure_fin) - datetime.combine(jour, unite.heure_debut)
    return int(duree.total_seconds() // 60)
