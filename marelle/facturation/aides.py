"""The third parties that pay a share: which aide each household has on a day, and how many of its days are used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from marelle.creances.models import LigneFacture
from marelle.regles.tarifs import VersionTarifs

from .anomalies import Anomalie
from .models import PriseEnCharge

Accordees = tuple[tuple[str, int, int], ...]  # code, days used this (civil) year, payer


class Aides:
    """The *prises en charge* of the households of a run; days are counted in the order in which they are priced."""

    def __init__(self, familles: Iterable[int], premier_jour: date) -> None:
        self.par_famille: dict[int, list[PriseEnCharge]] = {}
        for une in PriseEnCharge.objects.filter(famille__in=list(familles)).order_by("pk"):
            self.par_famille.setdefault(une.famille_id, []).append(une)
        self.jours: dict[tuple[str, int, int, int], set[date]] = {}
        if self.par_famille:
            self._lire_les_jours(premier_jour)

    def _lire_les_jours(self, premier_jour: date) -> None:
        """The days used before those that are looked at."""
        payeurs = {une.payeur_id for prises in self.par_famille.values() for une in prises}
        lignes = LigneFacture.objects.filter(
            payeur__in=payeurs, cle__startswith="aide:", montant_centimes__gt=0, date__lt=premier_jour
        )
        for payeur, cle, enfant, jour in lignes.order_by("pk").values_list("payeur_id", "cle", "enfant_id", "date"):
            if jour is not None and enfant is not None:
                self.compter(cle.split(":")[1], enfant, payeur, jour)

    @property
    def payeurs(self) -> set[int]:
        return {une.payeur_id for prises in self.par_famille.values() for une in prises}

    def accordees(
        self, famille: int, enfant: int, jour: date, version: VersionTarifs
    ) -> tuple[Accordees, set[Anomalie]]:
        """What this child of that household has on that day."""
        trouvees: list[tuple[str, int, int]] = []
        anomalies: set[Anomalie] = set()
        for une in self.par_famille.get(famille, ()):
            if not une.vaut_le(jour) or une.enfant_id not in (None, enfant):
                continue
            if une.aide not in version.aides:
                anomalies.add(Anomalie.AIDE_INCONNUE)
                continue
            if une.aide in {code for code, _, _ in trouvees}:
                continue  # one household does not have the same aide twice on a day
            utilises = self.jours.get((une.aide, enfant, une.payeur_id, jour.year), set()) - {jour}
            trouvees.append((une.aide, len(utilises), une.payeur_id))
        return tuple(trouvees), anomalies

    def compter(self, code: str, enfant: int, payeur: int, jour: date) -> None:
        """That day is used."""
        self.jours.setdefault((code, enfant, payeur, jour.year), set()).add(jour)
